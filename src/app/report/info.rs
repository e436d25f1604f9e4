//! What is in a dataset.

use schemars::JsonSchema;
use serde::Serialize;

use super::classes::LabelCounts;
use super::json::{self, DatasetKeys};
use super::table::Table;
use super::terminal::balanced;
use super::{Report, text};
use crate::data::{Dataset, Labelled, Source, Survey};

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
    /// Characters in a line of the text.
    pub width: usize,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// Train images, train labels, test images, test labels.
    arrays: [ArrayKeys; 4],
    label_counts: LabelCounts<'a>,
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

impl Report for Info<'_> {
    fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            arrays: self.arrays(),
            label_counts: LabelCounts::new(self.surveys),
            image: ImageKeys {
                split: self.split,
                index: self.index,
                label: self.image.label,
                pixels: self.rows().collect(),
            },
        };
        json::render("info", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let (name, source) = (self.dataset.name(), self.dataset.source());
        let mut page = text::heading(&format!("{name}, from {source}"));
        page += &text::notes(self.dataset.notes());
        let rows = self.arrays().map(|array| {
            let shape: Vec<String> = array.shape.iter().map(usize::to_string).collect();
            let values = format!("{} to {}", array.least, array.greatest);
            [array.name.to_owned(), shape.join(" × "), values]
        });
        page += &Table::new(["array", "shape", "values"], rows).text();
        page += "\n";
        page += &LabelCounts::new(self.surveys).text();
        page += "\n";
        page += &text::heading(&format!(
            "Image {} of {}: a {}",
            self.index, self.split, self.image.label
        ));
        page + &self.matrix()
    }
}

impl Info<'_> {
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        let image = &self.image.image;
        image.image(0).chunks_exact(image.columns())
    }

    /// The pixels as numbers; where a row does not fit a line, blocks of columns
    /// below each other.
    fn matrix(&self) -> String {
        let columns = self.image.image.columns();
        let most = ((self.width + 1) / 4).max(1);
        let in_a_block = balanced(columns, most);
        let mut text = String::new();
        for first in (0..columns).step_by(in_a_block) {
            let last = columns.min(first + in_a_block) - 1;
            if in_a_block < columns {
                text += &format!("columns {first} to {last}\n");
            }
            for row in self.rows() {
                let values = row[first..=last].iter();
                let values: Vec<String> = values.map(|pixel| format!("{pixel:>3}")).collect();
                text += &values.join(" ");
                text.push('\n');
            }
        }
        text
    }

    /// The arrays as the notebook has them.
    fn arrays(&self) -> [ArrayKeys; 4] {
        let [train, test] = self.surveys;
        let (of_train, of_test) = (self.dataset.train(), self.dataset.test());
        [
            images("train images", of_train, train),
            labels("train labels", of_train, train),
            images("test images", of_test, test),
            labels("test labels", of_test, test),
        ]
    }
}

fn images(name: &'static str, source: &Source, survey: &Survey) -> ArrayKeys {
    ArrayKeys {
        name,
        shape: vec![source.len(), source.rows(), source.columns()],
        least: survey.least.into(),
        greatest: survey.greatest.into(),
    }
}

fn labels(name: &'static str, source: &Source, survey: &Survey) -> ArrayKeys {
    let has_images = |count: &u64| *count > 0;
    let least = survey.label_counts.iter().position(has_images);
    let greatest = survey.label_counts.iter().rposition(has_images);
    ArrayKeys {
        name,
        shape: vec![source.len()],
        // Classes are numbered in 16 bits.
        least: least.unwrap_or(0) as u16,
        greatest: greatest.unwrap_or(0) as u16,
    }
}
