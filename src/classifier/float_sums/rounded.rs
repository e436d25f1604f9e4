//! Fractions of integers of any size, rounded once.

use num_bigint::{BigInt, BigUint, Sign};

/// `2^exponent`, for exponents from −1,022 to 1,023.
pub fn power_of_two(exponent: i32) -> f64 {
    debug_assert!((-1022..=1023).contains(&exponent));
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// Bits of a quotient, at least; at most one more. All fit an `f64`.
const QUOTIENT_BITS: i64 = 52;

/// `numerator / denominator · 2^exponent`, rounded to odd: exact where it has at most
/// 52 bits, else one of its two neighbours among numbers of 52 or 53 bits, the one
/// whose last bit is set. The error is below one unit of the 52nd bit; and rounding once
/// more, to `f32`, is as if from the fraction itself.
///
/// The result must lie in the range of normal `f64`.
pub fn quotient(numerator: &BigInt, denominator: &BigUint, exponent: i32) -> f64 {
    let (sign, magnitude) = (numerator.sign(), numerator.magnitude());
    if sign == Sign::NoSign {
        return 0.0;
    }
    let shift = QUOTIENT_BITS - (magnitude.bits() as i64 - denominator.bits() as i64);
    let (above, below) = match shift {
        0.. => (magnitude << shift as u64, denominator.clone()),
        _ => (magnitude.clone(), denominator << shift.unsigned_abs()),
    };
    let whole = &above / &below;
    let is_exact = &whole * &below == above;
    let bits = whole.iter_u64_digits().next().unwrap_or(0) | u64::from(!is_exact);
    // Below 2⁵³; two factors, since one power of two may be out of range.
    let power = exponent - shift as i32;
    let half = power / 2;
    let value = bits as f64 * power_of_two(half) * power_of_two(power - half);
    if sign == Sign::Minus { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numerator: i128, denominator: u128, exponent: i32) -> f64 {
        quotient(&numerator.into(), &denominator.into(), exponent)
    }

    #[test]
    fn small_fractions_are_exact_and_others_odd() {
        assert_eq!(of(0, 7, 0), 0.0);
        assert_eq!(of(-6, 4, 3), -12.0);
        assert_eq!(of(1 << 100, 1, -200), 2_f64.powi(-100));
        assert_eq!(of(5, 1 << 90, 0), 5.0 * 2_f64.powi(-90));
        let third = of(1, 3, 0);
        assert!((third - 1.0 / 3.0).abs() < 2_f64.powi(-53));
        // Odd in its 52 bits; an f64 has one more.
        assert_eq!(third.to_bits() & 3, 2);
    }

    #[test]
    fn a_second_rounding_is_as_if_it_were_the_only_one() {
        // Just above, at, and just below the middle of two neighbours of f32.
        let middle = (1_i128 << 25) + 1;
        let wide = middle << 70;
        assert_eq!(of(wide, 1 << 70, 0) as f32, 33_554_432.0);
        assert_eq!(of(wide + (1 << 70), 1 << 70, 0) as f32, 33_554_432.0);
        assert_eq!(of(wide + (1 << 70) + 1, 1 << 70, 0) as f32, 33_554_436.0);
        assert_eq!(of(-wide - (1 << 70) - 1, 1 << 70, 0) as f32, -33_554_436.0);
        // The same between zero and the least number, and beside it.
        assert_eq!(of(1, 2, -149) as f32, 0.0);
        assert_eq!(of((1 << 90) + 1, 1 << 91, -149) as f32, 1e-45);
        assert_eq!(of((3 << 90) - 1, 1 << 91, -149) as f32, 1e-45);
        assert_eq!(of(3 << 90, 1 << 91, -149) as f32, 3e-45);
    }
}
