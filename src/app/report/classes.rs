//! How many images each class has.

use schemars::JsonSchema;
use serde::Serialize;

use super::text;

/// Classes that a person is shown.
const SHOWN: usize = 100;

/// Images of each class, in train and in test.
#[derive(Serialize, JsonSchema)]
pub(super) struct LabelCounts<'a> {
    /// Training images of each class.
    train: &'a [u64],
    /// Test images of each class.
    test: &'a [u64],
}

impl<'a> LabelCounts<'a> {
    pub(super) fn new([train, test]: [&'a [u64]; 2]) -> Self {
        Self { train, test }
    }
}

/// A table of the classes.
pub(super) fn text([train, test]: [&[u64]; 2]) -> String {
    let mut rows = vec![["class", "train", "test"].map(str::to_owned).to_vec()];
    for (class, (train, test)) in train.iter().zip(test).enumerate().take(SHOWN) {
        rows.push(vec![
            class.to_string(),
            text::count(*train),
            text::count(*test),
        ]);
    }
    let mut page = text::heading("Images of each class");
    page += &text::table(&rows);
    if train.len() > SHOWN {
        page += "  and so on; --json has them all\n";
    }
    page
}
