//! What is reported of a row: its nearest class, how far that is, and by how much the
//! second is further. The same on every machine.

use rayon::prelude::*;

use super::float64::{Estimate, Estimates};
use super::fractions::Fractions;
use super::{Among, FloatQuestion, proven_equal, within_reach};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Distances;
use crate::data::Split;
use crate::data::recipe::Metric;
use crate::error::{Error, Result};

/// The nearest class of a row, with what is reported of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The class, as exact arithmetic decides it.
    pub class: u16,
    /// The distance to its mean, not squared, or 1 − cosine, in float64.
    pub distance: f64,
    /// The second least squared distance minus the least, or the cosine minus the second
    /// largest, not below 0; infinite if only one class can be nearest.
    pub margin: f64,
    /// Whether float64 could not decide, so that fractions did. The margin is then
    /// theirs: 0 for an exact tie, and where cosines are nearer than float64 tells.
    pub in_fractions: bool,
}

/// The squared distances of all rows of a split to all class means, or 1 − cosine, in
/// float64, on all cores: a device's distances of floats would be no result.
///
/// # Errors
/// When the model is not one of such rows.
pub fn float_distances(split: &Split, model: &Model) -> Result<Distances> {
    let question = Question::plain(model);
    question.check(split)?;
    let question = question.of_floats()?;
    let rows = split.rows();
    let rows = rows.ok_or_else(|| Error::Invalid("distances of images as of floats".into()))?;
    let all: Vec<Vec<f64>> = (rows.features.values())
        .par_chunks(rows.features.dim())
        .map(|row| question.compared(row))
        .collect();
    Ok(Distances::new(model.sums().classes(), all.concat()))
}

impl FloatQuestion<'_> {
    /// The nearest of all classes to a row of class `label`, and how near it is; `None`
    /// where no class can be nearest.
    ///
    /// # Panics
    /// When the row has another dim than the sums, or its class does not exist.
    pub fn measured(&self, row: &[f32], label: u16) -> Option<Measured> {
        let estimates = Estimates::new(self, row, label);
        let all: Vec<Estimate> = estimates.among(Among::All).collect();
        let mut close = within_reach(&all);
        // Nearer ones first, by what float64 says.
        let order = |one: &&Estimate, other: &&Estimate| match self.metric {
            Metric::Euclidean => one.value.total_cmp(&other.value),
            Metric::Cosine => other.value.total_cmp(&one.value),
        };
        if proven_equal(&close) {
            let first = close.first()?;
            let second = all.iter().filter(|other| other.class != first.class);
            let second = second.min_by(order);
            return Some(Measured {
                class: first.class,
                distance: self.reported(first.value),
                margin: second.map_or(f64::INFINITY, |second| (first.value - second.value).abs()),
                in_fractions: false,
            });
        }
        // Those that may be the second as well: what is not above both of the least two
        // upper bounds.
        let mut highs: Vec<f64> = all.iter().map(|estimate| estimate.high).collect();
        highs.sort_unstable_by(f64::total_cmp);
        let second = highs.get(1).copied().unwrap_or(f64::INFINITY);
        close.clear();
        close.extend(all.iter().filter(|estimate| estimate.low <= second));
        let fractions = Fractions::new(self, row, label);
        let mut exact: Vec<_> = (close.iter())
            .map(|estimate| (fractions.of(estimate.class), estimate))
            .collect();
        exact.sort_by(|(one, first), (other, second)| {
            one.cmp(other).then(first.class.cmp(&second.class))
        });
        let [(nearest, first), (second, _), ..] = &exact[..] else {
            return None;
        };
        Some(Measured {
            class: first.class,
            distance: self.reported(first.value),
            margin: fractions.margin(nearest, second),
            in_fractions: true,
        })
    }

    /// The distance from a row of class `label` to each class mean, or 1 − cosine, in
    /// float64; `None` for a class that cannot be nearest.
    ///
    /// # Panics
    /// As [`measured`](Self::measured).
    pub fn distances(&self, row: &[f32], label: u16) -> Vec<Option<f64>> {
        let estimates = Estimates::new(self, row, label);
        let classes = (0..self.sums.classes()).map(|class| estimates.of(class as u16));
        classes
            .map(|estimate| Some(self.reported(estimate?.value)))
            .collect()
    }

    /// What backends call the distance from a row to each class mean: squared, or
    /// 1 − cosine; infinite for a class that cannot be nearest.
    fn compared(&self, row: &[f32]) -> Vec<f64> {
        let estimates = Estimates::new(self, row, 0);
        let classes = 0..self.sums.classes();
        let compared = classes.map(|class| {
            let estimate = estimates.of(class as u16);
            estimate.map_or(f64::INFINITY, |estimate| match self.metric {
                Metric::Euclidean => estimate.value,
                Metric::Cosine => 1.0 - estimate.value,
            })
        });
        compared.collect()
    }

    /// What is reported of an estimate's value.
    fn reported(&self, value: f64) -> f64 {
        match self.metric {
            Metric::Euclidean => value.sqrt(),
            Metric::Cosine => 1.0 - value,
        }
    }
}
