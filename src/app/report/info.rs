//! What is in a dataset.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::classes::LabelCounts;
use super::json::{self, DatasetKeys};
use super::table::Table;
use super::terminal::balanced;
use super::{Report, text};
use crate::data::{Dataset, Images, Labelled, Samples, Shape, Source, Survey};

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
    least: Number,
    /// The greatest value.
    greatest: Number,
}

/// A value of an array.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Number {
    /// A level or a label.
    Whole(u16),
    /// A value of a feature vector.
    Float(f32),
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(formatter),
            Self::Float(number) => number.fmt(formatter),
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct ImageKeys<'a> {
    /// `train` or `test`.
    split: &'a str,
    /// Its number there, from 0.
    index: usize,
    /// Its class.
    label: u16,
    /// Its rows of pixels; null of a feature vector.
    pixels: Option<Vec<&'a [u8]>>,
    /// The values of a feature vector; null of an image.
    values: Option<&'a [f32]>,
}

impl Report for Info<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.dataset.train().shape())
    }

    fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            arrays: self.arrays(),
            label_counts: LabelCounts::new(self.surveys),
            image: ImageKeys {
                split: self.split,
                index: self.index,
                label: self.image.label,
                pixels: self.image.image().map(|image| rows(image).collect()),
                values: self.values(),
            },
        };
        json::render("info", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let [name, source] = [self.dataset.name(), self.dataset.source()].map(text::kept);
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
        page += &self.matrix();
        page
    }
}

impl Info<'_> {
    fn values(&self) -> Option<&[f32]> {
        match &self.image.sample {
            Samples::Images(_) => None,
            Samples::Features(features) => features.get(0),
        }
    }

    /// The values of a feature vector, as many in a line as fit.
    fn vector(&self) -> String {
        let values: Vec<String> = (self.values().unwrap_or_default().iter())
            .map(|&value| format!("{:>11}", short(value)))
            .collect();
        let beside = ((self.width + 1) / 12).max(1);
        let lines = values.chunks(beside).map(|line| line.join(" ") + "\n");
        lines.collect()
    }

    /// The pixels as numbers; where a row does not fit a line, blocks of columns
    /// below each other.
    fn matrix(&self) -> String {
        let Some(image) = self.image.image() else {
            return self.vector();
        };
        let columns = image.columns();
        let most = ((self.width + 1) / 4).max(1);
        let in_a_block = balanced(columns, most);
        let mut text = String::new();
        for first in (0..columns).step_by(in_a_block) {
            let last = columns.min(first + in_a_block) - 1;
            if in_a_block < columns {
                text += &format!("columns {first} to {last}\n");
            }
            for row in rows(image) {
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
            samples(["train images", "train samples"], of_train, train),
            labels("train labels", of_train, train),
            samples(["test images", "test samples"], of_test, test),
            labels("test labels", of_test, test),
        ]
    }
}

/// A number in at most eleven characters.
fn short(value: f32) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        0.001..100_000.0 => format!("{value:.4}"),
        _ => format!("{value:.3e}"),
    }
}

fn rows(image: &Images) -> impl Iterator<Item = &[u8]> {
    image.image(0).chunks_exact(image.columns())
}

fn samples(name: [&'static str; 2], source: &Source, survey: &Survey) -> ArrayKeys {
    let [of_images, of_samples] = name;
    let ends = [survey.least, survey.greatest];
    match source.shape() {
        Shape::Image { rows, columns } => {
            let [least, greatest] = ends.map(|level| Number::Whole(level as u16));
            ArrayKeys {
                name: of_images,
                shape: vec![source.len(), rows, columns],
                least,
                greatest,
            }
        }
        Shape::Vector { dim } => {
            let [least, greatest] = ends.map(Number::Float);
            ArrayKeys {
                name: of_samples,
                shape: vec![source.len(), dim],
                least,
                greatest,
            }
        }
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
        least: Number::Whole(least.unwrap_or(0) as u16),
        greatest: Number::Whole(greatest.unwrap_or(0) as u16),
    }
}
