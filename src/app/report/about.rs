//! The dataset that a result is about, as it is or as scores of its samples know it.

use crate::data::recipe::Recipe;
use crate::data::{Dataset, Shape};
use crate::evaluation::score::Score;

/// What a result says of its dataset.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub name: &'a str,
    /// Where it was read from, if it is one.
    pub source: Option<&'a str>,
    /// Samples for training and for testing.
    pub splits: [u64; 2],
    pub shape: Shape,
    pub values: &'a str,
    pub classes: usize,
    pub class_names: &'a [String],
    pub recipe: Recipe,
    /// What was interpreted or passed over, and what is to be known of ranges of values.
    pub notes: [&'a [String]; 2],
}

impl<'a> From<&'a Dataset> for About<'a> {
    fn from(dataset: &'a Dataset) -> Self {
        Self {
            name: dataset.name(),
            source: Some(dataset.source()),
            splits: [dataset.train(), dataset.test()].map(|source| source.len() as u64),
            shape: dataset.train().shape(),
            values: dataset.values(),
            classes: dataset.classes(),
            class_names: dataset.class_names(),
            recipe: dataset.preparation().recipe(),
            notes: [dataset.notes(), &[]],
        }
    }
}

impl<'a> From<&'a Score> for About<'a> {
    fn from(score: &'a Score) -> Self {
        Self {
            name: &score.dataset,
            source: None,
            splits: score.splits,
            shape: score.shape,
            values: &score.values,
            classes: score.classes(),
            class_names: &score.class_names,
            recipe: score.recipe,
            notes: [&score.notes, &score.range_notes],
        }
    }
}

impl About<'_> {
    /// All notes.
    pub(super) fn all_notes(&self) -> Vec<String> {
        self.notes.concat()
    }
}
