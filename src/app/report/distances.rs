//! The result of `ncm distances`.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, Milliseconds, ModelKeys};
use super::{bars, predictions, text};
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::classifier::exact::Nearest;
use crate::classifier::model::ModelFile;
use crate::data::Dataset;
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
    /// Where the class sums were computed.
    pub backend: &'a Description,
    /// The model.
    pub model: &'a ModelFile,
    /// The class whose mean is nearest.
    pub nearest: &'a Nearest,
    /// The distance to each class mean; `None` for a class without images.
    pub distances: &'a [Option<f64>],
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// Null where the image is from a file.
    dataset: Option<DatasetKeys<'a>>,
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
        let (dataset, split, index, label, file) = match self.origin {
            Origin::Dataset {
                dataset,
                split,
                index,
                label,
            } => (
                Some(dataset.into()),
                Some(split),
                Some(index),
                Some(label),
                None,
            ),
            Origin::File { path, .. } => (None, None, None, None, Some(path.display().to_string())),
        };
        let keys = Keys {
            dataset,
            backend: self.backend.into(),
            model: (&self.model.model).into(),
            split,
            index,
            label,
            file,
            predicted: self.nearest.class,
            distances: self.distances,
            margin: self.nearest.second.map(|_| self.nearest.margin()),
            milliseconds: Milliseconds(self.timings, self.total),
        };
        json::render("distances", keys)
    }

    /// For a person, in a terminal of `width` characters.
    pub fn text(&self, width: Option<usize>) -> String {
        let mut page = text::heading(&self.headline());
        page += "\n";
        match self.origin {
            Origin::Dataset { dataset, .. } => {
                page += &text::provenance(dataset, self.backend);
                page += &text::trained_on(&self.model.model, "");
            }
            Origin::File { frame, framed, .. } => {
                page += &text::model(self.model);
                page += &text::backend(self.backend);
                page += &text::line("frame", frame.name());
                page += &predictions::frame(framed, frame);
            }
        }
        page += &text::timings(self.timings, self.total);
        page += "\n";
        page += &bars::text(self.distances, self.nearest.class, width);
        page
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
                let verdict = match nearest == label {
                    true => "which is right",
                    false => "which is wrong",
                };
                format!("Image {index} of {split}, a {label}, is nearest to {nearest}, {verdict}")
            }
            Origin::File { path, .. } => format!("{} is nearest to {nearest}", path.display()),
        }
    }
}
