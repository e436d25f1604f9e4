//! Images, one after another.

use crate::backends::Resident;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::{LevelQuestion, Model, Question};
use crate::classifier::predictions::{Decision, Decisions, Distances};
use crate::data::{LabelledImages, Split};
use crate::error::Result;

/// The images, used in place.
pub(super) struct ResidentImages<'a> {
    pub(super) split: &'a Split,
    /// The same.
    pub(super) images: LabelledImages<'a>,
}

impl Resident for ResidentImages<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        ClassSums::of(self.split)
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        let sums = |draw: &&[u32]| ClassSums::of_draw(self.split, draw);
        draws.iter().map(sums).collect()
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        let question = Question::plain(model);
        question.check(self.split)?;
        let question = question.of_levels()?;
        let all =
            (0..self.split.len()).flat_map(|index| image_distances(self.images, index, &question));
        Ok(Distances::new(model.sums().classes(), all.collect()))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        let answer = |question: &Question<'_>| {
            question.check(self.split)?;
            let question = question.of_levels()?;
            let decide = |index| {
                decide(
                    &image_distances(self.images, index, &question),
                    self.images.images().dim(),
                )
            };
            let decisions: Vec<Decision> = (0..self.split.len()).map(decide).collect();
            Ok(decisions.into())
        };
        questions.iter().map(answer).collect()
    }
}

/// `d²(x, c) = Σ (x − S/n)²` for each class, infinite if the class has no image
/// left.
fn image_distances(
    split: LabelledImages<'_>,
    index: usize,
    question: &LevelQuestion<'_>,
) -> Vec<f64> {
    let (image, label) = (
        split.images().image(index),
        usize::from(split.labels()[index]),
    );
    let sums = question.sums();
    let squared_distance = |class: usize| {
        // Leave-one-out as defined: take the image out of the sum and the count.
        let left_out = question.leaves_one_out() && class == label;
        let count = sums.count(class).saturating_sub(u64::from(left_out)) as f64;
        let square = |(&pixel, &sum): (&u8, &u64)| {
            let sum = if left_out {
                sum as f64 - f64::from(pixel)
            } else {
                sum as f64
            };
            (f64::from(pixel) - sum / count).powi(2)
        };
        if count == 0.0 {
            f64::INFINITY
        } else {
            image.iter().zip(sums.sum(class)).map(square).sum()
        }
    };
    (0..sums.classes()).map(squared_distance).collect()
}

/// The first class of least squared distance, certain if the margin exceeds the
/// error bound.
fn decide(squared: &[f64], dim: usize) -> Decision {
    let mut nearest = 0;
    for class in 1..squared.len() {
        if squared[class] < squared[nearest] {
            nearest = class;
        }
    }
    let others = squared
        .iter()
        .enumerate()
        .filter(|&(class, _)| class != nearest);
    let second = others
        .map(|(_, &squared)| squared)
        .fold(f64::INFINITY, f64::min);
    // Both distances may be off by the bound, in opposite directions.
    let is_certain = second - squared[nearest] > 2.0 * error_bound(second, dim);
    Decision::new(nearest as u16, is_certain)
}

/// With `u = 2⁻⁵³`: the mean (at most 255) and the difference from it together have
/// an error below `512·u`. A square then has an error below `2·255·512·u`, and a
/// sum of `dim` terms a relative error below `(dim + 2)·u`. Doubling this covers
/// the higher-order terms.
fn error_bound(squared: f64, dim: usize) -> f64 {
    let (unit, dim) = (f64::EPSILON / 2.0, dim as f64);
    if squared.is_infinite() {
        0.0
    } else {
        2.0 * unit * (dim * 2.0 * 255.0 * 512.0 + (dim + 2.0) * squared)
    }
}
