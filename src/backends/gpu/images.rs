//! Images that are resident on the device, and the stages that run on them.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::chunk::Chunk;
use super::device::Device;
use super::submission::Submission;
use super::{Gpu, class_sums, distances, drawn_sums, nearest};
use crate::backends::Resident;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::{ClassSums, check_draw};
use crate::classifier::fixed_point::FixedMeans;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Distances};
use crate::data::Split;
use crate::error::Result;

/// The images of a split on the device.
pub(super) struct GpuResident<'a> {
    gpu: &'a Gpu,
    split: &'a Split,
    chunks: Vec<Chunk>,
    timings: Mutex<Timings>,
}

impl<'a> GpuResident<'a> {
    /// Wraps images whose chunks have been uploaded.
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

    /// Answers all models with one submission and one readback per chunk, or with a
    /// few where the answers do not fit one buffer.
    fn decisions(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        let asked: Vec<_> = questions
            .chunk_by(|a, b| std::ptr::eq(a.model(), b.model()))
            .collect();
        // Of thousands of models this is most of what the host does.
        let means: Vec<_> = asked
            .par_iter()
            .map(|questions| FixedMeans::new(questions[0].model().sums()))
            .collect();
        let models = asked
            .iter()
            .zip(&means)
            .map(|(questions, means)| self.ask(questions, means))
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

    /// Groups models so that their answers for a chunk fit one buffer. If those of
    /// a single model do not fit, the device reports an error.
    fn fitting<'m>(
        &self,
        models: &'m [Asked<'m>],
        chunk: &Chunk,
    ) -> impl Iterator<Item = &'m [Asked<'m>]> {
        let most = self.device().most_bound() as usize / (chunk.images * nearest::DECISION_BYTES);
        let questions = models.iter().map(|model| model.questions.len());
        runs_of_at_most(most, questions)
            .into_iter()
            .map(|run| &models[run])
    }

    /// Answers these models with one submission and one readback.
    fn answer(
        &self,
        models: &[Asked<'_>],
        chunk: &Chunk,
        answers: &mut [Vec<Decision>],
    ) -> Result<()> {
        let passes = models.iter().map(|model| model.passes(chunk)).sum();
        let bytes = chunk.images * nearest::DECISION_BYTES * answers.len();
        let mut submission = Submission::new(self.device(), passes, bytes as u64);
        let mut places = Vec::with_capacity(answers.len());
        for model in models {
            places.extend(model.record(&mut submission, chunk));
        }
        let take = |read: &[u8]| {
            for (answers, places) in answers.iter_mut().zip(places) {
                for place in places {
                    answers.extend_from_slice(bytemuck::cast_slice(&read[place]));
                }
            }
        };
        self.note(&submission.finish(take)?.1);
        Ok(())
    }

    fn ask<'q>(&'q self, questions: &'q [Question<'q>], means: &FixedMeans) -> Result<Asked<'q>> {
        let distances = self.distances_stage(means)?;
        let stage = |question: &Question<'_>| {
            nearest::Stage::new(
                self.device(),
                &self.gpu.nearest,
                means,
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

impl Resident for GpuResident<'_> {
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

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        for draw in draws {
            check_draw(self.split, draw)?;
        }
        let run = || {
            drawn_sums::drawn_sums(
                self.device(),
                &self.gpu.class_sums,
                self.split,
                &self.chunks,
                draws,
                self.gpu.pieces,
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

/// One model with the questions about it, which share its distances.
struct Asked<'a> {
    questions: &'a [Question<'a>],
    distances: distances::Stage<'a>,
    stages: Vec<nearest::Stage<'a>>,
}

impl Asked<'_> {
    fn passes(&self, chunk: &Chunk) -> usize {
        self.distances.batches(chunk).count() * (self.distances.passes() + self.stages.len())
    }

    /// Records the decisions on a chunk. For each question, returns where they will
    /// be in the readback buffer, batch by batch.
    fn record(&self, submission: &mut Submission<'_>, chunk: &Chunk) -> Vec<Vec<Range<usize>>> {
        let mut places = vec![Vec::new(); self.stages.len()];
        for batch in self.distances.batches(chunk) {
            self.distances.record(submission, chunk, batch);
            for (stage, places) in self.stages.iter().zip(&mut places) {
                places.push(stage.record(submission, chunk, batch, &self.distances));
            }
        }
        places
    }
}

/// Groups consecutive sizes into runs whose sum is at most `most`; a size that
/// alone exceeds it is a run of its own.
fn runs_of_at_most(most: usize, sizes: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut sum = 0;
    for (index, size) in sizes.enumerate() {
        match runs.last_mut() {
            Some(run) if sum + size <= most => {
                run.end += 1;
                sum += size;
            }
            _ => {
                runs.push(index..index + 1);
                sum = size;
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::runs_of_at_most;

    #[test]
    fn runs_are_as_long_as_they_fit() {
        let runs = |sizes: &[usize]| runs_of_at_most(4, sizes.iter().copied());
        assert!(runs(&[]).is_empty());
        assert_eq!(runs(&[1, 2, 1, 1]), [0..3, 3..4]);
        assert_eq!(runs(&[9, 9, 1, 3, 1]), [0..1, 1..2, 2..4, 4..5]);
    }
}
