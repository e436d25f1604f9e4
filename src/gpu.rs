//! The GPU backend: three compute shaders through wgpu, on Vulkan, Metal or
//! DirectX 12. One file here owns each shader.

pub mod adapters;
pub mod class_sums;
mod device;
pub mod distances;
pub mod kernel;
pub mod nearest;
mod submission;
mod upload;

use std::sync::{Mutex, PoisonError};

use crate::backend::{Adapter, Backend, Description, Kind, Resident};
use crate::class_sums::ClassSums;
use crate::dataset::Split;
use crate::distances::Distances;
use crate::error::{Error, Result};
use crate::fixed_point::FixedMeans;
use crate::model::{Model, Question};
use crate::predictions::Decision;
use crate::timings::Timings;

use adapters::FoundAdapter;
use device::Device;
use kernel::{Kernel, Shader};
use submission::Submission;
use upload::{Chunk, Staging};

/// The shaders, in the order in which data passes through them.
pub const SHADERS: [&Shader; 3] = [&class_sums::SHADER, &distances::SHADER, &nearest::SHADER];

/// An open adapter with its kernels compiled.
pub struct Gpu {
    adapter: Adapter,
    device: Device,
    class_sums: Kernel,
    distances: Kernel,
    nearest: Kernel,
    staging: Mutex<Staging>,
    most_images_in_chunk: usize,
}

impl Gpu {
    /// Opens an adapter and compiles the kernels.
    ///
    /// # Errors
    /// When the driver refuses either.
    pub fn open(adapter: &FoundAdapter) -> Result<Self> {
        let device = Device::open(adapter)?;
        let kernels = device.run(|| Ok(SHADERS.map(|shader| Kernel::new(&device, shader))))?;
        let [class_sums, distances, nearest] = kernels;
        Ok(Self {
            adapter: adapter.description().clone(),
            device,
            class_sums,
            distances,
            nearest,
            staging: Mutex::default(),
            most_images_in_chunk: usize::MAX,
        })
    }

    /// Cuts images into chunks of at most so many, even where the device could
    /// hold more; results are the same for every number.
    pub fn with_chunk(mut self, images: usize) -> Self {
        self.most_images_in_chunk = images.max(1);
        self
    }

    /// Destroys the device, as a driver reset or an unplugged GPU would:
    /// whatever is asked of this backend afterwards is an error.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    fn check_binding(&self, what: &str, bytes: u64) -> Result<()> {
        let limits = self.device.limits();
        let most = limits
            .max_storage_buffer_binding_size
            .min(limits.max_buffer_size);
        if bytes <= most {
            return Ok(());
        }
        Err(Error::NoGpu(format!(
            "{what} take {bytes} bytes, more than the {most} this adapter can bind; use --backend cpu"
        )))
    }
}

impl Backend for Gpu {
    fn description(&self) -> Description {
        Description {
            kind: Kind::Gpu,
            adapter: Some(self.adapter.clone()),
        }
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        let chunks = self.device.run(|| upload::upload(self, split))?;
        Ok(Box::new(Images {
            gpu: self,
            split,
            chunks,
            timings: Mutex::default(),
        }))
    }
}

/// The images of a split on the device.
struct Images<'a> {
    gpu: &'a Gpu,
    split: &'a Split,
    chunks: Vec<Chunk>,
    timings: Mutex<Timings>,
}

impl Resident for Images<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let run = || class_sums::class_sums(self.gpu, self.split, &self.chunks);
        let (sums, timings) = self.gpu.device.run(run)?;
        self.note(&timings);
        Ok(sums)
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        Question::plain(model).check(self.split)?;
        self.gpu.device.run(|| self.squared_distances(model))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        questions
            .iter()
            .try_for_each(|question| question.check(self.split))?;
        let mut answers = Vec::with_capacity(questions.len());
        for same_model in questions.chunk_by(|a, b| std::ptr::eq(a.model(), b.model())) {
            answers.extend(self.gpu.device.run(|| self.nearest_to_model(same_model))?);
        }
        Ok(answers)
    }

    fn kernel_timings(&self) -> Timings {
        self.timings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Images<'_> {
    fn note(&self, timings: &Timings) {
        self.timings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .merge(timings);
    }

    fn distances_stage(&self, means: &FixedMeans) -> Result<distances::Stage> {
        let largest = self
            .chunks
            .iter()
            .map(|chunk| chunk.images)
            .max()
            .unwrap_or(1);
        distances::Stage::new(self.gpu, means, self.split.images().dim(), largest)
    }

    fn squared_distances(&self, model: &Model) -> Result<Distances> {
        let means = FixedMeans::new(model.sums());
        let stage = self.distances_stage(&means)?;
        let classes = means.classes();
        let mut squared = Vec::with_capacity(self.split.len() * classes);
        for chunk in &self.chunks {
            for batch in stage.batches(chunk) {
                let bytes = (batch.1 * classes * 8) as u64;
                let mut submission = Submission::new(&self.gpu.device, 1, bytes);
                stage.record(self.gpu, &mut submission, chunk, batch);
                submission.read(&stage.squared, bytes);
                let take = |read: &[u8]| squared.extend(distances::squared(read, &means));
                self.note(&submission.finish(take)?.1);
            }
        }
        Ok(Distances::new(classes, squared))
    }

    /// Answers questions that are all about one model: its distances are
    /// computed once, and each chunk's answers come back in one readback.
    fn nearest_to_model(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        let means = FixedMeans::new(questions[0].model().sums());
        let distances = self.distances_stage(&means)?;
        let stages: Vec<_> = questions
            .iter()
            .map(|question| nearest::Stage::new(self.gpu, question, distances.batch))
            .collect();
        let mut answers = vec![Vec::with_capacity(self.split.len()); questions.len()];
        for chunk in &self.chunks {
            let batches: Vec<_> = distances.batches(chunk).collect();
            let bytes = chunk.images * nearest::ANSWER_BYTES * questions.len();
            let passes = batches.len() * (1 + questions.len());
            let mut submission = Submission::new(&self.gpu.device, passes, bytes as u64);
            for &batch in &batches {
                distances.record(self.gpu, &mut submission, chunk, batch);
                for stage in &stages {
                    stage.record(self.gpu, &mut submission, chunk, batch, &distances);
                }
            }
            let take = |mut read: &[u8]| {
                for &(_, images) in &batches {
                    for (question, answers) in questions.iter().zip(&mut answers) {
                        let (of_batch, rest) = read.split_at(images * nearest::ANSWER_BYTES);
                        answers.extend(nearest::decisions(of_batch, &means, question));
                        read = rest;
                    }
                }
            };
            self.note(&submission.finish(take)?.1);
        }
        Ok(answers)
    }
}
