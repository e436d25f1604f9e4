//! Vectors of floats rounded to 16-bit integers times a scale, and how far that moves them.

use multiversion::multiversion;

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

/// The greatest magnitude of a value, and the greatest norm of a block.
#[multiversion(targets = "simd")]
fn extent(v: &[f64]) -> (f64, f64) {
    let (mut peaks, mut square) = ([0.0_f64; LANES], 0.0_f64);
    for block in v.chunks(BLOCK) {
        let mut sums = [0.0; LANES];
        for values in block.chunks(LANES) {
            for ((peak, sum), value) in peaks.iter_mut().zip(&mut sums).zip(values) {
                *peak = if value.abs() > *peak {
                    value.abs()
                } else {
                    *peak
                };
                *sum += value * value;
            }
        }
        square = square.max(sums.iter().sum());
    }
    (peaks.into_iter().fold(0.0, f64::max), square.sqrt())
}

/// A number this large has no bits behind the point: adding it to a smaller one, and
/// subtracting it again, rounds that to an integer.
const INTEGERS: f64 = 1.5 * (1_u64 << 52) as f64;

/// Writes v in units of `scale`; returns the sums of the squares of what that stands for,
/// and of what is missing.
#[multiversion(targets = "simd")]
fn round(v: &[f64], scale: f64, rounded: &mut [i16]) -> (f64, f64) {
    let inverse = scale.recip();
    let (mut all, mut rest) = ([0.0; LANES], [0.0; LANES]);
    for (values, rounded) in v.chunks(LANES).zip(rounded.chunks_mut(LANES)) {
        for (lane, (value, rounded)) in values.iter().zip(rounded).enumerate() {
            let integer = ((value * inverse + INTEGERS) - INTEGERS).clamp(-MOST, MOST);
            let near = integer * scale;
            all[lane] += near * near;
            rest[lane] += (value - near) * (value - near);
            *rounded = integer as i32 as i16;
        }
    }
    (all.iter().sum(), rest.iter().sum())
}

/// At least the norm of v.
#[multiversion(targets = "simd")]
pub(super) fn norm(v: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    for values in v.chunks(LANES) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value * value;
        }
    }
    sums.iter().sum::<f64>().sqrt() * (1.0 + (v.len() as f64 + 8.0) * UNIT)
}
