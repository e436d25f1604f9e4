//! Feature vectors on the CPU.

use super::float_nearest;
use crate::backends::Resident;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::float_distances;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decisions, Distances};
use crate::data::{LabelledRows, Split};
use crate::error::Result;

/// The vectors in place, without a copy.
pub(super) struct ResidentRows<'a> {
    pub(super) split: &'a Split,
    /// The same.
    pub(super) rows: LabelledRows<'a>,
    /// The most vectors per task.
    pub(super) task: usize,
}

impl Resident for ResidentRows<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        ClassSums::of_rows(self.rows)
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        ClassSums::of_drawn_rows(self.rows, draws)
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        float_distances(self.split, model)
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        let answer = |question: &Question<'_>| {
            question.check(self.split)?;
            float_nearest::nearest(self.rows, &question.of_floats()?, self.task)
        };
        questions.iter().map(answer).collect()
    }

    fn within(&self, question: &Question<'_>, places: usize, samples: &[u32]) -> Result<Vec<bool>> {
        question.check(self.split)?;
        let question = question.of_floats()?;
        Ok(float_nearest::within(self.rows, &question, places, samples))
    }
}
