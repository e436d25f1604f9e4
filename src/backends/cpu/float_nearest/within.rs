//! Whether a sample's own class is among the nearest few.

use multiversion::multiversion;

use super::Scanned;
use super::classes::Classes;
use crate::backends::cpu::pair_products::COLUMNS;
use crate::classifier::float_exact::{Among, FloatQuestion};

/// The classes that stand before a sample's own, so far.
pub(super) struct Counted {
    own: u16,
    /// The bounds of its own class's score; `None` where that class cannot be nearest.
    bounds: Option<[f64; 2]>,
    /// Among how many nearest classes its own is looked for.
    places: usize,
    /// How many certainly stand before it.
    before: usize,
    /// Those of which that is not certain.
    doubtful: Vec<u16>,
}

impl Counted {
    pub(super) fn new(
        question: &FloatQuestion<'_>,
        places: usize,
        classes: &Classes,
        row: &[f32],
        label: u16,
    ) -> Self {
        Self {
            own: label,
            bounds: question.own_score([&classes.origin, &classes.common], row, label),
            places,
            before: 0,
            doubtful: Vec::new(),
        }
    }

    /// Whether its own class is among the nearest, once all classes have been looked at.
    pub(super) fn is_within(&self, question: &FloatQuestion<'_>, row: &[f32]) -> bool {
        if self.bounds.is_none() || self.before >= self.places {
            return false;
        }
        if self.before + self.doubtful.len() < self.places {
            return true;
        }
        let among = Among::These(&self.doubtful);
        let left = self.places - self.before;
        question.is_within(row, self.own, left, among).answer
    }
}

impl Scanned for Counted {
    fn add(&mut self, first: usize, low: &mut [f64; COLUMNS], high: &mut [f64; COLUMNS]) {
        let Some([least, most]) = self.bounds else {
            return;
        };
        if self.before >= self.places || !any_at_most(most, low) {
            return;
        }
        for (class, (&low, &high)) in (first..).zip(low.iter().zip(high.iter())) {
            if low > most || class == usize::from(self.own) || low == f64::INFINITY {
                continue;
            }
            if high < least {
                self.before += 1;
            } else {
                self.doubtful.push(class as u16);
            }
        }
    }
}

#[multiversion(targets = "simd")]
fn any_at_most(most: f64, low: &[f64; COLUMNS]) -> bool {
    low.iter().fold(false, |any, &low| any | (low <= most))
}
