//! Settles uncertain decisions of a backend with exact arithmetic, and checks
//! predictions against it, for all samples of a split on all cores.

use rayon::prelude::*;

use crate::classifier::exact;
use crate::classifier::float_exact::{Among, Settled};
use crate::classifier::model::Question;
use crate::classifier::predictions::{Decisions, Predictions};
use crate::classifier::reported::Reported;
use crate::data::{Split, View};
use crate::error::{Error, Result};

/// The nearest class of every sample of a split, by exact arithmetic alone.
///
/// # Errors
/// When [`Question::check`] refuses the question.
pub fn nearest_of_all(split: &Split, question: &Question<'_>) -> Result<Vec<Reported>> {
    question.check(split)?;
    let labels = split.labels();
    let indices = (0..split.len()).into_par_iter();
    match split.view() {
        View::Images(images) => {
            let question = question.of_levels()?;
            let nearest = |index| {
                let image = images.images().image(index);
                exact::nearest(image, labels[index], &question).into()
            };
            Ok(indices.map(nearest).collect())
        }
        View::Rows(rows) => {
            let question = question.of_floats()?;
            let nearest = |index| {
                let measured = question.measured(rows.features.row(index), labels[index]);
                let measured = measured.ok_or_else(no_class)?;
                Ok(Reported::of_floats(&question, measured))
            };
            indices.map(nearest).collect()
        }
    }
}

/// Like [`nearest_of_all`], but also compares the result with a backend's predictions.
/// Sample 0 of `split` is reported as sample `first`.
///
/// # Errors
/// When a prediction differs from the exact answer.
pub fn checked_nearest_of_all(
    first: usize,
    split: &Split,
    question: &Question<'_>,
    predicted: &Predictions,
) -> Result<Vec<Reported>> {
    let nearest = nearest_of_all(split, question)?;
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

/// The smallest number of samples per thread: waking another thread takes about as
/// long as settling these.
const ALONE: usize = 4;

/// [`settle`] for several questions about the same samples.
///
/// # Errors
/// As [`settle`].
pub fn settle_all(
    split: &Split,
    questions: &[Question<'_>],
    decisions: &[Decisions],
) -> Result<Vec<Predictions>> {
    let settle = |(question, decisions): (_, &Decisions)| settle(split, question, decisions);
    questions.par_iter().zip(decisions).map(settle).collect()
}

/// Turns a backend's decisions into predictions: uncertain ones are decided again
/// by exact arithmetic.
///
/// # Errors
/// When the question is not one about these samples.
pub fn settle(
    split: &Split,
    question: &Question<'_>,
    decisions: &Decisions,
) -> Result<Predictions> {
    assert_eq!(split.len(), decisions.len(), "one decision for each sample");
    let mut classes: Vec<u16> = decisions.iter().map(|decision| decision.class()).collect();
    let doubtful: Vec<usize> = (0..decisions.len())
        .filter(|&index| !decisions[index].is_certain())
        .collect();
    let doubtful = doubtful.into_par_iter().with_min_len(ALONE);
    let labels = split.labels();
    let settled: Vec<(usize, Settled<u16>)> = match split.view() {
        View::Images(images) => {
            let question = question.of_levels()?;
            let settle = |index| {
                let image = images.images().image(index);
                let nearest = exact::nearest(image, labels[index], &question);
                let settled = Settled {
                    answer: nearest.class,
                    in_fractions: true,
                };
                (index, settled)
            };
            doubtful.map(settle).collect()
        }
        View::Rows(rows) => {
            let question = question.of_floats()?;
            let settle = |index| {
                let row = rows.features.row(index);
                let among = decisions.left(index).map_or(Among::All, Among::These);
                let nearest = question.nearest(row, labels[index], among);
                Ok((index, nearest.ok_or_else(no_class)?))
            };
            doubtful.map(settle).collect::<Result<_>>()?
        }
    };
    let in_fractions = settled.iter().filter(|(_, it)| it.in_fractions).count();
    settled
        .iter()
        .for_each(|&(index, settled)| classes[index] = settled.answer);
    Ok(Predictions::settled_so(
        classes,
        settled.len(),
        in_fractions,
    ))
}

fn no_class() -> Error {
    Error::Invalid("no class can be nearest to a sample".into())
}
