//! Whether a sample's own class is among the nearest few.

use rayon::prelude::*;

use super::classes::Classes;
use super::{Scanned, TASK, scan};
use crate::backends::cpu::pair_products::COLUMNS;
use crate::classifier::float_exact::{Among, FloatQuestion};
use crate::data::LabelledRows;

/// For each of these samples, whether fewer than `places` classes stand before its label:
/// are nearer, or as near and lower. The question must be one about these samples.
///
/// # Panics
/// When there is no such sample.
pub fn within(
    rows: LabelledRows<'_>,
    question: &FloatQuestion<'_>,
    places: usize,
    samples: &[u32],
) -> Vec<bool> {
    let classes = Classes::new(question);
    let few = |samples: &[u32]| {
        let of = |&sample: &u32| {
            let index = sample as usize;
            (rows.features.row(index), rows.labels[index])
        };
        let (few, labels): (Vec<&[f32]>, Vec<u16>) = samples.iter().map(of).unzip();
        let new = |(row, &label): (&&[f32], _)| Counted::new(question, &classes, row, label);
        let mut counted: Vec<Counted> = few.iter().zip(&labels).map(new).collect();
        scan(&classes, &few, &mut counted);
        let each = counted.into_iter().zip(few.into_iter().zip(labels));
        each.map(|(counted, (row, label))| counted.is_within(question, places, row, label))
            .collect::<Vec<bool>>()
    };
    samples.par_chunks(TASK).flat_map_iter(few).collect()
}

/// The classes that stand before a sample's own, so far.
struct Counted {
    own: u16,
    /// The bounds of its own class's score; `None` where that class cannot be nearest.
    bounds: Option<[f64; 2]>,
    /// How many certainly stand before it.
    before: usize,
    /// Those of which that is not certain.
    doubtful: Vec<u16>,
}

impl Counted {
    fn new(question: &FloatQuestion<'_>, classes: &Classes, row: &[f32], label: u16) -> Self {
        Self {
            own: label,
            bounds: question.own_score([&classes.origin, &classes.common], row, label),
            before: 0,
            doubtful: Vec::new(),
        }
    }

    fn is_within(
        &self,
        question: &FloatQuestion<'_>,
        places: usize,
        row: &[f32],
        label: u16,
    ) -> bool {
        if self.bounds.is_none() || self.before >= places {
            return false;
        }
        if self.before + self.doubtful.len() < places {
            return true;
        }
        let among = Among::These(&self.doubtful);
        let left = places - self.before;
        question.is_within(row, label, left, among).answer
    }
}

impl Scanned for Counted {
    fn add(&mut self, first: usize, low: &mut [f64; COLUMNS], high: &mut [f64; COLUMNS]) {
        let Some([least, most]) = self.bounds else {
            return;
        };
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
