//! What is in a dataset.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, DatasetKeys};
use super::{classes, text};
use crate::data::{Dataset, Labelled, Survey};

/// A dataset and one of its images.
pub struct Info<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// What train and test hold.
    pub surveys: &'a [Survey; 2],
    /// The split that the image is of.
    pub split: &'static str,
    /// Its number there.
    pub index: usize,
    /// The image.
    pub image: &'a Labelled,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// Train images, train labels, test images, test labels.
    arrays: [ArrayKeys; 4],
    label_counts: classes::LabelCounts<'a>,
    /// The image that `--split` and `--index` choose.
    image: ImageKeys<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ArrayKeys {
    /// What is in it.
    name: &'static str,
    /// Its size along each axis.
    shape: Vec<usize>,
    /// The least value.
    least: u16,
    /// The greatest value.
    greatest: u16,
}

#[derive(Serialize, JsonSchema)]
struct ImageKeys<'a> {
    /// `train` or `test`.
    split: &'a str,
    /// Its number there, from 0.
    index: usize,
    /// Its class.
    label: u16,
    /// Its rows of pixels.
    pixels: Vec<&'a [u8]>,
}

impl Info<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            arrays: self.arrays(),
            label_counts: classes::LabelCounts::new(self.label_counts()),
            image: ImageKeys {
                split: self.split,
                index: self.index,
                label: self.image.label,
                pixels: self.rows().collect(),
            },
        };
        json::render("info", keys)
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut page = text::heading(&format!(
            "{}, from {}",
            self.dataset.name(),
            self.dataset.source()
        ));
        let heads = ["array", "shape", "values"].map(str::to_owned).to_vec();
        let row = |array: &ArrayKeys| {
            let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
            let values = format!("{} to {}", array.least, array.greatest);
            vec![array.name.to_owned(), shape.join(" × "), values]
        };
        let rows: Vec<_> = [heads]
            .into_iter()
            .chain(self.arrays().iter().map(row))
            .collect();
        page += &text::table(&rows);
        page += "\n";
        page += &classes::text(self.label_counts());
        page += "\n";
        page += &text::heading(&format!(
            "Image {} of {}: a {}",
            self.index, self.split, self.image.label
        ));
        for row in self.rows() {
            let values: Vec<String> = row.iter().map(|pixel| format!("{pixel:>3}")).collect();
            page += &values.join(" ");
            page += "\n";
        }
        page
    }

    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let image = &self.image.image;
        image.image(0).chunks_exact(image.columns())
    }

    fn label_counts(&self) -> [&[u64]; 2] {
        [&self.surveys[0].label_counts, &self.surveys[1].label_counts]
    }

    /// The arrays as the notebook has them.
    fn arrays(&self) -> [ArrayKeys; 4] {
        let [train, test] = self.surveys;
        let sources = [self.dataset.train(), self.dataset.test()];
        let images = |name, index: usize, survey: &Survey| ArrayKeys {
            name,
            shape: vec![
                sources[index].len(),
                sources[index].rows(),
                sources[index].columns(),
            ],
            least: survey.least.into(),
            greatest: survey.greatest.into(),
        };
        let labels = |name, index: usize, survey: &Survey| {
            let held = |&class: &usize| survey.label_counts[class] > 0;
            let mut classes = (0..survey.label_counts.len()).filter(held);
            let least = classes.next().unwrap_or(0);
            ArrayKeys {
                name,
                shape: vec![sources[index].len()],
                // Classes are numbered in 16 bits.
                least: least as u16,
                greatest: classes.next_back().unwrap_or(least) as u16,
            }
        };
        [
            images("train images", 0, train),
            labels("train labels", 0, train),
            images("test images", 1, test),
            labels("test labels", 1, test),
        ]
    }
}
