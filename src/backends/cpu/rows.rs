//! Feature vectors on the CPU.

use super::float_nearest::{self, Classes};
use crate::backends::Resident;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::float_distances;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decisions, Distances};
use crate::classifier::running_sums::RunningSums;
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

    fn add_class_sums(&self, sums: &mut RunningSums) -> Result<()> {
        sums.add_rows(self.rows)
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
            let (floats, places) = (question.of_floats()?, question.places());
            let classes = question.model().prepared(|| Classes::new(&floats));
            float_nearest::nearest(self.rows, &floats, &classes, places, self.task)
        };
        questions.iter().map(answer).collect()
    }
}
