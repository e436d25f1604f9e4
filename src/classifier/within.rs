//! Whether a sample's own class is among the nearest few, exactly, for some samples of a
//! split on all cores.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::{Among, FloatQuestion};
use crate::classifier::float_sums::FloatSums;
use crate::classifier::model::Question;
use crate::data::{Samples, Split};
use crate::error::Result;

/// For each of these samples, whether fewer than `places` classes stand before its label:
/// are nearer, or as near and lower.
///
/// # Errors
/// When [`Question::check`] refuses the question.
pub fn within(
    split: &Split,
    question: &Question<'_>,
    places: usize,
    samples: &[u32],
) -> Result<Vec<bool>> {
    question.check(split)?;
    // Levels are floats as well.
    let sums = match question.model().sums() {
        ClassSums::Floats(sums) => Cow::Borrowed(sums),
        ClassSums::Levels(sums) => Cow::Owned(FloatSums::of_levels(sums)?),
    };
    let means = sums.means();
    let metric = question.model().recipe().metric();
    let question = FloatQuestion::new(&sums, &means, metric, question.leaves_one_out());
    let is_within = |&sample: &u32| {
        let label = split.labels()[sample as usize];
        let row: Cow<'_, [f32]> = match split.samples() {
            Samples::Features(features) => features.row(sample as usize).into(),
            Samples::Images(images) => {
                let levels = images.image(sample as usize).iter();
                levels.map(|&level| f32::from(level)).collect()
            }
        };
        question.is_within(&row, label, places, Among::All).answer
    };
    Ok(samples.par_iter().map(is_within).collect())
}
