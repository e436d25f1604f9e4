//! Images that are resident on the device, and the stages run on them.

use std::sync::{Mutex, PoisonError};

use super::chunk::Chunk;
use super::device::Device;
use super::submission::Submission;
use super::{Gpu, class_sums, distances, nearest};
use crate::backends::Resident;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::distances::Distances;
use crate::classifier::fixed_point::FixedMeans;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Decision;
use crate::data::Split;
use crate::error::Result;

/// The images of a split on the device.
pub(super) struct Images<'a> {
    gpu: &'a Gpu,
    split: &'a Split,
    chunks: Vec<Chunk>,
    timings: Mutex<Timings>,
}

impl<'a> Images<'a> {
    /// Images whose chunks have been uploaded.
    pub(super) fn new(gpu: &'a Gpu, split: &'a Split, chunks: Vec<Chunk>) -> Self {
        Self {
            gpu,
            split,
            chunks,
            timings: Mutex::default(),
        }
    }

    fn device(&self) -> &Device {
        &self.gpu.device
    }

    fn note(&self, timings: &Timings) {
        self.timings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .merge(timings);
    }

    fn distances_stage(&self, means: &FixedMeans) -> Result<distances::Stage<'_>> {
        let largest = self
            .chunks
            .iter()
            .map(|chunk| chunk.images)
            .max()
            .unwrap_or(1);
        let dim = self.split.images().dim();
        distances::Stage::new(
            self.device(),
            &self.gpu.distances,
            means,
            dim,
            largest,
            self.gpu.pieces.distance_bytes,
        )
    }

    fn squared_distances(&self, model: &Model) -> Result<Distances> {
        let means = FixedMeans::new(model.sums());
        let stage = self.distances_stage(&means)?;
        let classes = means.classes();
        let mut squared = Vec::with_capacity(self.split.len() * classes);
        for chunk in &self.chunks {
            for batch in stage.batches(chunk) {
                let bytes = (batch.1 * classes * 8) as u64;
                let mut submission = Submission::new(self.device(), stage.passes(), bytes);
                stage.record(&mut submission, chunk, batch);
                submission.read(&stage.squared, bytes);
                let take = |read: &[u8]| squared.extend(distances::squared(read, &means));
                self.note(&submission.finish(take)?.1);
            }
        }
        Ok(Distances::new(classes, squared))
    }

    /// All models in one submission and one readback for each chunk, or in a
    /// few where their answers would not fit a buffer.
    fn decisions(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        let asked = questions.chunk_by(|a, b| std::ptr::eq(a.model(), b.model()));
        let models = asked
            .map(|questions| self.ask(questions))
            .collect::<Result<Vec<_>>>()?;
        let mut answers = vec![Vec::with_capacity(self.split.len()); questions.len()];
        for chunk in &self.chunks {
            let mut rest = &mut answers[..];
            for models in self.fitting(&models, chunk) {
                let asked = models.iter().map(|model| model.questions.len()).sum();
                let (of_models, others) = rest.split_at_mut(asked);
                self.answer(models, chunk, of_models)?;
                rest = others;
            }
        }
        Ok(answers)
    }

    /// Runs of models whose answers for a chunk fit a buffer together; where
    /// one alone does not, the device says so.
    fn fitting<'m>(
        &self,
        models: &'m [Asked<'m>],
        chunk: &Chunk,
    ) -> impl Iterator<Item = &'m [Asked<'m>]> {
        let most = self.device().most_bound() as usize / (chunk.images * nearest::DECISION_BYTES);
        let mut asked = 0;
        models.chunk_by(move |model, next| {
            asked += model.questions.len();
            let fits = asked + next.questions.len() <= most;
            if !fits {
                asked = 0;
            }
            fits
        })
    }

    /// One submission and one readback for all of these models.
    fn answer(
        &self,
        models: &[Asked<'_>],
        chunk: &Chunk,
        answers: &mut [Vec<Decision>],
    ) -> Result<()> {
        let passes = models.iter().map(|model| model.passes(chunk)).sum();
        let bytes = chunk.images * nearest::DECISION_BYTES * answers.len();
        let mut submission = Submission::new(self.device(), passes, bytes as u64);
        models
            .iter()
            .for_each(|model| model.record(&mut submission, chunk));
        let take = |mut read: &[u8]| {
            let mut rest = answers;
            for model in models {
                let (of_model, others) = rest.split_at_mut(model.questions.len());
                read = model.take(read, chunk, of_model);
                rest = others;
            }
        };
        self.note(&submission.finish(take)?.1);
        Ok(())
    }

    fn ask<'q>(&'q self, questions: &'q [Question<'q>]) -> Result<Asked<'q>> {
        let means = FixedMeans::new(questions[0].model().sums());
        let distances = self.distances_stage(&means)?;
        let stage = |question: &Question<'_>| {
            nearest::Stage::new(
                self.device(),
                &self.gpu.nearest,
                &means,
                question,
                distances.batch,
            )
        };
        let stages = questions.iter().map(stage).collect();
        Ok(Asked {
            questions,
            distances,
            stages,
        })
    }
}

impl Resident for Images<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let kernel = &self.gpu.class_sums;
        let run = || {
            class_sums::class_sums(
                self.device(),
                kernel,
                self.split,
                &self.chunks,
                self.gpu.pieces.round_images,
            )
        };
        let (sums, timings) = self.device().run(run)?;
        self.note(&timings);
        Ok(sums)
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        Question::plain(model).check(self.split)?;
        self.device().run(|| self.squared_distances(model))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        questions
            .iter()
            .try_for_each(|question| question.check(self.split))?;
        self.device().run(|| self.decisions(questions))
    }

    fn take_kernel_timings(&self) -> Timings {
        std::mem::take(&mut self.timings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One model with the questions put to it: its distances are computed once.
struct Asked<'a> {
    questions: &'a [Question<'a>],
    distances: distances::Stage<'a>,
    stages: Vec<nearest::Stage<'a>>,
}

impl Asked<'_> {
    fn passes(&self, chunk: &Chunk) -> usize {
        self.distances.batches(chunk).count() * (self.distances.passes() + self.stages.len())
    }

    fn record(&self, submission: &mut Submission<'_>, chunk: &Chunk) {
        for batch in self.distances.batches(chunk) {
            self.distances.record(submission, chunk, batch);
            for stage in &self.stages {
                stage.record(submission, chunk, batch, &self.distances);
            }
        }
    }

    /// Takes this model's answers from the front of what was read back.
    fn take<'r>(
        &self,
        mut read: &'r [u8],
        chunk: &Chunk,
        answers: &mut [Vec<Decision>],
    ) -> &'r [u8] {
        for (_, images) in self.distances.batches(chunk) {
            for answers in &mut *answers {
                let (of_batch, rest) = read.split_at(images * nearest::DECISION_BYTES);
                answers.extend_from_slice(bytemuck::cast_slice(of_batch));
                read = rest;
            }
        }
        read
    }
}
