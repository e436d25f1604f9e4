//! Feature vectors, one after another.

use crate::backends::Resident;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Decisions, Distances};
use crate::data::recipe::Metric;
use crate::data::{LabelledRows, Split};
use crate::error::Result;

/// The vectors, used in place.
pub(super) struct ResidentRows<'a> {
    pub(super) split: &'a Split,
    /// The same.
    pub(super) rows: LabelledRows<'a>,
}

impl Resident for ResidentRows<'_> {
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
        let question = question.of_floats()?;
        let all = (0..self.split.len()).flat_map(|index| {
            let scores = scores(self.rows, index, &question);
            scores.into_iter().map(|score| score.value)
        });
        Ok(Distances::new(model.sums().classes(), all.collect()))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        let answer = |question: &Question<'_>| {
            question.check(self.split)?;
            let question = question.of_floats()?;
            let decide = |index| decide(&scores(self.rows, index, &question));
            let decisions: Vec<Decision> = (0..self.split.len()).map(decide).collect();
            Ok(decisions.into())
        };
        questions.iter().map(answer).collect()
    }
}

/// How far a class is from a sample, and by how much that may be wrong.
struct Score {
    value: f64,
    error: f64,
}

/// For each class `Σ (x − m)²`, or `1 − ⟨x, m⟩/(‖x‖‖m‖)`; infinite for one that has no
/// sample left.
fn scores(rows: LabelledRows<'_>, index: usize, question: &FloatQuestion<'_>) -> Vec<Score> {
    let (row, label) = (rows.features.row(index), usize::from(rows.labels[index]));
    let sums = question.sums();
    let score = |class: usize| {
        // Leave-one-out as defined: take the row out of the sum and the count.
        let left_out = question.leaves_one_out() && class == label;
        let count = sums.count(class).saturating_sub(u64::from(left_out));
        if count == 0 {
            return Score {
                value: f64::INFINITY,
                error: 0.0,
            };
        }
        let mean: Vec<f64> = if left_out {
            let sum = sums.sum_without(class, row);
            sum.iter().map(|sum| sum / count as f64).collect()
        } else {
            question.means().of(class).to_vec()
        };
        match question.metric() {
            Metric::Euclidean => squared_distance(row, &mean),
            Metric::Cosine => cosine_distance(row, &mean),
        }
    };
    (0..sums.classes()).map(score).collect()
}

/// With `u = 2⁻⁵³`: each value of the mean is off by at most `3·u` of itself, so the
/// distance by `3·u·‖m‖`; differences, squares and their sum have a relative error below
/// `(dim + 3)·u`. Doubling this covers the higher-order terms.
fn squared_distance(row: &[f32], mean: &[f64]) -> Score {
    let (unit, dim) = (f64::EPSILON / 2.0, row.len() as f64);
    let (mut value, mut norm) = (0.0, 0.0);
    for (&x, m) in row.iter().zip(mean) {
        value += (f64::from(x) - m) * (f64::from(x) - m);
        norm += m * m;
    }
    let moved = 3.0 * unit * norm.sqrt();
    let error = (dim + 3.0) * unit * value + moved * (2.0 * value.sqrt() + moved);
    Score {
        value,
        error: 2.0 * error,
    }
}

/// The cosine of a zero vector is 0. Of others the error is below `(2·dim + 16)·u`: a
/// product has `(dim + 3)·u` of the norms' product, a norm `(dim/2 + 4)·u` of itself.
fn cosine_distance(row: &[f32], mean: &[f64]) -> Score {
    let unit = f64::EPSILON / 2.0;
    let (mut product, mut of_row, mut of_mean) = (0.0, 0.0, 0.0);
    for (&x, m) in row.iter().zip(mean) {
        let x = f64::from(x);
        product += x * m;
        of_row += x * x;
        of_mean += m * m;
    }
    let norms = of_row.sqrt() * of_mean.sqrt();
    let cosine = if norms > 0.0 { product / norms } else { 0.0 };
    Score {
        value: 1.0 - cosine,
        error: 2.0 * (2.0 * row.len() as f64 + 16.0) * unit,
    }
}

/// The first class of least score, certain if every other is further, whatever the errors.
fn decide(scores: &[Score]) -> Decision {
    let mut nearest = 0;
    for class in 1..scores.len() {
        if scores[class].value < scores[nearest].value {
            nearest = class;
        }
    }
    let reach = scores[nearest].value + scores[nearest].error;
    let mut others = scores.iter().enumerate();
    let is_certain =
        others.all(|(class, score)| class == nearest || score.value - score.error > reach);
    Decision::new(nearest as u16, is_certain)
}
