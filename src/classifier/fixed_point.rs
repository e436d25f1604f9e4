//! Class means in fixed point, as the `cpu` and `gpu` backends use them.
//!
//! A mean is rounded to `q / 128`, where `q` is a 15-bit integer. Everything after
//! that is integer arithmetic, which gives the same result on every processor and
//! every GPU. The squared distance in units of 2⁻¹⁴ is
//!
//! ```text
//! Σ_d (128·x[d] − q[d])²  =  2¹⁴·‖x‖² − 2⁸·(x·q) + ‖q‖²
//! ```
//!
//! so the two backends agree in every bit. The error from rounding the means has a
//! bound that needs no floating-point analysis: rounding moves a mean by
//! `E = ‖q/128 − m‖₂`, and by the triangle inequality no distance to it changes by
//! more than that. [`certainty`](crate::classifier::certainty) derives from it the
//! margin that an answer needs.

use crate::classifier::level_sums::LevelSums;
use crate::classifier::model::LevelQuestion;

/// Fractional bits of a mean. With seven, `q` stays below 2¹⁵, so it fits the
/// signed 16-bit lanes of vector units and two 8-bit limbs.
pub const FRACTION_BITS: u32 = 7;

/// Fractional bits of a squared distance.
pub const SQUARED_BITS: u32 = 2 * FRACTION_BITS;

/// Fractional bits of a [`surcharge`](surcharges).
pub const SURCHARGE_BITS: u32 = 30;

/// The surcharge of a class without images, which is never nearest.
pub const ABSENT: u32 = u32::MAX;

/// The surcharge of a class whose only image is the one left out.
pub const OUT_FOR_OWN: u32 = u32::MAX - 1;

/// The greatest squared distance: stands for no class, or no second class.
pub const NOTHING: u64 = u64::MAX;

/// The class means of one model in fixed point.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedMeans {
    dim: usize,
    means: Vec<i16>,
    squared_norms: Vec<u64>,
    present: Vec<bool>,
    displacement: f64,
}

impl FixedMeans {
    /// Rounds the means of `sums`, each pixel to the nearest 1/128.
    pub fn new(sums: &LevelSums) -> Self {
        let classes = sums.classes();
        let mut rounded = Self {
            dim: sums.dim(),
            means: Vec::with_capacity(classes * sums.dim()),
            squared_norms: Vec::with_capacity(classes),
            present: Vec::with_capacity(classes),
            displacement: 0.0,
        };
        for class in 0..classes {
            rounded.push(sums.sum(class), sums.count(class));
        }
        rounded
    }

    fn push(&mut self, sum: &[u64], count: u64) {
        // A class without images gets zeros, which are never used as a mean.
        let divisor = count.max(1);
        let (mut squared_norm, mut squared_rest) = (0, 0.0);
        for &sum in sum {
            let scaled = sum << FRACTION_BITS;
            let q = (2 * scaled + divisor) / (2 * divisor);
            let rest = scaled.abs_diff(q * divisor) as f64;
            squared_norm += q * q;
            squared_rest += rest * rest;
            // At most 255·2⁷ = 32,640.
            self.means.push(q as i16);
        }
        let unit = (divisor << FRACTION_BITS) as f64;
        // The last factor covers the rounding errors of this computation itself.
        let displacement = squared_rest.sqrt() / unit * (1.0 + 1e-9);
        self.displacement = self.displacement.max(displacement);
        self.squared_norms.push(squared_norm);
        self.present.push(count > 0);
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.squared_norms.len()
    }

    /// The fixed-point mean of `class`: `dim` values in units of 1/128.
    pub fn mean(&self, class: usize) -> &[i16] {
        &self.means[class * self.dim..][..self.dim]
    }

    /// `‖q‖²` of each class.
    pub fn squared_norms(&self) -> &[u64] {
        &self.squared_norms
    }

    /// Whether `class` has a mean, that is, at least one image.
    pub fn is_present(&self, class: usize) -> bool {
        self.present[class]
    }

    /// A fixed-point squared distance as an `f64`; [`NOTHING`] becomes infinity.
    pub fn to_squared_distance(squared: u64) -> f64 {
        if squared == NOTHING {
            return f64::INFINITY;
        }
        squared as f64 / f64::from(1 << SQUARED_BITS)
    }

    /// The largest Euclidean distance by which rounding has moved a mean.
    pub fn displacement(&self) -> f64 {
        self.displacement
    }
}

/// For each class, what leave-one-out adds to an image's squared distance to its
/// own class, as a fraction of that distance in units of 2⁻³⁰:
/// `(n/(n−1))² − 1 = (2n−1)/(n−1)²`, at most 3. Zero without leave-one-out.
/// [`ABSENT`] and [`OUT_FOR_OWN`] mark classes that cannot be nearest.
pub fn surcharges(question: &LevelQuestion<'_>) -> Vec<u32> {
    let surcharge = |&count: &u64| match count {
        0 => ABSENT,
        _ if !question.leaves_one_out() => 0,
        1 => OUT_FOR_OWN,
        _ => {
            let (numerator, denominator) =
                (u128::from(2 * count - 1), u128::from(count - 1).pow(2));
            (((numerator << (SURCHARGE_BITS + 1)) + denominator) / (2 * denominator)) as u32
        }
    };
    question.sums().counts().iter().map(surcharge).collect()
}
