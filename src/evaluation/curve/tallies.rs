//! Counts of right answers while a curve is drawn, and what they come to.

use super::sizes::Sizes;
use super::{Curve, Doubling, Full, Gain, Point, Setting};
use crate::evaluation::draws::Labels;
use crate::evaluation::many_models::Tally;
use crate::evaluation::spread::{Spread, variance};
use crate::evaluation::statistics::gain_interval95;

/// Right answers at one size, where each repetition is a model.
pub(super) struct OfSize {
    pub(super) right: Tally,
    /// Classes that have images, over all repetitions.
    pub(super) classes: u64,
}

/// Right answers at each size, and with all images.
pub(super) struct Tallies {
    /// At each size whose subsets are random.
    pub(super) of_size: Vec<OfSize>,
    pub(super) full: Tally,
    repetitions: usize,
}

impl Tallies {
    pub(super) fn new(sizes: &Sizes, repetitions: usize, images: usize) -> Self {
        let of_size = sizes.random().map(|_| OfSize {
            right: Tally::new(repetitions, images),
            classes: 0,
        });
        Self {
            of_size: of_size.collect(),
            full: Tally::new(1, images),
            repetitions,
        }
    }

    /// In how many repetitions an image is right at a size.
    fn right(&self, sizes: &Sizes, size: usize, image: usize) -> i64 {
        match self.of_size(sizes, size) {
            Some(tally) => i64::from(tally.right.of_image[image]),
            None => i64::from(self.full.of_image[image]) * self.repetitions as i64,
        }
    }

    /// The answers at a size; `None` where it is all images.
    fn of_size(&self, sizes: &Sizes, size: usize) -> Option<&OfSize> {
        let place = sizes.all.binary_search(&size).ok()?;
        self.of_size.get(place)
    }

    fn correct(&self, sizes: &Sizes, size: usize) -> Vec<u64> {
        match self.of_size(sizes, size) {
            Some(tally) => tally.right.correct.clone(),
            None => vec![self.full.correct[0]; self.repetitions],
        }
    }

    fn total(&self) -> u64 {
        self.full.of_image.len() as u64
    }

    /// The mean gain of each image from one size to another.
    fn gain(&self, sizes: &Sizes, from: usize, to: usize) -> Gain {
        let (total, repetitions) = (self.total(), self.repetitions as f64);
        let (mut sum, mut squares) = (0_i64, 0_i128);
        for image in 0..self.full.of_image.len() {
            let gain = self.right(sizes, to, image) - self.right(sizes, from, image);
            sum += gain;
            squares += i128::from(gain) * i128::from(gain);
        }
        let before = self.correct(sizes, from);
        let after = self.correct(sizes, to);
        // Shifted, so that they are counts; a variance does not change.
        let gains = before.iter().zip(&after);
        let gains: Vec<u64> = gains
            .map(|(before, after)| total + after - before)
            .collect();
        let variance = variance(&gains).unwrap_or(0.0) / (total as f64 * total as f64);
        let sum = sum as f64 / repetitions;
        Gain {
            gain: sum / total as f64,
            interval95: gain_interval95(
                sum,
                squares as f64 / (repetitions * repetitions),
                total,
                variance / repetitions,
            ),
        }
    }

    /// The curve that they make.
    pub(super) fn curve(&self, sizes: &Sizes, labels: &Labels, setting: &Setting) -> Curve {
        let total = self.total();
        let present = labels.counts().iter().filter(|&&count| count > 0).count();
        let point = |&images: &usize| {
            let tally = self.of_size(sizes, images);
            let correct = self.correct(sizes, images);
            Point {
                images,
                classes: tally.map_or(present as f64, |tally| {
                    tally.classes as f64 / self.repetitions as f64
                }),
                spread: Spread::of(&correct, total),
                correct,
                gain_to_full: tally.map(|_| self.gain(sizes, images, sizes.whole)),
            }
        };
        let tallies = self.of_size.iter().map(|tally| &tally.right);
        let tallies = tallies.chain([&self.full]);
        Curve {
            points: setting.sizes.iter().map(point).collect(),
            last_doubling: sizes.doubling.map(|[from, to]| Doubling {
                from,
                to,
                gain: self.gain(sizes, from, to),
            }),
            full: Full {
                images: labels.images(),
                correct: self.full.correct[0],
                total,
            },
            settled: tallies.map(|tally| tally.settled).sum(),
        }
    }
}
