//! Vectors of float64 as the kernel takes them: scaled by a power of two and rounded to
//! `f32`; and bounds that stay bounds when they are rounded.

/// Half a unit in the last place of 1 in float64.
pub(super) const UNIT: f64 = f64::EPSILON / 2.0;

/// What one operation on `f32` may be off by on a device, relative to its result: WGSL
/// does not say which way it rounds.
pub(super) const ROUNDED: f64 = f32::EPSILON as f64;

/// Covers the rounding of what a device computes an error from, and of the few operations
/// on the host before that.
pub(super) const SURPLUS: f64 = 1.0 + 8.0 * ROUNDED;

/// The exponent that zero has: far below that of every other number.
pub(super) const OF_ZERO: i32 = -4000;

/// The least exponent e for which a number that is not negative is below 2ᵉ.
pub(super) fn exponent(value: f64) -> i32 {
    match (value.to_bits() >> 52) as i32 {
        0 => OF_ZERO,
        biased => biased - 1022,
    }
}

/// 2ᵉ, and 0 where that is no normal number.
pub(super) fn power(exponent: i32) -> f64 {
    match exponent {
        -1022..=1023 => f64::from_bits(((exponent + 1023) as u64) << 52),
        _ => 0.0,
    }
}

/// The least `f32` that is not below a number that is not negative; none of them is
/// subnormal.
pub(super) fn up(value: f64) -> f32 {
    let near = value as f32;
    let up = match f64::from(near) < value {
        true => near.next_up(),
        false => near,
    };
    match value > 0.0 {
        true => up.max(f32::MIN_POSITIVE),
        false => 0.0,
    }
}

/// The greatest `f32` that is not above a number; none of them is subnormal.
pub(super) fn down(value: f64) -> f32 {
    if value < 0.0 {
        return -up(-value);
    }
    let near = value as f32;
    let down = match f64::from(near) > value {
        true => near.next_down(),
        false => near,
    };
    match down < f32::MIN_POSITIVE {
        true => 0.0,
        false => down,
    }
}

/// The nearest `f32`, and 0 in place of a subnormal one, which a device may take for that.
pub(super) fn flushed(value: f64) -> f32 {
    let near = value as f32;
    match near.abs() < f32::MIN_POSITIVE {
        true => 0.0,
        false => near,
    }
}

/// At least the norm of a vector whose values are given.
pub(super) fn norm(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let slack = 1.0 + (values.len() as f64 + 8.0) * UNIT;
    values.fold(0.0, |sum, value| sum + value * value).sqrt() * slack
}

/// A vector v̂ of `f32`, near to v times a power of two.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rounded {
    /// At least ‖v̂‖,
    pub(super) norm: f64,
    /// and how far it is from the other.
    pub(super) displacement: f64,
}

impl Rounded {
    /// Hands v times 2 to the power of `scale` to `write`, value by value.
    pub(super) fn new(v: &[f64], scale: i32, mut write: impl FnMut(usize, f32)) -> Self {
        let factor = power(scale);
        let (mut all, mut rest) = (0.0, 0.0);
        for (place, value) in v.iter().enumerate() {
            let scaled = value * factor;
            let near = flushed(scaled);
            let (wide, missing) = (f64::from(near), scaled - f64::from(near));
            all += wide * wide;
            rest += missing * missing;
            write(place, near);
        }
        let slack = 1.0 + (v.len() as f64 + 8.0) * UNIT;
        Self {
            norm: all.sqrt() * slack,
            displacement: rest.sqrt() * slack,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_the_least() {
        for (value, expected) in [(1.0, 1), (0.99, 0), (2.0, 2), (1e-300, -996)] {
            assert_eq!(exponent(value), expected, "{value}");
            assert!(value < power(expected) && value >= power(expected - 1));
        }
        assert_eq!(exponent(0.0), OF_ZERO);
        assert_eq!([power(OF_ZERO), power(-3), power(4)], [0.0, 0.125, 16.0]);
    }

    #[test]
    fn bounds_are_rounded_upward() {
        for value in [1e-300, 1e-45, 1.0 + 1e-12, 0.1, 1.0, 3e38] {
            assert!(f64::from(up(value)) >= value, "{value}");
            assert!(up(value).is_normal(), "{value}");
        }
        for value in [-1e-40, -0.1, 1e-40, 0.1, 1.0 - 1e-12] {
            assert!(f64::from(down(value)) <= value, "{value}");
        }
        assert_eq!([down(1e-40), down(-0.5), down(0.5)], [0.0, -0.5, 0.5]);
        assert_eq!([up(0.0), up(1.0), flushed(1e-40)], [0.0, 1.0, 0.0]);
        assert_eq!(flushed(-1e-37), -1e-37);
    }

    #[test]
    fn what_rounding_moves_is_measured() {
        let v = [1.0 + 1e-9, 1e-50, -3.0];
        let mut written = [0.0; 3];
        let rounded = Rounded::new(&v, -2, |place, value| written[place] = value);
        assert_eq!(written, [0.25, 0.0, -0.75]);
        assert!((2.5e-10..2.6e-10).contains(&rounded.displacement));
        assert!(rounded.norm >= (0.0625_f64 + 0.5625).sqrt());
    }
}
