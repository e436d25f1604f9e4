//! Distances and cosines in float64, with bounds on their errors. They are the same on
//! every processor, since the order of additions is fixed and nothing is fused.
//!
//! # The bounds
//!
//! u is 2⁻⁵³, D the dim, at most 2²⁴, so that terms in (D·u)² vanish beside the slack
//! left below. x and S/n are multiples of 2⁻²⁴¹ at the least (a value of x is one of
//! 2⁻¹⁴⁹, and 53 bits of `S/n ≥ 2⁻¹⁸⁹` end there), so neither they, nor differences,
//! nor products of two are subnormal, and all stay far below 2¹⁰²³: each operation has
//! a relative error of at most u, and no other.
//!
//! **Means.** m̃ is off by at most 2.01·u·|m| in each value (two roundings). A sum
//! S − x, rounded once, is better.
//!
//! **Euclidean.** `δ̃ = fl(x − m̃)` differs from `x − m` by at most
//! `u·|δ̃| + 2.02·u·|m̃|` in each value, so by the triangle inequality `‖δ̃‖` differs
//! from the distance by at most `u·‖δ̃‖ + 2.02·u·‖m̃‖`. The sum of squares q̃ has a
//! relative error of at most D·u: one rounding for a square, at most D − 1 for the
//! additions that it passes through. Its root has half of that, and one rounding more.
//! Together, for `r = fl(√q̃)`,
//!
//! ```text
//! |r − d|  ≤  (D/2 + 3)·u·r + 2.1·u·‖m̃‖  ≤  u·((D + 8)·r + 4·‖m̃‖)
//! ```
//!
//! The rest of the first factor is slack for the rounding of the bound itself, of its
//! difference from r, and, under leave-one-out, of the factor `n/(n−1)`, four roundings
//! of the square; the second term is then multiplied by that factor, at most 2.
//!
//! **Cosine.** `⟨x, m̃⟩` is off by at most `D·u·‖x‖‖m̃‖` from summing and
//! `2.02·u·‖x‖‖m̃‖` from the mean; each computed norm by `(D/2 + 2)·u`, and that of the
//! mean by 2.02·u more; their product and the quotient by u each. A cosine is at most
//! 1, so
//!
//! ```text
//! |c̃ − c|  ≤  (2·D + 11)·u  ≤  (2·D + 16)·u
//! ```
//!
//! Where x or S is zero, the cosine is 0, exactly. A computed norm is 0 there alone.

use std::cmp::Ordering;

use super::{Among, FloatQuestion};
use crate::classifier::float_sums::in_order::{
    product, squared_distance, squared_norm, squared_norm_of_row,
};
use crate::data::recipe::Metric;

/// Half a unit in the last place of 1.
pub const UNIT: f64 = f64::EPSILON / 2.0;

/// How near a class is, between bounds.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The class.
    pub class: u16,
    /// The squared distance, or the cosine.
    pub value: f64,
    /// What is compared, the distance or the cosine's negative, is not below this,
    pub low: f64,
    /// nor above this.
    pub high: f64,
}

impl Estimate {
    /// How this class is compared with another, the nearer one being less; `None`
    /// where the bounds do not tell.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let is_exact = |estimate: &Self| estimate.low == estimate.high;
        if self.high < other.low {
            Some(Ordering::Less)
        } else if self.low > other.high {
            Some(Ordering::Greater)
        } else if is_exact(self) && is_exact(other) {
            Some(Ordering::Equal)
        } else {
            None
        }
    }
}

/// The estimates for one row.
pub struct Estimates<'a> {
    question: &'a FloatQuestion<'a>,
    row: &'a [f32],
    label: u16,
    norm: f64,
    /// The mean of the row's own class without it, but for a factor, where a cosine
    /// with that is asked for; and the square of its norm.
    without: Option<(Vec<f64>, f64)>,
}

impl<'a> Estimates<'a> {
    /// The estimates for a row of class `label`.
    ///
    /// # Panics
    /// When the row has another dim than the sums, or values that are not finite.
    pub fn new(question: &'a FloatQuestion<'a>, row: &'a [f32], label: u16) -> Self {
        assert_eq!(row.len(), question.sums.dim(), "a row of another dim");
        let is_finite = (row.iter()).fold(true, |all, value| all & value.is_finite());
        assert!(is_finite, "a row with values that are not finite");
        let is_cosine = question.metric == Metric::Cosine;
        let is_left_out = question.leave_one_out && question.rows_of(label, label) > 0;
        let norm = match question.metric {
            Metric::Euclidean => 0.0,
            Metric::Cosine => squared_norm_of_row(row).sqrt(),
        };
        let without = (is_cosine && is_left_out).then(|| {
            let without = question.sums.sum_without(usize::from(label), row);
            let norm = squared_norm(&without);
            (without, norm)
        });
        Self {
            question,
            row,
            label,
            norm,
            without,
        }
    }

    /// The estimates of the classes given that can be nearest.
    pub fn among(&self, among: Among<'a>) -> impl Iterator<Item = Estimate> + '_ {
        let (all, these) = match among {
            Among::All => (0..self.question.sums.classes(), &[][..]),
            Among::These(classes) => (0..0, classes),
        };
        let classes = all.map(|class| class as u16).chain(these.iter().copied());
        classes.filter_map(|class| self.of(class))
    }

    /// The estimate of one class, unless it cannot be nearest.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn of(&self, class: u16) -> Option<Estimate> {
        let rows = self.question.rows_of(class, self.label);
        let mean = self.question.means.of(usize::from(class));
        let norm = self.question.means.squared_norm(usize::from(class));
        (rows > 0).then(|| match (self.question.metric, &self.without) {
            (Metric::Euclidean, _) => self.distance(class, rows, mean, norm),
            (Metric::Cosine, Some((without, norm))) if class == self.label => {
                self.cosine(class, without, *norm)
            }
            (Metric::Cosine, _) => self.cosine(class, mean, norm),
        })
    }

    fn distance(&self, class: u16, rows: u64, mean: &[f64], squared_norm: f64) -> Estimate {
        // 1 where nothing is left out.
        let factor = self.question.sums.count(usize::from(class)) as f64 / rows as f64;
        let value = squared_distance(self.row, mean) * (factor * factor);
        let distance = value.sqrt();
        let dim = self.row.len() as f64;
        let bound = UNIT * ((dim + 8.0) * distance + 4.0 * factor * squared_norm.sqrt());
        Estimate {
            class,
            value,
            low: distance - bound,
            high: distance + bound,
        }
    }

    fn cosine(&self, class: u16, mean: &[f64], squared_norm: f64) -> Estimate {
        let norms = self.norm * squared_norm.sqrt();
        let (value, bound) = if norms == 0.0 {
            (0.0, 0.0)
        } else {
            let bound = UNIT * (2.0 * self.row.len() as f64 + 16.0);
            ((product(self.row, mean) / norms).clamp(-1.0, 1.0), bound)
        };
        Estimate {
            class,
            value,
            low: -value - bound,
            high: -value + bound,
        }
    }
}
