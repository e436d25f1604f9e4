//! Settles uncertain decisions of a backend with exact arithmetic, and checks
//! predictions against it, for all images of a split on all cores.

use rayon::prelude::*;

use crate::classifier::exact::{Nearest, nearest};
use crate::classifier::model::Question;
use crate::classifier::predictions::{Decision, Predictions};
use crate::data::Split;
use crate::error::{Error, Result};

/// The nearest class of every image of a split, by exact arithmetic alone.
pub fn nearest_of_all(split: &Split, question: &Question<'_>) -> Vec<Nearest> {
    (0..split.len())
        .into_par_iter()
        .map(|index| nearest(split.images().image(index), split.labels()[index], question))
        .collect()
}

/// Like [`nearest_of_all`], but also compares the result with a backend's predictions.
/// Image 0 of `split` is reported as image `first`.
///
/// # Errors
/// When a prediction differs from the exact answer.
pub fn checked_nearest_of_all(
    first: usize,
    split: &Split,
    question: &Question<'_>,
    predicted: &Predictions,
) -> Result<Vec<Nearest>> {
    let nearest = nearest_of_all(split, question);
    let both = nearest.iter().zip(predicted.classes());
    match both
        .enumerate()
        .find(|(_, (nearest, class))| nearest.class != **class)
    {
        None => Ok(nearest),
        Some((place, (found, class))) => Err(Error::WrongAnswer {
            image: first + place,
            given: *class,
            exact: found.class,
        }),
    }
}

/// The smallest number of images per thread: waking another thread takes about as
/// long as settling these.
const ALONE: usize = 4;

/// [`settle`] for several questions about the same images.
pub fn settle_all(
    split: &Split,
    questions: &[Question<'_>],
    decisions: &[Vec<Decision>],
) -> Vec<Predictions> {
    let settle = |(question, decisions): (_, &Vec<Decision>)| settle(split, question, decisions);
    questions.par_iter().zip(decisions).map(settle).collect()
}

/// Turns a backend's decisions into predictions: uncertain ones are decided again
/// by exact arithmetic.
pub fn settle(split: &Split, question: &Question<'_>, decisions: &[Decision]) -> Predictions {
    assert_eq!(split.len(), decisions.len(), "one decision for each image");
    let mut classes: Vec<u16> = decisions.iter().map(|decision| decision.class()).collect();
    let doubtful: Vec<usize> = (0..decisions.len())
        .filter(|&index| !decisions[index].is_certain())
        .collect();
    let settled: Vec<(usize, u16)> = doubtful
        .into_par_iter()
        .with_min_len(ALONE)
        .map(|index| {
            let (image, label) = (split.images().image(index), split.labels()[index]);
            (index, nearest(image, label, question).class)
        })
        .collect();
    settled
        .iter()
        .for_each(|&(index, class)| classes[index] = class);
    Predictions::new(classes, settled.len())
}
