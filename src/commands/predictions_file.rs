//! `--predictions FILE.csv`: every prediction with exact distances, which
//! checks every one of them.

use std::path::Path;

use crate::dataset::Split;
use crate::error::{Error, Result};
use crate::exact;
use crate::model::Question;
use crate::predictions::Predictions;
use crate::report::csv;
use crate::report::file::ResultFile;

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
        let nearest = exact::nearest_of_all(batch, question);
        let both = nearest.iter().zip(predicted.classes());
        let differs = both
            .clone()
            .position(|(nearest, &class)| nearest.class != class);
        if let Some(index) = differs {
            return Err(Error::WrongAnswer(format!(
                "image {} was given class {} but exact arithmetic finds {}; please report this with `ncm devices`",
                self.images + index,
                predicted.classes()[index],
                nearest[index].class
            )));
        }
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
