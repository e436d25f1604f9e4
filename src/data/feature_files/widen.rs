//! The values of features as `f32`, from the types that they are stored in.

use half::{bf16, f16};

use crate::data::npz::Header;

/// A type that values are stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    F16,
    Bf16,
    F32,
    /// Rounded to `f32`; all others are widened exactly.
    F64,
    U8,
}

/// What has become of values of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rounded {
    /// How many are not what they were.
    pub count: u64,
    /// The place of the first that is too large, and what it is.
    pub too_large: Option<(usize, f64)>,
}

impl Value {
    /// The type of an array's values, if it is one of these.
    pub(super) fn of(header: &Header) -> Option<Self> {
        match header.value()? {
            _ if header.is_bfloat16() => Some(Self::Bf16),
            ('<' | '>', 'f', 2) => Some(Self::F16),
            ('<' | '>', 'f', 4) => Some(Self::F32),
            ('<' | '>', 'f', 8) => Some(Self::F64),
            (_, 'u', 1) => Some(Self::U8),
            _ => None,
        }
    }

    /// What results call the type of values that were read from this one.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F32 | Self::F64 => "f32",
            Self::U8 => "u8",
        }
    }

    /// Bytes of a value.
    pub(super) fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::F16 | Self::Bf16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Reads whole values into `into`, which has as many.
    pub(super) fn widen(self, is_big_endian: bool, bytes: &[u8], into: &mut [f32]) -> Rounded {
        let mut rounded = Rounded::default();
        match (self, is_big_endian) {
            (Self::U8, _) => each(bytes, into, |[value]| f32::from(value)),
            (Self::F16, true) => each(bytes, into, |it| f16::from_be_bytes(it).to_f32()),
            (Self::F16, false) => each(bytes, into, |it| f16::from_le_bytes(it).to_f32()),
            // The formats that have it are little-endian.
            (Self::Bf16, _) => each(bytes, into, |it| bf16::from_le_bytes(it).to_f32()),
            (Self::F32, true) => each(bytes, into, f32::from_be_bytes),
            (Self::F32, false) => each(bytes, into, f32::from_le_bytes),
            (Self::F64, _) => {
                let from = match is_big_endian {
                    true => f64::from_be_bytes,
                    false => f64::from_le_bytes,
                };
                let mut place = 0;
                each(bytes, into, |it| {
                    let wide = from(it);
                    let value = wide as f32;
                    rounded.count += u64::from(f64::from(value) != wide && !wide.is_nan());
                    if value.is_infinite() && wide.is_finite() && rounded.too_large.is_none() {
                        rounded.too_large = Some((place, wide));
                    }
                    place += 1;
                    value
                });
            }
        }
        rounded
    }
}

/// Reads values of `SIZE` bytes.
fn each<const SIZE: usize>(
    bytes: &[u8],
    into: &mut [f32],
    mut read: impl FnMut([u8; SIZE]) -> f32,
) {
    let (values, _) = bytes.as_chunks::<SIZE>();
    for (into, &value) in into.iter_mut().zip(values) {
        *into = read(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widened(value: Value, is_big_endian: bool, bytes: &[u8]) -> (Vec<f32>, Rounded) {
        let mut into = vec![9.0; bytes.len() / value.size()];
        let rounded = value.widen(is_big_endian, bytes, &mut into);
        (into, rounded)
    }

    /// Every number of 16 bits, by the formulas of IEEE 754 in `f64`.
    #[test]
    fn sixteen_bits_are_widened_exactly() {
        for bits in 0..=u16::MAX {
            let of = |fraction_bits: i32, bias: i32| {
                let all = i32::from(bits & 0x7fff);
                let (exponent, fraction) = (all >> fraction_bits, all % (1 << fraction_bits));
                let least = 1 - bias - fraction_bits;
                let size = match exponent {
                    0 => f64::from(fraction) * 2_f64.powi(least),
                    _ if exponent == 2 * bias + 1 && fraction == 0 => f64::INFINITY,
                    _ if exponent == 2 * bias + 1 => f64::NAN,
                    _ => {
                        f64::from((1 << fraction_bits) + fraction)
                            * 2_f64.powi(exponent - 1 + least)
                    }
                };
                if bits >> 15 == 1 { -size } else { size }
            };
            for (value, expected) in [(Value::F16, of(10, 15)), (Value::Bf16, of(7, 127))] {
                let little = widened(value, false, &bits.to_le_bytes()).0[0];
                if value == Value::F16 {
                    let big = widened(value, true, &bits.to_be_bytes()).0[0];
                    assert_eq!(little.to_bits(), big.to_bits());
                }
                match expected.is_nan() {
                    true => assert!(little.is_nan(), "{bits:#x}"),
                    false => {
                        assert_eq!(f64::from(little), expected, "{value:?} {bits:#x}");
                        assert_eq!(little.is_sign_negative(), expected.is_sign_negative());
                    }
                }
            }
        }
    }

    #[test]
    fn other_types_are_read_in_both_orders() {
        let exact = Rounded::default();
        for value in [1.5_f32, -1e-45, f32::MAX, -0.0] {
            let little = widened(Value::F32, false, &value.to_le_bytes());
            let big = widened(Value::F32, true, &value.to_be_bytes());
            assert_eq!(little.0[0].to_bits(), value.to_bits());
            assert_eq!((little, exact), (big.clone(), big.1));
            let wide = f64::from(value);
            let double = widened(Value::F64, true, &wide.to_be_bytes());
            assert_eq!(double, (vec![value], exact));
        }
        assert_eq!(widened(Value::U8, false, &[0, 255]).0, [0.0, 255.0]);
    }

    #[test]
    fn what_does_not_fit_is_counted_and_named() {
        let values = [0.1, 0.5, 1e-300, f64::MAX, -1e39, f64::INFINITY, f64::NAN];
        let bytes: Vec<u8> = values.iter().flat_map(|it| it.to_le_bytes()).collect();
        let (read, rounded) = widened(Value::F64, false, &bytes);
        assert_eq!(read[..3], [0.1, 0.5, 0.0]);
        assert_eq!(rounded.count, 4);
        assert_eq!(rounded.too_large, Some((3, f64::MAX)));
    }
}
