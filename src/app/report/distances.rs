//! The result of `ncm distances`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, Milliseconds, ModelKeys};
use super::{Run, bars, predictions, text};
use crate::classifier::model::ModelFile;
use crate::classifier::reported::Reported;
use crate::data::recipe::Metric;
use crate::data::{Dataset, Shape};
use crate::pictures::frame::{Frame, Framed};

/// Where an image is from.
#[derive(Clone, Copy)]
pub enum Origin<'a> {
    /// A dataset.
    Dataset {
        /// The dataset.
        dataset: &'a Dataset,
        /// The split.
        split: &'static str,
        /// The image's number there.
        index: usize,
        /// Its class.
        label: u16,
    },
    /// A picture's file.
    File {
        /// The file.
        path: &'a Path,
        /// How it became an image.
        frame: Frame,
        /// What came of it.
        framed: &'a Framed,
    },
}

/// One image and how far it is from every class mean.
pub struct Distances<'a> {
    /// Where the image is from.
    pub origin: Origin<'a>,
    /// The model.
    pub model: &'a ModelFile,
    /// Its nearest class.
    pub nearest: Reported,
    /// How far it is from each class mean; `None` for a class without images.
    pub distances: &'a [Option<f64>],
    /// Where the class sums were computed, and how long it all took.
    pub run: Run<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// Null where the image is from a file.
    dataset: Option<DatasetKeys<'a>>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    backend: BackendKeys<'a>,
    model: ModelKeys<'a>,
    /// `train` or `test`; null where the image is from a file.
    split: Option<&'a str>,
    /// The image's number there, from 0; null where it is from a file.
    index: Option<usize>,
    /// Its class; null where it is from a file.
    label: Option<u16>,
    /// The file; null where the image is from a dataset.
    file: Option<String>,
    /// The class whose mean is nearest.
    predicted: u16,
    /// The distance to the mean of each class; null for a class without images.
    distances: &'a [Option<f64>],
    /// Second least squared distance − least; null where there is one class.
    margin: Option<f64>,
    milliseconds: Milliseconds<'a>,
}

impl Distances<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let nearest = &self.nearest;
        let notes: &[String];
        let mut keys = Keys {
            dataset: None,
            recipe: self.model.model.recipe().name(),
            backend: (&self.run.backend).into(),
            model: (&self.model.model).into(),
            split: None,
            index: None,
            label: None,
            file: None,
            predicted: nearest.class,
            distances: self.distances,
            margin: Some(nearest.margin).filter(|margin| margin.is_finite()),
            milliseconds: (&self.run).into(),
        };
        match self.origin {
            Origin::Dataset {
                dataset,
                split,
                index,
                label,
            } => {
                notes = dataset.notes();
                keys.dataset = Some(dataset.into());
                keys.split = Some(split);
                keys.index = Some(index);
                keys.label = Some(label);
            }
            Origin::File { path, framed, .. } => {
                notes = &framed.notes;
                keys.file = Some(path.display().to_string());
            }
        }
        json::render("distances", notes, keys)
    }

    /// For a person, in a terminal of `width` characters.
    pub fn text(&self, width: usize) -> String {
        let mut page = text::heading(&self.headline());
        page += "\n";
        match self.origin {
            Origin::Dataset { dataset, .. } => {
                page += &text::provenance(dataset, &self.run.backend);
                page += &text::trained_on(
                    self.model.model.trained_on(),
                    self.model.model.sums().counts(),
                    "",
                );
            }
            Origin::File { frame, framed, .. } => {
                page += &text::model(self.model);
                page += &text::backend(&self.run.backend);
                page += &text::line("frame", frame.name());
                page += &predictions::frame(framed, frame);
            }
        }
        page += &text::timings(&self.run);
        page += &text::line("distances", self.unit());
        page += "\n";
        page += &bars::text(self.distances, self.nearest.class, width);
        super::worded(page, self.model.shape)
    }

    fn unit(&self) -> &'static str {
        match (self.model.shape, self.model.model.recipe().metric()) {
            (Shape::Image { .. }, _) => "in grey levels, not squared",
            (_, Metric::Euclidean) => "of prepared samples, not squared",
            (_, Metric::Cosine) => "1 − cosine",
        }
    }

    fn headline(&self) -> String {
        let nearest = self.nearest.class;
        match self.origin {
            Origin::Dataset {
                split,
                index,
                label,
                ..
            } => {
                let verdict = if nearest == label { "right" } else { "wrong" };
                format!(
                    "Image {index} of {split}, a {label}, is nearest to {nearest}, which is {verdict}"
                )
            }
            Origin::File { path, .. } => format!("{} is nearest to {nearest}", path.display()),
        }
    }
}
