//! The fast CPU backend: all cores and SIMD, with no GPU library involved. Its
//! stages are the counterparts of the compute shaders.

mod bandwidth;
pub mod class_sums;
pub mod distances;
pub mod nearest;

use distances::CentredMeans;
use rayon::prelude::*;

use crate::backends::{Backend, Bandwidth, Benchmarked, Description, Kind, Resident};
use crate::classifier::certainty::Certainty;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::fixed_point::{FixedMeans, NOTHING, surcharges};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Distances};
use crate::data::Split;
use crate::error::Result;

/// Images per task: enough work to be worth scheduling, few enough to balance the
/// load.
const TASK: usize = 256;

/// The CPU backend.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    task: usize,
}

impl Default for Cpu {
    fn default() -> Self {
        Self { task: TASK }
    }
}

impl Cpu {
    /// A backend whose tasks have `images` images each; the results do not depend
    /// on it.
    pub fn with_task(images: usize) -> Self {
        Self {
            task: images.max(1),
        }
    }
}

impl Backend for Cpu {
    fn description(&self) -> Description {
        Description {
            kind: Kind::Cpu,
            adapter: None,
        }
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        Ok(Box::new(CpuResident {
            split,
            task: self.task.min(split.len()),
        }))
    }
}

impl Benchmarked for Cpu {
    fn bandwidth(&self) -> Result<Bandwidth> {
        bandwidth::measure()
    }
}

/// The images in place, without a copy.
struct CpuResident<'a> {
    split: &'a Split,
    task: usize,
}

impl CpuResident<'_> {
    /// The pixels of each task, image by image.
    fn tasks(&self) -> rayon::slice::Chunks<'_, u8> {
        let images = self.split.images();
        images.pixels().par_chunks(self.task * images.dim())
    }
}

impl Resident for CpuResident<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let (dim, classes) = (self.split.images().dim(), self.split.classes());
        let empty = || class_sums::Accumulator::new(dim, classes);
        let sums = self
            .tasks()
            .zip(self.split.labels().par_chunks(self.task))
            // One accumulator for each run of tasks that a thread takes.
            .fold(empty, |mut sums, (pixels, labels)| {
                class_sums::add_images(&mut sums, pixels, labels);
                sums
            })
            .reduce_with(class_sums::Accumulator::merged)
            .unwrap_or_else(empty);
        let (counts, sums) = sums.finish();
        ClassSums::new(dim, counts, sums)
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        Question::plain(model).check(self.split)?;
        let means = CentredMeans::new(&FixedMeans::new(model.sums()));
        let classes = model.sums().classes();
        let mut squared = vec![0.0; self.split.len() * classes];
        self.tasks()
            .zip(squared.par_chunks_mut(self.task * classes))
            .for_each(|(pixels, squared)| {
                let mut fixed = vec![NOTHING; squared.len()];
                distances::squared_distances(&means, pixels, &mut fixed);
                for (squared, &fixed) in squared.iter_mut().zip(&fixed) {
                    *squared = FixedMeans::to_squared_distance(fixed);
                }
            });
        Ok(Distances::new(classes, squared))
    }

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>> {
        questions
            .iter()
            .try_for_each(|question| question.check(self.split))?;
        let mut answers = Vec::with_capacity(questions.len());
        for same_model in questions.chunk_by(|a, b| std::ptr::eq(a.model(), b.model())) {
            answers.extend(self.nearest_to_model(same_model));
        }
        Ok(answers)
    }
}

impl CpuResident<'_> {
    /// Answers questions that are all about the same model.
    fn nearest_to_model(&self, questions: &[Question<'_>]) -> Vec<Vec<Decision>> {
        let means = FixedMeans::new(questions[0].model().sums());
        let centred = CentredMeans::new(&means);
        let rules: Vec<_> = questions
            .iter()
            .map(|question| (surcharges(question), Certainty::new(&means, question)))
            .collect();
        let answer_task = |(pixels, labels): (&[u8], &[u16])| {
            let mut fixed = vec![NOTHING; labels.len() * means.classes()];
            distances::squared_distances(&centred, pixels, &mut fixed);
            let decide = |(surcharges, certainty): &(Vec<u32>, Certainty)| {
                let images = fixed.chunks_exact(means.classes()).zip(labels);
                let nearest = images.map(|(squared, &label)| {
                    let nearest = nearest::nearest(squared, label, surcharges);
                    let is_certain = certainty.is_certain(nearest.least, nearest.second);
                    Decision::new(nearest.class, is_certain)
                });
                nearest.collect::<Vec<_>>()
            };
            rules.iter().map(decide).collect::<Vec<_>>()
        };
        let tasks: Vec<_> = self
            .tasks()
            .zip(self.split.labels().par_chunks(self.task))
            .map(answer_task)
            .collect();
        let of_question = |index: usize| {
            tasks
                .iter()
                .flat_map(|task| &task[index])
                .copied()
                .collect()
        };
        (0..questions.len()).map(of_question).collect()
    }
}
