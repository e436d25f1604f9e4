//! How many images each class has.

use schemars::JsonSchema;
use serde::Serialize;

use super::table::Table;
use super::{MOST_CLASSES, text};
use crate::data::Survey;

/// Images of each class, in train and in test.
#[derive(Serialize, JsonSchema)]
pub(super) struct LabelCounts<'a> {
    /// Training images of each class.
    train: &'a [u64],
    /// Test images of each class.
    test: &'a [u64],
}

impl<'a> LabelCounts<'a> {
    pub(super) fn new([train, test]: &'a [Survey; 2]) -> Self {
        Self {
            train: &train.label_counts,
            test: &test.label_counts,
        }
    }

    /// A table of the classes that have any.
    pub(super) fn text(&self) -> String {
        let both = self.train.iter().zip(self.test).enumerate();
        let with = both.filter(|(_, (train, test))| **train + **test > 0);
        let with: Vec<_> = with.collect();
        let rows = with
            .iter()
            .take(MOST_CLASSES)
            .map(|(class, (train, test))| {
                [class.to_string(), text::count(**train), text::count(**test)]
            });
        let mut page = text::heading("Images of each class");
        page += &Table::new(["class", "train", "test"], rows).text();
        if with.len() > MOST_CLASSES {
            page += "  and so on; --json has them all\n";
        }
        let without = self.train.len() - with.len();
        if without > 0 {
            page += &format!("  {}\n", text::none_of(without, self.train.len()));
        }
        page
    }
}
