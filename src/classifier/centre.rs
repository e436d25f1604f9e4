//! The mean of all samples, which the recipe `cl2n` subtracts from each: of a source, or of
//! the sums that its parts add up to.

use std::borrow::Cow;

use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_sums::{FloatSums, RunningSums};
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
    of_some(sums.and_then(|sums| sums.finish().centre()))
}

/// The same of the samples that were summed, which must not have been prepared. However
/// they were cut into parts before, it is equal in every bit.
///
/// # Errors
/// When there are none.
pub fn centre_of(sums: &ClassSums) -> Result<Vec<f32>> {
    of_some(match sums {
        ClassSums::Levels(sums) => FloatSums::of_levels(sums)?.centre(),
        ClassSums::Floats(sums) => sums.centre(),
    })
}

fn of_some(centre: Option<Vec<f32>>) -> Result<Vec<f32>> {
    centre.ok_or_else(|| Error::Invalid("a mean of no samples".into()))
}
