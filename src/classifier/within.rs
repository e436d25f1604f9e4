//! Whether a sample's own class is among the nearest few, exactly, for the samples of a split
//! on all cores.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::{Among, FloatQuestion};
use crate::classifier::float_sums::FloatSums;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::data::{Samples, Split};
use crate::error::Result;

/// For each sample, whether fewer than `places` classes stand before its label: are nearer,
/// or as near and lower. So it is where the prediction, the nearest class, is right.
///
/// # Errors
/// When [`Question::check`] refuses the question.
pub fn of_predictions(
    split: &Split,
    question: &Question<'_>,
    places: usize,
    predictions: &Predictions,
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
    let is_within = |(sample, (&label, &nearest)): (usize, (&u16, &u16))| {
        let row: Cow<'_, [f32]> = match split.samples() {
            _ if label == nearest => return places > 0,
            Samples::Features(features) => features.row(sample).into(),
            Samples::Images(images) => {
                let levels = images.image(sample).iter();
                levels.map(|&level| f32::from(level)).collect()
            }
        };
        question.is_within(&row, label, places, Among::All).answer
    };
    let both = split.labels().par_iter().zip(predictions.classes());
    Ok(both.enumerate().map(is_within).collect())
}
