//! `--predictions FILE.csv`: every prediction with exact distances, which
//! checks every one of them.

use crate::app::report::csv;
use crate::app::report::file::{Destination, ResultFile};
use crate::classifier::exact;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::data::Split;
use crate::error::Result;

/// The file in the making.
pub(super) struct PredictionsFile {
    file: ResultFile,
    images: usize,
}

impl PredictionsFile {
    /// Starts the file.
    pub(super) fn create(destination: &Destination) -> Result<Self> {
        let mut file = ResultFile::create(destination)?;
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
        let nearest = exact::checked_nearest_of_all(self.images, batch, question, predicted)?;
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
