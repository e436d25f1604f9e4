//! `--predictions FILE.csv`: every prediction with exact distances, which
//! checks every one of them.

use std::fmt::Write;

use super::destination::Destination;
use super::file::ResultFile;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::classifier::settle;
use crate::data::Split;
use crate::error::Result;

const HEADER: &str = "index,label,predicted,distance,margin\n";

/// The file in the making.
pub struct PredictionsFile {
    file: ResultFile,
    images: usize,
}

impl PredictionsFile {
    /// Starts the file, whose first line is that of image number `first`.
    ///
    /// # Errors
    /// As [`ResultFile::create`].
    pub fn create(destination: &Destination, first: usize) -> Result<Self> {
        let mut file = ResultFile::create(destination)?;
        file.write(HEADER)?;
        Ok(Self {
            file,
            images: first,
        })
    }

    /// Adds a line for each image of a batch.
    ///
    /// Distances come from the exact fractions and are written with the fewest
    /// digits that read back to the same `f64`, so the file is the same byte
    /// for byte whatever backend ran.
    ///
    /// # Errors
    /// When a prediction is not what exact arithmetic finds, or the file cannot
    /// be written.
    pub fn add(
        &mut self,
        batch: &Split,
        question: &Question<'_>,
        predicted: &Predictions,
    ) -> Result<()> {
        let nearest = settle::checked_nearest_of_all(self.images, batch, question, predicted)?;
        let mut text = String::new();
        let labelled = batch.labels().iter().zip(&nearest);
        for (index, (label, nearest)) in (self.images..).zip(labelled) {
            let (distance, margin) = (nearest.distance, nearest.margin);
            let _ = writeln!(
                text,
                "{index},{label},{},{distance},{margin}",
                nearest.class
            );
        }
        self.images += batch.len();
        self.file.write(&text)
    }

    /// Puts the whole file in its place.
    ///
    /// # Errors
    /// As [`ResultFile::finish`].
    pub fn finish(self) -> Result<()> {
        self.file.finish()
    }
}
