//! Vectors of floats rounded to 16-bit integers times a scale, and how far that moves them.

use multiversion::multiversion;

use crate::classifier::float_sums::in_order::squared_norm;

/// Values of a block, whose products are added up in 32 bits.
pub(super) const BLOCK: usize = 32;

/// The greatest norm of a block, in units of the scale. By Cauchy and Schwarz's inequality
/// no sum of products of two such blocks, nor any part of one, leaves 32 bits; the rest is
/// room for rounding, which moves a norm by at most √32/2.
const MOST_NORM: f64 = 46_330.0;

const _: () = assert!((MOST_NORM as u64 + 3).pow(2) < 1 << 31);

/// The greatest value, in units of the scale.
const MOST: f64 = i16::MAX as f64;

/// Half a unit in the last place of 1.
pub(super) const UNIT: f64 = f64::EPSILON / 2.0;

/// A vector v̂ of integers times a scale, near to a vector v.
#[derive(Clone, Debug, Default)]
pub(super) struct Quantised {
    /// As many as v has, and zeros up to a whole number of blocks.
    pub(super) values: Vec<i16>,
    /// The unit of the values; 0 where v is.
    pub(super) scale: f64,
    /// At least ‖v − v̂‖.
    pub(super) displacement: f64,
    /// At least ‖v̂‖.
    pub(super) norm: f64,
}

impl Quantised {
    /// Rounds v. Every block and every value is as large as it may be.
    pub(super) fn set(&mut self, v: &[f64]) {
        let (peak, block_norm) = extent(v);
        self.scale = (peak / MOST).max(block_norm / MOST_NORM);
        self.values.clear();
        self.values.resize(v.len().next_multiple_of(BLOCK), 0);
        let (mut all, mut rest) = (0.0, norm(v).powi(2));
        if self.scale.recip().is_finite() {
            (all, rest) = round(v, self.scale, &mut self.values);
        }
        // What computing these sums has rounded; v̂ itself is an exact product.
        let slack = 1.0 + (v.len() as f64 + 8.0) * UNIT;
        self.norm = all.sqrt() * slack;
        self.displacement = rest.sqrt() * slack + 2.0 * UNIT * self.norm;
    }
}

/// Sums that are added up side by side.
const LANES: usize = 8;

/// The values in arrays of `N`, the last of which ends with zeros. A loop over arrays of one
/// length is one over SIMD vectors.
#[inline(always)]
fn in_arrays<const N: usize>(v: &[f64], mut each: impl FnMut(usize, &[f64; N])) {
    let (whole, rest) = v.as_chunks::<N>();
    let mut last = [0.0; N];
    last[..rest.len()].copy_from_slice(rest);
    for place in 0..v.len().div_ceil(N) {
        each(place, whole.get(place).unwrap_or(&last));
    }
}

/// The greatest magnitude of a value, and the greatest norm of a block.
#[multiversion(targets = "simd")]
fn extent(v: &[f64]) -> (f64, f64) {
    let (mut peaks, mut square) = ([0.0_f64; LANES], 0.0_f64);
    in_arrays::<BLOCK>(v, |_, block| {
        let mut sums = [0.0; LANES];
        for values in block.as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                let magnitude = values[lane].abs();
                peaks[lane] = if magnitude > peaks[lane] {
                    magnitude
                } else {
                    peaks[lane]
                };
                sums[lane] += values[lane] * values[lane];
            }
        }
        square = square.max(sums.iter().sum());
    });
    (peaks.into_iter().fold(0.0, f64::max), square.sqrt())
}

/// A number this large has no bits behind the point: adding it to a smaller one, and
/// subtracting it again, rounds that to an integer. The sum's last bits are that integer.
const INTEGERS: f64 = 1.5 * (1_u64 << 52) as f64;

/// Writes v in units of `scale`; returns the sums of the squares of what that stands for,
/// and of what is missing.
#[multiversion(targets = "simd")]
fn round(v: &[f64], scale: f64, rounded: &mut [i16]) -> (f64, f64) {
    let inverse = scale.recip();
    let (mut all, mut rest) = ([0.0; LANES], [0.0; LANES]);
    let rounded = rounded.as_chunks_mut::<LANES>().0;
    in_arrays::<LANES>(v, |place, values| {
        let mut integers = [0.0; LANES];
        for lane in 0..LANES {
            // Not above `MOST`, since the scale is not below `peak / MOST` but for rounding.
            integers[lane] = values[lane] * inverse + INTEGERS;
            let near = (integers[lane] - INTEGERS) * scale;
            all[lane] += near * near;
            rest[lane] += (values[lane] - near) * (values[lane] - near);
        }
        rounded[place] = integers.map(|integer| integer.to_bits() as i16);
    });
    (all.iter().sum(), rest.iter().sum())
}

/// At least the norm of v.
pub(super) fn norm(v: &[f64]) -> f64 {
    squared_norm(v).sqrt() * (1.0 + (v.len() as f64 + 8.0) * UNIT)
}
