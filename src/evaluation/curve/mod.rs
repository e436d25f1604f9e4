//! The learning curve: accuracy by the number of training images, over random nested
//! subsets of them. What each number means is said where it is computed.

mod sizes;
mod subsets;
mod tallies;

use rayon::prelude::*;

use self::sizes::{Sizes, check};
use self::subsets::Subsets;
use self::tallies::Tallies;
use super::draws::{Labels, order, seeds};
use super::many_models::ManyModels;
use super::spread::Spread;
use super::statistics::wilson_interval95;
use crate::error::Result;

pub use sizes::usual_sizes;

/// Repetitions below which nothing is concluded.
pub const FEWEST_FOR_A_VERDICT: usize = 10;

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Numbers of training images, ascending; with `per_class`, of each class.
    pub sizes: Vec<usize>,
    /// Random orders of the training images, each with subsets of all sizes.
    pub repetitions: usize,
    /// Where the random numbers begin.
    pub seed: u64,
    /// Whether sizes count images of each class.
    pub per_class: bool,
}

/// One number of images on the curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Training images, or images of each class.
    pub images: usize,
    /// The mean number of classes that have images.
    pub classes: f64,
    /// The accuracy over the repetitions.
    pub spread: Spread,
    /// Right answers of each repetition.
    pub correct: Vec<u64>,
    /// What all the other training images add; `None` where there are no others.
    pub gain_to_full: Option<Gain>,
}

/// A mean difference of accuracy from one number of images to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// The difference.
    pub gain: f64,
    /// Its 95 % interval, for other test images and these training images.
    pub interval95: [f64; 2],
}

/// The last doubling of the number of images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubling {
    /// Half of the images.
    pub from: usize,
    /// All of them; of each class, as many as the smallest has.
    pub to: usize,
    /// What the second half adds.
    pub gain: Gain,
}

/// The model of all training images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Full {
    /// Training images.
    pub images: usize,
    /// Right answers.
    pub correct: u64,
    /// Test images.
    pub total: u64,
}

impl Full {
    /// The share of right answers.
    pub fn accuracy(self) -> f64 {
        self.correct as f64 / self.total as f64
    }

    /// Its 95 % Wilson interval.
    pub fn interval95(self) -> [f64; 2] {
        wilson_interval95(self.correct, self.total)
    }
}

/// A learning curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The points of the sizes that were asked for.
    pub points: Vec<Point>,
    /// The last doubling, whether or not the sizes hold it; `None` of a single image.
    pub last_doubling: Option<Doubling>,
    /// All training images.
    pub full: Full,
    /// Answers that were decided by exact arithmetic.
    pub settled: u64,
}

/// What the last doubling says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Its interval lies above zero.
    StillHelps,
    /// Its interval holds zero.
    NoGain,
    /// Its interval lies below zero.
    Harms,
}

impl Curve {
    /// Draws and evaluates all subsets; `drawn` receives the seed and the order of each
    /// repetition.
    ///
    /// # Errors
    /// When a size is 0 or larger than what there is, when there are no sizes or
    /// repetitions, when a file is invalid or the device fails.
    pub fn draw(
        many: &mut ManyModels<'_, '_>,
        labels: &Labels,
        setting: &Setting,
        mut drawn: impl FnMut(u64, &[u32]),
    ) -> Result<Self> {
        check(setting, labels)?;
        let sizes = Sizes::new(setting, labels);
        let random: Vec<usize> = sizes.random().collect();
        let mut tallies = Tallies::new(&sizes, setting.repetitions, many.test.source().len());
        let all = many.train.class_sums(many.timings)?;
        many.answer(vec![all.clone()], |answers| {
            tallies.full.add(0, &answers);
            Ok(())
        })?;
        let at_once = many.group(labels.images(), random.len().max(1));
        let seeds: Vec<u64> = seeds(setting.seed).take(setting.repetitions).collect();
        for (group, seeds) in seeds.chunks(at_once).enumerate() {
            let first = group * at_once;
            (many.progress)(first * random.len());
            let orders: Vec<Vec<u32>> = many.timings.time("draw", || {
                let orders = seeds.par_iter().map(|&seed| order(seed, labels.images()));
                orders.collect()
            });
            seeds
                .iter()
                .zip(&orders)
                .for_each(|(&seed, order)| drawn(seed, order));
            if random.is_empty() {
                continue;
            }
            let subsets: Vec<Subsets> = many.timings.time("draw", || {
                let subsets = orders.par_iter().map(|order| {
                    Subsets::new(labels.increments(order, &random, setting.per_class))
                });
                subsets.collect()
            });
            let draws: Vec<&[u32]> = subsets.iter().flat_map(Subsets::draws).collect();
            let mut sums = many.train.drawn_sums(&draws, many.timings)?;
            let of_orders = sums.par_chunks_mut(random.len()).zip(&subsets);
            of_orders.try_for_each(|(sums, subsets)| subsets.nest(sums, &all))?;
            for (model, sums) in sums.iter().enumerate() {
                tallies.of_size[model % random.len()].classes += sums.present().count() as u64;
            }
            many.answer(sums, |answers| {
                let (repetition, size) =
                    (answers.model / random.len(), answers.model % random.len());
                let tally = &mut tallies.of_size[size].right;
                tally.add(first + repetition, &answers);
                Ok(())
            })?;
        }
        Ok(tallies.curve(&sizes, labels, setting))
    }

    /// What the last doubling says; `None` where too few repetitions were made.
    pub fn trend(&self) -> Option<Trend> {
        let [low, high] = self.last_doubling?.gain.interval95;
        let trend = if low > 0.0 {
            Trend::StillHelps
        } else if high < 0.0 {
            Trend::Harms
        } else {
            Trend::NoGain
        };
        let repetitions = self.points.first()?.correct.len();
        (repetitions >= FEWEST_FOR_A_VERDICT).then_some(trend)
    }

    /// The least of the sizes from which on all the other images add less than the
    /// accuracy is known to, and at most how much they add.
    pub fn enough(&self) -> Option<(usize, f64)> {
        let adds_little = |point: &&Point| {
            let gain = point.gain_to_full.as_ref();
            gain.is_some_and(|gain| gain.interval95[1] < self.half_width())
        };
        let others = self.points.iter().rev();
        let others = others.skip_while(|point| point.gain_to_full.is_none());
        let point = others.take_while(adds_little).last()?;
        Some((point.images, point.gain_to_full?.interval95[1]))
    }

    /// Whether the spread of a point says something: subsets of more than half of the images
    /// share so many that it is too small.
    pub fn shows_spread(&self, point: &Point) -> bool {
        let half = self.last_doubling.map_or(0, |doubling| doubling.from);
        point.gain_to_full.is_some() && point.images <= half
    }

    /// Half the width of the interval of the accuracy with all images.
    pub fn half_width(&self) -> f64 {
        let [low, high] = self.full.interval95();
        (high - low) / 2.0
    }
}
