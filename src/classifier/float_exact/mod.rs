//! The nearest class of one row of floats, as exact arithmetic decides it: first in
//! float64, with a bound on what rounding can do ([`float64`]), and only among classes
//! that the bound cannot tell apart as fractions of integers ([`fractions`]).
//!
//! | metric | nearest | leaving the row out of its own class |
//! |---|---|---|
//! | Euclidean | least `Σ (x − S/n)²` | its own one times `(n/(n−1))²` |
//! | cosine | largest `⟨x,S⟩ / (‖x‖‖S‖)` | its own one with S − x in place of S |
//!
//! An exact tie goes to the lowest class. A class without rows is never nearest, nor is
//! one whose only row is left out. The cosine with a zero vector is 0.

pub mod float64;
pub mod fractions;

mod measured;
mod own_score;
#[cfg(test)]
mod tests;

use crate::classifier::float_sums::{FloatMeans, FloatSums};
use crate::data::recipe::Metric;
use float64::{Estimate, Estimates};
use fractions::Fractions;

pub use measured::{Measured, float_distances};

/// "Which class mean is nearest to a row?", where rows are either kept in their class or
/// first left out of it. Rows are prepared ones, of the dim of the sums.
#[derive(Clone, Copy, Debug)]
pub struct FloatQuestion<'a> {
    sums: &'a FloatSums,
    means: &'a FloatMeans,
    metric: Metric,
    leave_one_out: bool,
}

/// The classes that are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Among<'a> {
    /// All of them.
    All,
    /// These, each listed once, in any order. They must include what is asked for.
    These(&'a [u16]),
}

/// An answer, and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled<T> {
    /// The answer.
    pub answer: T,
    /// Whether float64 could not decide, so that fractions did.
    pub in_fractions: bool,
}

impl<'a> FloatQuestion<'a> {
    /// A question about the means of `sums`, which [`FloatSums::means`] gives.
    ///
    /// # Panics
    /// When the means are of other classes or another dim.
    pub fn new(
        sums: &'a FloatSums,
        means: &'a FloatMeans,
        metric: Metric,
        leave_one_out: bool,
    ) -> Self {
        let shape = [sums.classes(), sums.dim()];
        assert_eq!([means.classes(), means.dim()], shape, "means of other sums");
        Self {
            sums,
            means,
            metric,
            leave_one_out,
        }
    }

    /// The sums that are asked.
    pub fn sums(&self) -> &'a FloatSums {
        self.sums
    }

    /// Their means.
    pub fn means(&self) -> &'a FloatMeans {
        self.means
    }

    /// What is compared.
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// Whether each row is left out of its own class.
    pub fn leaves_one_out(&self) -> bool {
        self.leave_one_out
    }

    /// The nearest class among those given, to a row of class `label`, which matters
    /// for leave-one-out alone; `None` where no class can be nearest.
    ///
    /// # Panics
    /// When the row has another dim than the sums or values that are not finite, or a class
    /// does not exist.
    pub fn nearest(&self, row: &[f32], label: u16, among: Among<'_>) -> Option<Settled<u16>> {
        let estimates = Estimates::new(self, row, label);
        let all: Vec<Estimate> = estimates.among(among).collect();
        let close = within_reach(&all);
        let lowest = close.iter().map(|estimate| estimate.class).min()?;
        if proven_equal(&close) {
            return Some(Settled {
                answer: lowest,
                in_fractions: false,
            });
        }
        let close = self.distinct(close, label);
        let fractions = Fractions::new(self, row, label);
        let measured = close.iter().map(|estimate| {
            let class = estimate.class;
            (fractions.of(class), class)
        });
        let (_, answer) = measured.min()?;
        Some(Settled {
            answer,
            in_fractions: true,
        })
    }

    /// Whether fewer than `places` of the classes given stand before `label`: are
    /// nearer to the row, or as near and lower. Never where the label's own class
    /// has no place itself, since it has no rows or its only one is left out.
    ///
    /// A caller who has counted some that certainly stand before the label lowers
    /// `places` by as many, and need not list them.
    ///
    /// # Panics
    /// As [`nearest`](Self::nearest).
    pub fn is_within(
        &self,
        row: &[f32],
        label: u16,
        places: usize,
        among: Among<'_>,
    ) -> Settled<bool> {
        let estimates = Estimates::new(self, row, label);
        let settled = |answer, in_fractions| Settled {
            answer,
            in_fractions,
        };
        let Some(own) = estimates.of(label) else {
            return settled(false, false);
        };
        let others = estimates.among(among).filter(|other| other.class != label);
        let (mut before, mut doubtful) = (0, Vec::new());
        for other in others {
            match own.compare(&other) {
                Some(order) if order.then(label.cmp(&other.class)).is_gt() => before += 1,
                Some(_) => {}
                None => doubtful.push(other.class),
            }
        }
        if before >= places || before + doubtful.len() < places {
            return settled(before < places, false);
        }
        let fractions = Fractions::new(self, row, label);
        let own = (fractions.of(label), label);
        for class in doubtful {
            before += usize::from((fractions.of(class), class) < own);
            if before >= places {
                break;
            }
        }
        settled(before < places, true)
    }

    /// Those of these classes whose means are not known to be the same as that of a lower
    /// one: there may be thousands of them.
    fn distinct(&self, mut close: Vec<Estimate>, label: u16) -> Vec<Estimate> {
        close.sort_unstable_by_key(|estimate| estimate.class);
        let mut kept: Vec<Estimate> = Vec::new();
        for estimate in close {
            let is_own = |class: u16| self.leave_one_out && class == label;
            let same = |other: &Estimate| {
                let classes = [other.class, estimate.class];
                !classes.into_iter().any(is_own)
                    && other.value == estimate.value
                    && self.sums.are_same(classes.map(usize::from))
            };
            if !kept.iter().any(same) {
                kept.push(estimate);
            }
        }
        kept
    }

    /// The number of rows that a class's mean is of, in this question about a row of
    /// class `label`; 0 for one that cannot be nearest.
    fn rows_of(&self, class: u16, label: u16) -> u64 {
        let left_out = self.leave_one_out && class == label;
        let count = self.sums.count(usize::from(class));
        count.saturating_sub(u64::from(left_out))
    }
}

/// Those of the estimates that may be the least.
fn within_reach(all: &[Estimate]) -> Vec<Estimate> {
    let reach = all
        .iter()
        .fold(f64::INFINITY, |reach, estimate| reach.min(estimate.high));
    all.iter()
        .filter(|estimate| estimate.low <= reach)
        .copied()
        .collect()
}

/// Whether these are exactly equal without a doubt, as one alone is.
fn proven_equal(close: &[Estimate]) -> bool {
    let mut pairs = close.windows(2);
    pairs.all(|pair| pair[0].compare(&pair[1]) == Some(std::cmp::Ordering::Equal))
}
