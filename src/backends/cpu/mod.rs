//! The fast CPU backend: all cores and SIMD, with no GPU library involved. Its
//! stages are the counterparts of the compute shaders.

mod bandwidth;
pub mod class_sums;
pub mod distances;
pub mod float_nearest;
pub mod nearest;
pub mod pair_products;
pub mod weighted_sums;
#[cfg(target_arch = "x86_64")]
mod x86;

use distances::CentredMeans;
use rayon::prelude::*;

use crate::backends::{Backend, Bandwidth, Benchmarked, Description, Kind, Resident};
use crate::classifier::certainty::Certainty;
use crate::classifier::class_sums::{ClassSums, check_draw};
use crate::classifier::fixed_point::{FixedMeans, NOTHING, surcharges};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Distances};
use crate::data::Split;
use crate::error::Result;

/// Images per task: enough work to be worth scheduling, few enough to balance the
/// load.
const TASK: usize = 256;

/// Drawn images per task: each task has sums of its own, which are added up at the end.
const DRAWN_TASK: usize = 16_384;

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
        sums.into_sums()
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        for draw in draws {
            check_draw(self.split, draw)?;
        }
        if weighted_sums::pays(self.split, draws)
            && let Some(sums) = weighted_sums::weighted_sums(self.split, draws)
        {
            return Ok(sums);
        }
        let sums = |draw: &&[u32]| self.gathered_sums(draw);
        draws.par_iter().map(sums).collect()
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
        let same_model: Vec<_> = questions
            .chunk_by(|a, b| std::ptr::eq(a.model(), b.model()))
            .collect();
        let asked: Vec<_> = same_model.into_par_iter().map(Asked::new).collect();
        // While the images of a task are in a core's cache, all models are asked.
        let tasks: Vec<Vec<Decision>> = self
            .tasks()
            .zip(self.split.labels().par_chunks(self.task))
            .map(|(pixels, labels)| {
                let mut decisions = Vec::with_capacity(questions.len() * labels.len());
                asked
                    .iter()
                    .for_each(|asked| asked.answer(pixels, labels, &mut decisions));
                decisions
            })
            .collect();
        let answers = (0..questions.len()).into_par_iter().map(|question| {
            let mut answers = Vec::with_capacity(self.split.len());
            for task in &tasks {
                let images = task.len() / questions.len();
                answers.extend_from_slice(&task[question * images..][..images]);
            }
            answers
        });
        Ok(answers.collect())
    }
}

impl CpuResident<'_> {
    /// The sums of one draw, from its images one after another.
    fn gathered_sums(&self, draw: &[u32]) -> Result<ClassSums> {
        let (dim, classes) = (self.split.images().dim(), self.split.classes());
        let empty = || class_sums::Accumulator::new(dim, classes);
        let sums = draw
            .par_chunks(DRAWN_TASK)
            .fold(empty, |mut sums, draw| {
                class_sums::add_drawn(&mut sums, self.split, draw);
                sums
            })
            .reduce_with(class_sums::Accumulator::merged);
        sums.unwrap_or_else(empty).into_sums()
    }
}

/// A model in the form that the stages use, with the questions about it.
struct Asked {
    means: CentredMeans,
    classes: usize,
    rules: Vec<(Vec<u32>, Certainty)>,
}

impl Asked {
    fn new(questions: &[Question<'_>]) -> Self {
        let means = FixedMeans::new(questions[0].model().sums());
        let rule = |question| (surcharges(question), Certainty::new(&means, question));
        Self {
            means: CentredMeans::new(&means),
            classes: means.classes(),
            rules: questions.iter().map(rule).collect(),
        }
    }

    /// Appends the decisions on the images of a task, question after question.
    fn answer(&self, pixels: &[u8], labels: &[u16], decisions: &mut Vec<Decision>) {
        let mut fixed = vec![NOTHING; labels.len() * self.classes];
        distances::squared_distances(&self.means, pixels, &mut fixed);
        for (surcharges, certainty) in &self.rules {
            let images = fixed.chunks_exact(self.classes).zip(labels);
            decisions.extend(images.map(|(squared, &label)| {
                let nearest = nearest::nearest(squared, label, surcharges);
                let is_certain = certainty.is_certain(nearest.least, nearest.second);
                Decision::new(nearest.class, is_certain)
            }));
        }
    }
}
