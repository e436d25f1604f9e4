//! The result of `ncm predict` for feature vectors.

use std::fmt::Write;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::Run;
use super::predictions::Keys;
use crate::classifier::model::ModelFile;
use crate::classifier::reported::Reported;

/// The nearest class of each feature vector of a file.
pub struct Vectors<'a> {
    /// The file.
    pub file: &'a Path,
    /// The model.
    pub model: &'a ModelFile,
    /// Of each vector.
    pub reported: &'a [Reported],
    /// What was interpreted in the file.
    pub notes: &'a [String],
    /// How long it all took.
    pub run: Run<'a>,
}

/// A feature vector and its nearest class.
#[derive(Serialize, JsonSchema)]
pub(super) struct SampleKeys {
    /// Its row in the file, from 0.
    index: usize,
    /// The class whose mean is nearest.
    predicted: u16,
    /// The distance to that mean, or 1 − cosine.
    distance: f64,
    /// Second least squared distance − least, or the difference of the two largest cosines;
    /// null where there is one class.
    margin: Option<f64>,
}

impl Vectors<'_> {
    /// A line for each vector.
    pub fn csv(&self) -> String {
        let mut text = String::from("index,predicted,distance,margin\n");
        for (index, reported) in self.reported.iter().enumerate() {
            let Reported {
                class,
                distance,
                margin,
                ..
            } = reported;
            let _ = writeln!(text, "{index},{class},{distance},{margin}");
        }
        text
    }

    /// As one JSON object.
    pub fn json(&self) -> String {
        let samples = self.reported.iter().enumerate();
        let samples = samples.map(|(index, reported)| SampleKeys {
            index,
            predicted: reported.class,
            distance: reported.distance,
            margin: Some(reported.margin).filter(|margin| margin.is_finite()),
        });
        Keys::of_vectors(self.model, samples.collect(), &self.run).render(self.notes)
    }
}
