//! Lists of integers that are as wide as they have to be.
//!
//! All integers of a list have the same number of 64-bit limbs, two's complement, the
//! lowest first, and count the same unit, a power of two. A list is widened before a
//! sum could overflow, so nothing wraps.

use num_bigint::BigInt;
use rayon::prelude::*;

use super::planes::{LEAST_BIT, WIDEST, parts};
use super::rounded::power_of_two;

/// Integers that one thread adds at a time.
const TOGETHER: usize = 1 << 14;

/// Integers times `2^exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wide {
    exponent: i32,
    width: usize,
    limbs: Vec<u64>,
}

/// Where the bits of a list's values are: all are multiples of `2^lowest`, and in
/// `−2^highest..2^highest`. `None` where all are zero.
type Extent = Option<(i32, i32)>;

impl Wide {
    /// Integers from their limbs, `width` for each, in units of `2^exponent`.
    pub fn new(exponent: i32, width: usize, limbs: Vec<u64>) -> Self {
        debug_assert!(width > 0 && limbs.len().is_multiple_of(width));
        Self {
            exponent,
            width,
            limbs,
        }
    }

    /// As many zeros, in lowest terms.
    pub fn zeros(len: usize) -> Self {
        Self::new(0, 1, vec![0; len])
    }

    /// Number of integers.
    pub fn len(&self) -> usize {
        self.limbs.len() / self.width
    }

    /// The unit is 2 to this power.
    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// Limbs of each integer.
    pub fn width(&self) -> usize {
        self.width
    }

    /// All limbs, integer after integer.
    pub fn limbs(&self) -> &[u64] {
        &self.limbs
    }

    /// The limbs of integer `index`.
    pub fn get(&self, index: usize) -> &[u64] {
        &self.limbs[index * self.width..][..self.width]
    }

    /// The limbs of integer `index`, to be changed.
    pub fn get_mut(&mut self, index: usize) -> &mut [u64] {
        &mut self.limbs[index * self.width..][..self.width]
    }

    /// Integers `from..from + len` as a list of their own.
    pub fn part(&self, from: usize, len: usize) -> Self {
        let limbs = self.limbs[from * self.width..][..len * self.width].to_vec();
        Self::new(self.exponent, self.width, limbs)
    }

    /// Where the bits of the values are.
    pub fn extent(&self) -> Extent {
        // Bits that are set in any value, and those that differ from a value's sign.
        let (mut set, mut significant) = (vec![0; self.width], vec![0; self.width]);
        for value in self.limbs.chunks_exact(self.width) {
            let sign = sign_of(value);
            for ((set, significant), limb) in set.iter_mut().zip(&mut significant).zip(value) {
                *set |= limb;
                *significant |= limb ^ sign;
            }
        }
        let first = set.iter().position(|&limb| limb != 0)?;
        let lowest = self.exponent + first as i32 * 64 + set[first].trailing_zeros() as i32;
        // Of −1 alone no bit differs from the sign.
        let top = significant.iter().rposition(|&limb| limb != 0);
        let bits = top.map_or(0, |top| {
            (top as i32 + 1) * 64 - significant[top].leading_zeros() as i32
        });
        // The least of a two's complement has a power of two for its magnitude.
        Some((lowest, self.exponent + bits))
    }

    /// The same values in units of `2^exponent`, of which they must be multiples, with
    /// `width` limbs, which must hold them.
    pub fn aligned(&self, exponent: i32, width: usize) -> Self {
        let mut limbs = vec![0; self.len() * width];
        self.align_into(exponent, width, &mut limbs);
        Self::new(exponent, width, limbs)
    }

    /// As [`aligned`](Self::aligned), written to `limbs`.
    pub fn align_into(&self, exponent: i32, width: usize, limbs: &mut [u64]) {
        let shift = exponent - self.exponent;
        let values = self.limbs.chunks_exact(self.width);
        for (to, from) in limbs.chunks_exact_mut(width).zip(values) {
            shift_right(from, shift, to);
        }
    }

    /// The same values with the largest unit and the fewest limbs. Lists of equal
    /// values are then equal in every bit.
    pub fn lowest_terms(self) -> Self {
        let (exponent, width) = terms(self.extent());
        match (exponent, width) == (self.exponent, self.width) {
            true => self,
            false => self.aligned(exponent, width),
        }
    }

    /// Adds the values of another list of the same length, or subtracts them.
    pub fn add(&mut self, other: &Self, subtract: bool) {
        debug_assert_eq!(self.len(), other.len(), "lists of different lengths");
        let Some((lowest, highest)) = other.extent() else {
            return;
        };
        let (own_lowest, own_highest) = self.extent().unwrap_or((lowest, highest));
        let exponent = lowest.min(own_lowest);
        // A sum of two has one bit more, and so has the negative of the least one.
        let width = limbs_for(highest.max(own_highest) + 1 - exponent);
        if (exponent, width) != (self.exponent, self.width) {
            *self = self.aligned(exponent, width);
        }
        let shift = exponent - other.exponent;
        let add = |own: &mut [u64], others: &[u64]| {
            let mut shifted = vec![0; width];
            let values = others.chunks_exact(other.width);
            for (own, value) in own.chunks_exact_mut(width).zip(values) {
                if (shift, other.width) == (0, width) {
                    add_limbs(own, value, subtract);
                } else {
                    shift_right(value, shift, &mut shifted);
                    add_limbs(own, &shifted, subtract);
                }
            }
        };
        let own = self.limbs.par_chunks_mut(TOGETHER * width);
        let both = own.zip(other.limbs.par_chunks(TOGETHER * other.width));
        both.for_each(|(own, others)| add(own, others));
    }

    /// Integer `index` as the nearest `f64`.
    pub fn to_f64(&self, index: usize) -> f64 {
        match narrow(self.get(index)) {
            Some(integer) => integer as f64 * power_of_two(self.exponent),
            None => wide_to_f64(self.get(index), self.exponent),
        }
    }

    /// The nearest `f64` to integer `index` minus `value`. The integers are sums of
    /// `f32`.
    pub fn minus(&self, index: usize, value: f32) -> f64 {
        let (integer, exponent) = parts(value);
        let unit = exponent.min(self.exponent);
        let (shift, own_shift) = (exponent - unit, self.exponent - unit);
        let own = narrow(self.get(index));
        if let Some(own) = own.filter(|own| shift < 100 && has_room(*own, own_shift)) {
            let difference = (own << own_shift) - (i128::from(integer) << shift);
            return difference as f64 * power_of_two(unit);
        }
        // One row more than a class may have still fits.
        let mut rest = [0; WIDEST];
        shift_right(self.get(index), LEAST_BIT - self.exponent, &mut rest);
        add_shifted(&mut rest, -integer, (exponent - LEAST_BIT) as u32);
        wide_to_f64(&rest, LEAST_BIT)
    }

    /// Integer `index`, without its unit.
    pub fn to_big(&self, index: usize) -> BigInt {
        let bytes: Vec<u8> = (self.get(index).iter())
            .flat_map(|limb| limb.to_le_bytes())
            .collect();
        BigInt::from_signed_bytes_le(&bytes)
    }
}

/// An integer of at most two limbs.
fn narrow(value: &[u64]) -> Option<i128> {
    match value {
        [limb] => Some(i128::from(*limb as i64)),
        [low, high] => Some((u128::from(*high) << 64 | u128::from(*low)) as i128),
        _ => None,
    }
}

/// Whether `value · 2^shift` leaves two bits of an `i128` free.
fn has_room(value: i128, shift: i32) -> bool {
    let sign_bits = (value ^ (value >> 127)).leading_zeros();
    sign_bits as i32 > shift + 2
}

/// The nearest `f64` to `value · 2^exponent`.
fn wide_to_f64(value: &[u64], exponent: i32) -> f64 {
    let sign = sign_of(value);
    let mut magnitude: Vec<u64> = value.iter().map(|limb| limb ^ sign).collect();
    add_shifted(&mut magnitude, i32::from(sign != 0), 0);
    let top = magnitude
        .iter()
        .rposition(|&limb| limb != 0)
        .unwrap_or(0)
        .max(1);
    // The upper two limbs have at least 65 bits, or are all there is; a last bit that
    // stands for all below them makes rounding go the right way.
    let sticky = magnitude[..top - 1].iter().any(|&limb| limb != 0);
    let upper = u128::from(magnitude[top]) << 64 | u128::from(magnitude[top - 1]);
    let integer = (upper | u128::from(sticky)) as f64;
    let unit = power_of_two(exponent + 64 * (top as i32 - 1));
    if sign != 0 {
        -integer * unit
    } else {
        integer * unit
    }
}

/// Unit and width of the lowest terms of lists that together have this extent.
pub fn terms(extent: Extent) -> (i32, usize) {
    match extent {
        None => (0, 1),
        Some((lowest, highest)) => (lowest, limbs_for(highest - lowest)),
    }
}

/// The extent of two lists.
pub fn joined(one: Extent, other: Extent) -> Extent {
    match (one, other) {
        (Some((low, high)), Some((lowest, highest))) => Some((low.min(lowest), high.max(highest))),
        _ => one.or(other),
    }
}

/// Limbs for a sign and as many bits.
fn limbs_for(bits: i32) -> usize {
    bits as usize / 64 + 1
}

/// All ones for a negative value, else zero.
fn sign_of(value: &[u64]) -> u64 {
    let top = value.last().copied().unwrap_or(0);
    (top as i64 >> 63) as u64
}

/// `value · 2^−shift` as far as `to` holds it; what is shifted out below is dropped.
fn shift_right(value: &[u64], shift: i32, to: &mut [u64]) {
    let (limbs, bits) = (shift.div_euclid(64) as isize, shift.rem_euclid(64) as u32);
    let sign = sign_of(value);
    let limb = |place: isize| match usize::try_from(place) {
        Err(_) => 0,
        Ok(place) => value.get(place).copied().unwrap_or(sign),
    };
    for (place, to) in (limbs..).zip(to) {
        let pair = u128::from(limb(place + 1)) << 64 | u128::from(limb(place));
        *to = (pair >> bits) as u64;
    }
}

/// `to += value` or `to −= value`, of equal widths.
fn add_limbs(to: &mut [u64], value: &[u64], subtract: bool) {
    // −v is the complement of v, and one.
    let (flip, mut carry) = if subtract {
        (u64::MAX, true)
    } else {
        (0, false)
    };
    for (to, &limb) in to.iter_mut().zip(value) {
        let (sum, over) = to.overflowing_add(limb ^ flip);
        let (sum, again) = sum.overflowing_add(u64::from(carry));
        (*to, carry) = (sum, over | again);
    }
}

/// Adds `value · 2^shift` to an integer that has room for the sum.
pub fn add_shifted(to: &mut [u64], value: i32, shift: u32) {
    let (place, bits) = ((shift / 64) as usize, shift % 64);
    let shifted = (i128::from(value) << bits) as u128;
    let sign = (i64::from(value) >> 63) as u64;
    let mut carry = false;
    let limbs = [shifted as u64, (shifted >> 64) as u64];
    for (index, to) in to[place..].iter_mut().enumerate() {
        let limb = limbs.get(index).copied().unwrap_or(sign);
        let (sum, over) = to.overflowing_add(limb);
        let (sum, again) = sum.overflowing_add(u64::from(carry));
        (*to, carry) = (sum, over | again);
    }
}
