//! Images on the CPU.

use rayon::prelude::*;

use super::distances::{self, CentredMeans};
use super::{class_sums, nearest, weighted_sums};
use crate::backends::Resident;
use crate::classifier::certainty::Certainty;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::draw::check_draw;
use crate::classifier::fixed_point::{FixedMeans, NOTHING, surcharges};
use crate::classifier::level_sums::LevelSums;
use crate::classifier::model::{LevelQuestion, Model, Question};
use crate::classifier::predictions::{Decision, Decisions, Distances};
use crate::data::{LabelledImages, Split};
use crate::error::Result;

/// Drawn images per task: each task has sums of its own, which are added up at the end.
const DRAWN_TASK: usize = 16_384;

/// The images in place, without a copy.
pub(super) struct ResidentImages<'a> {
    pub(super) split: &'a Split,
    /// The same.
    pub(super) images: LabelledImages<'a>,
    /// Images per task.
    pub(super) task: usize,
}

impl ResidentImages<'_> {
    /// The pixels of each task, image by image.
    fn tasks(&self) -> rayon::slice::Chunks<'_, u8> {
        let images = self.images.images();
        images.pixels().par_chunks(self.task * images.dim())
    }
}

impl Resident for ResidentImages<'_> {
    fn split(&self) -> &Split {
        self.split
    }

    fn class_sums(&self) -> Result<ClassSums> {
        let (dim, classes) = (self.images.images().dim(), self.images.classes());
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
        Ok(sums.into_sums()?.into())
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>> {
        for draw in draws {
            check_draw(self.images.len(), draw)?;
        }
        if weighted_sums::pays(self.images, draws)
            && let Some(sums) = weighted_sums::weighted_sums(self.images, draws)
        {
            return Ok(sums.into_iter().map(ClassSums::from).collect());
        }
        let sums = |draw: &&[u32]| Ok(self.gathered_sums(draw)?.into());
        draws.par_iter().map(sums).collect()
    }

    fn distances(&self, model: &Model) -> Result<Distances> {
        Question::plain(model).check(self.split)?;
        let means = CentredMeans::new(&FixedMeans::new(model.sums().levels()?));
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

    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>> {
        questions
            .iter()
            .try_for_each(|question| question.check(self.split))?;
        let questions: Vec<LevelQuestion<'_>> =
            (questions.iter().map(Question::of_levels)).collect::<Result<_>>()?;
        let same_model: Vec<_> = questions
            .chunk_by(LevelQuestion::is_of_same_model)
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
            answers.into()
        });
        Ok(answers.collect())
    }
}

impl ResidentImages<'_> {
    /// The sums of one draw, from its images one after another.
    fn gathered_sums(&self, draw: &[u32]) -> Result<LevelSums> {
        let (dim, classes) = (self.images.images().dim(), self.images.classes());
        let empty = || class_sums::Accumulator::new(dim, classes);
        let sums = draw
            .par_chunks(DRAWN_TASK)
            .fold(empty, |mut sums, draw| {
                class_sums::add_drawn(&mut sums, self.images, draw);
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
    fn new(questions: &[LevelQuestion<'_>]) -> Self {
        let means = FixedMeans::new(questions[0].sums());
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
