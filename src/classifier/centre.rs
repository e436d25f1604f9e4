//! The mean of all samples of a source, which the recipe `cl2n` subtracts from each.

use std::borrow::Cow;

use crate::classifier::float_sums::RunningSums;
use crate::data::{Features, Samples, Source};
use crate::error::{Error, Result};

/// The exact mean of all samples, each value rounded once to `f32`; of images, of their
/// levels.
///
/// # Errors
/// When a file turns out to be damaged.
pub fn centre(source: &Source) -> Result<Vec<f32>> {
    let mut sums: Option<RunningSums> = None;
    let mut batches = source.batches();
    while let Some(batch) = batches.next() {
        let batch = batch?;
        let one_class = vec![0; batch.len()];
        let features = match batch.samples() {
            Samples::Images(images) => Cow::Owned(Features::of_images(images)),
            Samples::Features(features) => Cow::Borrowed(features),
        };
        let sums = match &mut sums {
            Some(sums) => sums,
            none => none.insert(RunningSums::new(&features, 1)?),
        };
        sums.add(&features, &one_class)?;
        batches.give_back(batch);
    }
    let centre = sums.and_then(|sums| sums.finish().centre());
    centre.ok_or_else(|| Error::Invalid("a mean of no samples".into()))
}
