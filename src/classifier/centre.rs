//! The mean of all samples of a source, which the recipe `cl2n` subtracts from each.

use crate::classifier::float_sums::FloatSums;
use crate::data::{Features, Samples, Source};
use crate::error::{Error, Result};

/// The exact mean of all samples, each value rounded once to `f32`; of images, of their
/// levels.
///
/// # Errors
/// When a file turns out to be damaged.
pub fn centre(source: &Source) -> Result<Vec<f32>> {
    let mut sums: Option<FloatSums> = None;
    let mut batches = source.batches();
    while let Some(batch) = batches.next() {
        let batch = batch?;
        let one_class = vec![0; batch.len()];
        let more = match batch.samples() {
            Samples::Images(images) => FloatSums::over(&Features::of_images(images), &one_class, 1),
            Samples::Features(features) => FloatSums::over(features, &one_class, 1),
        }?;
        match &mut sums {
            Some(sums) => sums.merge(&more)?,
            None => sums = Some(more),
        }
        batches.give_back(batch);
    }
    let centre = sums.and_then(|sums| sums.centre());
    centre.ok_or_else(|| Error::Invalid("a mean of no samples".into()))
}
