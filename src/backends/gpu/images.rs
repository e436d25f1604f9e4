//! Images that are resident on the device, and the stages that run on them.

use std::sync::{Mutex, PoisonError};

use super::chunk::{Chunk, largest};
use super::device::Device;
use super::submission::Submission;
use super::{Gpu, answers, class_sums, distances, drawn_sums};
use crate::backends::Resident;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::draw::check_draw;
use crate::classifier::fixed_point::FixedMeans;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decisions, Distances};
use crate::data::{LabelledImages, Split};
use crate::error::Result;

/// The images of a split on the device.
pub(super) struct GpuResident<'a> {
    gpu: &'a Gpu,
    split: &'a Split,
    /// The same.
    images: LabelledImages<'a>,
    chunks: Vec<Chunk<'a>>,
    timings: Mutex<Timings>,
}

impl<'a> GpuResident<'a> {
    /// Wraps images whose chunks have been uploaded.
    pub(super) fn new(
        gpu: &'a Gpu,
        split: &'a Split,
        images: LabelledImages<'a>,
        chunks: Vec<Chunk<'a>>,
    ) -> Self {
        Self {
            gpu,
            split,
            images,
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

    fn squared_distances(&self, model: &Model) -> Result<Distances> {
        let means = FixedMeans::new(model.sums().levels()?);
        let stage = distances::Stage::new(
            self.device(),
            &self.gpu.distances,
            std::slice::from_ref(&means),
            self.images.images().dim(),
            largest(&self.chunks),
            self.gpu.pieces.distance_bytes,
        )?;
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
                self.images,
                &self.chunks,
                self.gpu.pieces.round_images,
            )
        };
        let (sums, timings) = self.device().run(run)?;
        self.note(&timings);
        Ok(sums.into())
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        for draw in draws {
            check_draw(self.images.len(), draw)?;
        }
        let run = || {
            drawn_sums::drawn_sums(
                self.device(),
                &self.gpu.class_sums,
                self.images,
                &self.chunks,
                draws,
                self.gpu.pieces,
            )
        };
        let (sums, timings) = self.device().run(run)?;
        self.note(&timings);
        Ok(sums.into_iter().map(ClassSums::from).collect())
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        Question::plain(model).check(self.split)?;
        self.device().run(|| self.squared_distances(model))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        questions
            .iter()
            .try_for_each(|question| question.check(self.split))?;
        let questions: Vec<_> =
            (questions.iter().map(Question::of_levels)).collect::<Result<_>>()?;
        let run = || answers::answers(self.gpu, self.images, &self.chunks, &questions);
        let (answers, timings) = self.device().run(run)?;
        self.note(&timings);
        Ok(answers.into_iter().map(Decisions::from).collect())
    }

    fn take_kernel_timings(&self) -> Timings {
        std::mem::take(&mut self.timings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
