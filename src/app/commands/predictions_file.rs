//! `--predictions FILE.csv`: every prediction with exact distances, which
//! checks every one of them.

use std::path::Path;

use crate::app::report::csv;
use crate::app::report::file::ResultFile;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::classifier::settle;
use crate::data::Split;
use crate::error::Result;

/// The file in the making.
pub(super) struct PredictionsFile {
    file: ResultFile,
    images: usize,
}

impl PredictionsFile {
    /// Starts the file.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let mut file = ResultFile::create(path)?;
        file.write(csv::PREDICTIONS_HEADER)?;
        Ok(Self { file, images: 0 })
    }

    /// Adds the images of a batch.
    pub(super) fn add(
        &mut self,
        batch: &Split,
        question: &Question<'_>,
        predicted: &Predictions,
    ) -> Result<()> {
        let nearest = settle::checked_nearest_of_all(self.images, batch, question, predicted)?;
        self.file
            .write(&csv::predictions(self.images, batch.labels(), &nearest))?;
        self.images += batch.len();
        Ok(())
    }

    /// Puts the whole file in its place.
    pub(super) fn finish(self) -> Result<()> {
        self.file.finish()
    }
}
