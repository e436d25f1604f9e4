//! Class sums of a split that comes in batches.

use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_sums;
use crate::data::LabelledRows;
use crate::error::Result;

/// The class sums of the batches so far.
#[derive(Default)]
pub struct RunningSums {
    sums: Option<ClassSums>,
    rows: Option<float_sums::RunningSums>,
}

impl RunningSums {
    /// Adds the class sums of a batch.
    ///
    /// # Errors
    /// As [`ClassSums::merge`].
    pub fn merge(&mut self, more: ClassSums) -> Result<()> {
        match &mut self.sums {
            Some(sums) => sums.merge(&more),
            none => {
                *none = Some(more);
                Ok(())
            }
        }
    }

    /// Adds the feature vectors of a batch, on all cores: on every backend their sums are the
    /// host's.
    ///
    /// # Errors
    /// When they are of another kind than earlier ones, or more than sums can hold.
    pub fn add_rows(&mut self, rows: LabelledRows<'_>) -> Result<()> {
        let sums = match &mut self.rows {
            Some(sums) => sums,
            none => none.insert(float_sums::RunningSums::new(rows.features, rows.classes)?),
        };
        sums.add(rows.features, rows.labels)
    }

    /// The sums of all batches; `None` where there was none.
    ///
    /// # Errors
    /// As [`ClassSums::merge`].
    pub fn finish(mut self) -> Result<Option<ClassSums>> {
        if let Some(rows) = self.rows.take() {
            self.merge(rows.finish().into())?;
        }
        Ok(self.sums)
    }
}
