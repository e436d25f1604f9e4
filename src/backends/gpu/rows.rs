//! Feature vectors on the device. Sums of them are the host's: they are exact, and adding
//! them up is done at the speed of memory.

use std::cell::OnceCell;
use std::sync::{Mutex, PoisonError};

use super::Gpu;
use super::float_nearest::FloatSamples;
use crate::backends::Resident;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_exact::float_distances;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decisions, Distances};
use crate::classifier::running_sums::RunningSums;
use crate::data::{LabelledRows, Split};
use crate::error::Result;

/// Feature vectors, which are uploaded when they are first asked about: training samples
/// may never be.
pub(super) struct ResidentRows<'a> {
    gpu: &'a Gpu,
    split: &'a Split,
    /// The same.
    rows: LabelledRows<'a>,
    samples: OnceCell<FloatSamples<'a>>,
    timings: Mutex<Timings>,
}

impl<'a> ResidentRows<'a> {
    pub(super) fn new(gpu: &'a Gpu, split: &'a Split, rows: LabelledRows<'a>) -> Self {
        Self {
            gpu,
            split,
            rows,
            samples: OnceCell::new(),
            timings: Mutex::default(),
        }
    }

    fn samples(&self) -> Result<&FloatSamples<'a>> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let samples = FloatSamples::upload(self.gpu, self.rows.features)?;
        Ok(self.samples.get_or_init(|| samples))
    }

    fn note(&self, timings: &Timings) {
        let mut all = self.timings.lock().unwrap_or_else(PoisonError::into_inner);
        all.merge(timings);
    }
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
            let samples = self.samples()?;
            let (decisions, timings) = samples.nearest(self.rows.labels, &floats, places)?;
            self.note(&timings);
            Ok(decisions)
        };
        questions.iter().map(answer).collect()
    }

    fn take_kernel_timings(&self) -> Timings {
        std::mem::take(&mut self.timings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
