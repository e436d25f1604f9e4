//! What the page of `ncm draw` is told.

use serde::Serialize;

use super::json;
use super::predictions::Explained;
use crate::data::{Dataset, Labelled};
use crate::pictures::drawing::{Answer, CANVAS, Difference, Reader, Reading};

const COMMAND: &str = "draw";

#[derive(Serialize)]
struct ModelsKeys<'a> {
    dataset: &'a str,
    rows: usize,
    columns: usize,
    classes: usize,
    canvas: usize,
    models: Vec<ModelKeys<'a>>,
    gallery: GalleryKeys<'a>,
}

#[derive(Serialize)]
struct ModelKeys<'a> {
    trained_on: &'a str,
    images: u64,
    counts: &'a [u64],
    /// Rounded to levels; null for a class without images.
    means: Vec<Option<Vec<u8>>>,
}

#[derive(Serialize)]
struct GalleryKeys<'a> {
    name: Option<&'a str>,
    images: usize,
}

/// The models, and what there is to look at.
pub fn models(reader: &Reader) -> String {
    let (models, gallery) = (reader.models(), reader.dataset());
    let first = &models[0];
    let classes = first.model.sums().classes();
    let models = models.iter().map(|file| {
        let sums = file.model.sums();
        ModelKeys {
            trained_on: file.model.trained_on(),
            images: sums.images(),
            counts: sums.counts(),
            means: (0..classes).map(|class| sums.mean_image(class)).collect(),
        }
    });
    let keys = ModelsKeys {
        dataset: &first.dataset,
        rows: first.rows,
        columns: first.columns,
        classes,
        canvas: CANVAS,
        models: models.collect(),
        gallery: GalleryKeys {
            name: gallery.map(Dataset::name),
            images: gallery.map_or(0, |dataset| dataset.test().len()),
        },
    };
    json::compact(COMMAND, keys)
}

#[derive(Serialize)]
struct ReadKeys<'a> {
    blank: bool,
    readings: Vec<ReadingKeys<'a>>,
}

#[derive(Serialize)]
struct ReadingKeys<'a> {
    frame: &'static str,
    pixels: &'a [u8],
    explained: Explained,
    answers: Vec<AnswerKeys<'a>>,
}

#[derive(Serialize)]
struct AnswerKeys<'a> {
    trained_on: &'a str,
    predicted: u16,
    distances: Vec<Option<f64>>,
    /// Of squared distances; null with a single class.
    margin: Option<f64>,
}

impl<'a> From<&'a Answer<'a>> for AnswerKeys<'a> {
    fn from(answer: &'a Answer<'a>) -> Self {
        let measured = &answer.measured;
        Self {
            trained_on: answer.model.model.trained_on(),
            predicted: measured.nearest.class,
            distances: measured.distances(),
            margin: measured.nearest.finite_margin(),
        }
    }
}

/// What is read of a drawing; nothing where it is blank.
pub fn readings(readings: &[Reading<'_>]) -> String {
    let keys = readings.iter().map(|reading| ReadingKeys {
        frame: reading.frame.name(),
        pixels: &reading.framed.pixels,
        explained: (&reading.framed).into(),
        answers: reading.answers.iter().map(AnswerKeys::from).collect(),
    });
    let keys = ReadKeys {
        blank: readings.is_empty(),
        readings: keys.collect(),
    };
    json::compact(COMMAND, keys)
}

#[derive(Serialize)]
struct DifferenceKeys<'a> {
    a: usize,
    b: usize,
    differences: &'a [f64],
    total: f64,
}

/// What each pixel says for class `a` against class `b`.
pub fn difference(difference: &Difference) -> String {
    let [a, b] = difference.classes;
    let keys = DifferenceKeys {
        a,
        b,
        differences: &difference.pixels,
        total: difference.total,
    };
    json::compact(COMMAND, keys)
}

#[derive(Serialize)]
struct ImagesKeys<'a> {
    total: usize,
    images: Vec<ImageKeys<'a>>,
}

#[derive(Serialize)]
struct ImageKeys<'a> {
    index: usize,
    label: u16,
    pixels: &'a [u8],
}

/// Images of the gallery from one on.
pub fn gallery(reader: &Reader, from: usize, images: &[Labelled]) -> String {
    let keys = (from..).zip(images).map(|(index, labelled)| ImageKeys {
        index,
        label: labelled.label,
        pixels: labelled.image.pixels(),
    });
    let keys = ImagesKeys {
        total: reader.dataset().map_or(0, |dataset| dataset.test().len()),
        images: keys.collect(),
    };
    json::compact(COMMAND, keys)
}
