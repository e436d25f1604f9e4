//! Many models of one training set, each of other images of it, asked about the same test
//! images: a group of models at a time, so that memory does not grow with their number.

use crate::backends::batched::Batched;
use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::Split;
use crate::error::Result;

/// Bytes that the draws of a group take; its sums, and its answers.
const GROUP_BYTES: usize = 32 << 20;

/// Pixels of test images that are asked about at a time, at most.
const BATCH_BYTES: usize = 128 << 20;

/// A training set and test images on a backend.
pub struct ManyModels<'a, 'data> {
    /// The images to draw from.
    pub train: &'a Batched<'data>,
    /// The images to ask about.
    pub test: &'a Batched<'data>,
    /// How long each stage takes.
    pub timings: &'a mut Timings,
    /// Is told how many of all models have answered.
    pub progress: &'a dyn Fn(usize),
}

/// Some answers of one model.
pub struct Answers<'a> {
    /// Which of the group's models it is.
    pub model: usize,
    /// The place of the first of these images among all test images.
    pub first: usize,
    /// The labels of the images.
    pub labels: &'a [u16],
    /// What the model says.
    pub predictions: &'a Predictions,
}

impl Answers<'_> {
    /// Whether each answer is right.
    pub fn right(&self) -> impl Iterator<Item = bool> {
        let both = self.labels.iter().zip(self.predictions.classes());
        both.map(|(label, predicted)| label == predicted)
    }
}

/// Right answers of several models to the same test images.
pub(super) struct Tally {
    /// Of each model.
    pub(super) correct: Vec<u64>,
    /// To each image, by all models together.
    pub(super) of_image: Vec<u32>,
    /// Answers that were decided by exact arithmetic.
    pub(super) settled: u64,
}

impl Tally {
    pub(super) fn new(models: usize, images: usize) -> Self {
        Self {
            correct: vec![0; models],
            of_image: vec![0; images],
            settled: 0,
        }
    }

    /// Adds answers of one of the models.
    pub(super) fn add(&mut self, model: usize, answers: &Answers<'_>) {
        let mut correct = 0;
        let of_image = &mut self.of_image[answers.first..];
        for (count, right) in of_image.iter_mut().zip(answers.right()) {
            *count += u32::from(right);
            correct += u64::from(right);
        }
        self.correct[model] += correct;
        self.settled += answers.predictions.settled() as u64;
    }
}

impl ManyModels<'_, '_> {
    /// How many draws of `images` images to make at a time, where each gives `models`
    /// models.
    pub(super) fn group(&self, images: usize, models: usize) -> usize {
        let source = self.train.source();
        let dim = source.shape().dim();
        let sums = source.classes() * dim * size_of::<u64>();
        let asked = self.test.source().len().min(BATCH_BYTES / dim + 1);
        // A decision, a prediction and a copy of either.
        let answers = asked * 12;
        let bytes = (images * size_of::<u32>()).max(models * sums.max(answers));
        (GROUP_BYTES / bytes.max(1)).max(1)
    }

    /// Has each model answer; `take` receives the answers of every model to a batch of
    /// test images at a time.
    pub(super) fn answer(
        &mut self,
        sums: Vec<ClassSums>,
        mut take: impl FnMut(Answers<'_>) -> Result<()>,
    ) -> Result<()> {
        let models = sums.into_iter().map(|sums| Model::new("drawn", sums));
        let models = models.collect::<Result<Vec<_>>>()?;
        let questions: Vec<_> = models.iter().map(Question::plain).collect();
        let mut first = 0;
        let each = |batch: &Split, predictions: &[Predictions]| {
            for (model, predictions) in predictions.iter().enumerate() {
                take(Answers {
                    model,
                    first,
                    labels: batch.labels(),
                    predictions,
                })?;
            }
            first += batch.len();
            Ok(())
        };
        self.test.predictions(&questions, self.timings, each)
    }
}
