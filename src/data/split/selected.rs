//! Some rows of a split, and its samples among other classes.

use std::ops::Range;

use super::{Samples, Split};
use crate::data::{Features, Images};
use crate::error::Result;

impl Split {
    /// These rows of the samples.
    ///
    /// # Errors
    /// When there are none.
    pub(in crate::data) fn rows_of(self, rows: Range<usize>) -> Result<Self> {
        let dim = self.shape().dim();
        let values = rows.start * dim..rows.end * dim;
        let samples: Samples = match self.samples {
            Samples::Images(images) => {
                let (height, width) = (images.rows(), images.columns());
                Images::new(height, width, images.pixels()[values].to_vec())?.into()
            }
            Samples::Features(features) => {
                Features::new(dim, features.values()[values].to_vec())?.into()
            }
        };
        Self::new(samples, self.labels[rows].to_vec(), self.classes)
    }

    /// The same samples, of whose classes each has this place among so many.
    ///
    /// # Errors
    /// When a place is not below that.
    pub(in crate::data) fn relabelled(self, places: &[u16], classes: usize) -> Result<Self> {
        let labels = self.labels.iter().map(|&label| places[usize::from(label)]);
        Self::new(self.samples, labels.collect(), classes)
    }

    /// The same samples among more classes.
    pub(in crate::data) fn among(self, classes: usize) -> Self {
        let classes = classes.max(self.classes);
        Self { classes, ..self }
    }
}
