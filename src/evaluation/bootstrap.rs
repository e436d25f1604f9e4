//! The bootstrap of the training images: models of resamples, which tell what comes from
//! which training images were at hand, and what from which test images.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::curve::Full;
use super::draws::{Labels, resample, resample_of_each, seeds};
use super::many_models::{Answers, ManyModels, Tally};
use super::spread::{Spread, variance};
use super::statistics::wilson_interval95_at;
use crate::error::{Error, Result};

/// The share of the models that must give an image one class for it to count as stable,
/// in twentieths.
const STABLE_TWENTIETHS: u64 = 19;

/// The same as a number.
pub const STABLE_SHARE: f64 = STABLE_TWENTIETHS as f64 / 20.0;

/// Least agreed images that are listed.
const UNSTABLE: usize = 20;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Resamples, each of which makes a model.
    pub models: usize,
    /// Where the random numbers begin.
    pub seed: u64,
    /// Whether each class keeps its number of images.
    pub per_class: bool,
}

/// What the models of all resamples say.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// The model of the training images as they are.
    pub full: Full,
    /// The accuracy over the models.
    pub spread: Spread,
    /// Right answers of each model.
    pub correct: Vec<u64>,
    /// The standard deviation of the accuracy that comes from which training images were
    /// at hand; `None` of a single model or test image.
    pub training_standard_deviation: Option<f64>,
    /// The 95 % interval of the accuracy for other training and test images; `None` as
    /// before.
    pub interval95_both: Option<[f64; 2]>,
    /// The mean number of classes that a model has no image of, though the training set
    /// has.
    pub classes_lost: f64,
    /// Test images that at least 95 % of the models give one class.
    pub stable: Stable,
    /// The least agreed test images, least agreed first.
    pub unstable: Vec<Unstable>,
    /// Answers that were decided by exact arithmetic.
    pub settled: u64,
}

/// Images on which the models agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stable {
    /// Their number.
    pub images: u64,
    /// Those whose agreed class is right.
    pub correct: u64,
}

/// An image on which the models disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Unstable {
    /// Its place among the test images.
    pub index: usize,
    /// Its class.
    pub label: u16,
    /// The classes that it is given, and by what share of the models; falling.
    pub shares: Vec<(u16, f64)>,
}

impl Bootstrap {
    /// Draws and evaluates all resamples.
    ///
    /// # Errors
    /// When there are no models, a file is invalid or the device fails.
    pub fn draw(many: &mut ManyModels<'_, '_>, labels: &Labels, setting: Setting) -> Result<Self> {
        if setting.models == 0 {
            return Err(Error::Invalid("a bootstrap without models".into()));
        }
        let images = many.test.source().len();
        let (mut full, mut votes) = (Tally::new(1, images), Votes::new(images));
        let mut truth = Vec::with_capacity(images);
        let mut tally = Tally::new(setting.models, images);
        let all = many.train.class_sums(many.timings)?;
        let present = all.present().count();
        many.answer(vec![all], |answers| {
            full.add(0, &answers);
            truth.extend_from_slice(answers.labels);
            Ok(())
        })?;
        let of_class = setting.per_class.then(|| labels.of_each_class());
        let draw = |&seed: &u64| match &of_class {
            Some(of_class) => resample_of_each(seed, of_class),
            None => resample(seed, labels.images()),
        };
        let at_once = many.group(labels.images(), 1);
        let seeds: Vec<u64> = seeds(setting.seed).take(setting.models).collect();
        let mut lost = 0;
        for (group, seeds) in seeds.chunks(at_once).enumerate() {
            let first = group * at_once;
            (many.progress)(first);
            let draws: Vec<Vec<u32>> = many
                .timings
                .time("draw", || seeds.par_iter().map(draw).collect());
            let draws: Vec<&[u32]> = draws.iter().map(Vec::as_slice).collect();
            let sums = many.train.drawn_sums(&draws, many.timings)?;
            lost += sums
                .iter()
                .map(|sums| present - sums.present().count())
                .sum::<usize>();
            many.answer(sums, |answers| {
                tally.add(first + answers.model, &answers);
                votes.add(&answers);
                Ok(())
            })?;
        }
        let total = images as u64;
        let full_counts = Full {
            images: labels.images(),
            correct: full.correct[0],
            total,
        };
        let training_variance = training_variance(&tally);
        Ok(Self {
            full: full_counts,
            spread: Spread::of(&tally.correct, total),
            training_standard_deviation: training_variance.map(f64::sqrt),
            interval95_both: training_variance.map(|variance| both(full_counts, variance)),
            classes_lost: lost as f64 / setting.models as f64,
            stable: votes.stable(setting.models, &truth),
            unstable: votes.unstable(setting.models, &truth),
            settled: full.settled + tally.settled,
            correct: tally.correct,
        })
    }

    /// How much fewer answers are right than with all images: a resample is worth half as
    /// many.
    pub fn shift(&self) -> f64 {
        self.spread.accuracy - self.full.accuracy()
    }

    /// The standard deviation of the accuracy that comes from which test images were at
    /// hand.
    pub fn test_standard_deviation(&self) -> f64 {
        let p = self.full.accuracy();
        (p * (1.0 - p) / self.full.total as f64).sqrt()
    }
}

/// Wilson's interval for as many test images as would know the accuracy as well as these
/// test images and these training images together do.
fn both(full: Full, training_variance: f64) -> [f64; 2] {
    let (p, total) = (full.accuracy(), full.total as f64);
    let test = p * (1.0 - p);
    let n = match test == 0.0 || training_variance == 0.0 {
        true => total,
        false => test / (test / total + training_variance),
    };
    wilson_interval95_at(p, n)
}

/// The variance of the accuracy that comes from the training images: that of the models'
/// accuracies, less what they vary because each answer is either right or wrong. `None` of
/// a single model or image.
fn training_variance(tally: &Tally) -> Option<f64> {
    let (models, total) = (tally.correct.len() as f64, tally.of_image.len() as f64);
    if total < 2.0 {
        return None;
    }
    let of_models = variance(&tally.correct)? / (total * total);
    let mixed = |&right: &u32| {
        let right = u128::from(right);
        right * (tally.correct.len() as u128 - right)
    };
    let mixed: u128 = tally.of_image.iter().map(mixed).sum();
    let of_answers = mixed as f64 / (models * (models - 1.0) * total * total);
    Some(((of_models - of_answers) * total / (total - 1.0)).max(0.0))
}

/// How many models give each image which class. Nearly all give nearly every image the
/// same, so that only the others are kept in a map.
struct Votes {
    /// The class that the first model gives, and the models that give it.
    first: Vec<(u16, u32)>,
    /// The models that give another class, by image and class.
    others: BTreeMap<(usize, u16), u32>,
}

impl Votes {
    fn new(images: usize) -> Self {
        Self {
            first: vec![(0, 0); images],
            others: BTreeMap::new(),
        }
    }

    fn add(&mut self, answers: &Answers<'_>) {
        let predicted = answers.predictions.classes().iter();
        for (image, &class) in (answers.first..).zip(predicted) {
            match &mut self.first[image] {
                (first, votes) if *votes == 0 || *first == class => {
                    *first = class;
                    *votes += 1;
                }
                _ => *self.others.entry((image, class)).or_default() += 1,
            }
        }
    }

    /// The classes that an image is given, most votes first, the lower class of equals.
    fn of(&self, image: usize) -> Vec<(u16, u32)> {
        let others = self.others.range((image, 0)..=(image, u16::MAX));
        let others = others.map(|(&(_, class), &votes)| (class, votes));
        let mut all: Vec<_> = [self.first[image]].into_iter().chain(others).collect();
        all.sort_by_key(|&(class, votes)| (std::cmp::Reverse(votes), class));
        all
    }

    fn stable(&self, models: usize, labels: &[u16]) -> Stable {
        let mut stable = Stable {
            images: 0,
            correct: 0,
        };
        for (image, &label) in labels.iter().enumerate() {
            let (class, votes) = self.of(image)[0];
            if 20 * u64::from(votes) >= STABLE_TWENTIETHS * models as u64 {
                stable.images += 1;
                stable.correct += u64::from(class == label);
            }
        }
        stable
    }

    fn unstable(&self, models: usize, labels: &[u16]) -> Vec<Unstable> {
        let mut images: Vec<usize> = (0..labels.len()).collect();
        images.sort_by_cached_key(|&image| (self.of(image)[0].1, image));
        let unstable = images.into_iter().take(UNSTABLE).map(|index| Unstable {
            index,
            label: labels[index],
            shares: self
                .of(index)
                .into_iter()
                .map(|(class, votes)| (class, f64::from(votes) / models as f64))
                .collect(),
        });
        unstable.collect()
    }
}
