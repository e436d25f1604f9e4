//! Random draws of training images, defined so that other software can repeat them:
//! the same seed gives the same draws everywhere.
//!
//! Numbers come from SplitMix64, in S. Vigna's form. The stream seeded with the
//! user's seed gives each repetition a seed of its own, in order, whose stream makes the
//! draw.

use crate::data::Source;
use crate::data::synthetic::random::Random;
use crate::error::{Error, Result};

/// `⌊u · end / 2⁶⁴⌋` of the next number `u`.
fn below(stream: &mut Random, end: usize) -> usize {
    ((u128::from(stream.next()) * end as u128) >> 64) as usize
}

/// The seed of each repetition, or of each model.
pub fn seeds(seed: u64) -> impl Iterator<Item = u64> {
    let mut stream = Random::seeded(seed);
    std::iter::repeat_with(move || stream.next())
}

/// A random order of `images` images: Fisher and Yates's shuffle, from the top.
pub fn order(seed: u64, images: usize) -> Vec<u32> {
    let mut stream = Random::seeded(seed);
    let mut order: Vec<u32> = (0..images as u32).collect();
    for last in (1..images).rev() {
        order.swap(last, below(&mut stream, last + 1));
    }
    order
}

/// As many images as there are, drawn with replacement.
pub fn resample(seed: u64, images: usize) -> Vec<u32> {
    let mut stream = Random::seeded(seed);
    (0..images)
        .map(|_| below(&mut stream, images) as u32)
        .collect()
}

/// As [`resample`], but of each class as many images as it has: class after class, from
/// one stream.
pub fn resample_of_each(seed: u64, of_class: &[Vec<u32>]) -> Vec<u32> {
    let mut stream = Random::seeded(seed);
    let draw = |images: &Vec<u32>| -> Vec<u32> {
        let draws = (0..images.len()).map(|_| images[below(&mut stream, images.len())]);
        draws.collect()
    };
    of_class.iter().flat_map(draw).collect()
}

/// The labels of the training images, as draws need them.
#[derive(Clone, Debug)]
pub struct Labels {
    labels: Vec<u16>,
    counts: Vec<u64>,
}

impl Labels {
    /// Reads the labels of training images.
    ///
    /// # Errors
    /// When a file is invalid, or there are more images than a draw can number.
    pub fn of(train: &Source) -> Result<Self> {
        if u32::try_from(train.len()).is_err() {
            return Err(Error::Invalid(format!(
                "{} training images are more than can be drawn from",
                train.len()
            )));
        }
        let (mut labels, mut counts) = (Vec::with_capacity(train.len()), vec![0; train.classes()]);
        if let Some(known) = train.labels() {
            labels.extend_from_slice(known);
        } else {
            let mut batches = train.batches();
            while let Some(batch) = batches.next() {
                let batch = batch?;
                labels.extend_from_slice(batch.labels());
                batches.give_back(batch);
            }
        }
        for &label in &labels {
            counts[usize::from(label)] += 1;
        }
        Ok(Self { labels, counts })
    }

    /// Number of images.
    pub fn images(&self) -> usize {
        self.labels.len()
    }

    /// Number of images of each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Images of the class that has fewest of those that have any.
    pub fn smallest_class(&self) -> usize {
        let present = self.counts.iter().filter(|&&count| count > 0);
        present.min().copied().unwrap_or(0) as usize
    }

    /// Images of the class that has most.
    pub fn largest_class(&self) -> usize {
        self.counts.iter().max().copied().unwrap_or(0) as usize
    }

    /// The images of each class, in the data's order.
    pub fn of_each_class(&self) -> Vec<Vec<u32>> {
        let mut of_class = vec![Vec::new(); self.counts.len()];
        for (index, &label) in (0..).zip(&self.labels) {
            of_class[usize::from(label)].push(index);
        }
        of_class
    }

    /// Cuts an order into what each size adds to the size before it, so that the first
    /// parts together are the subset of their size; the last part is what is beyond all
    /// sizes. `sizes` ascend; with `per_class` they count images of each class, and a
    /// class that has fewer gives all it has.
    pub fn increments(&self, order: &[u32], sizes: &[usize], per_class: bool) -> Vec<Vec<u32>> {
        // The part of each image first, so that the images of a part ascend: they are
        // then read in the order in which they lie in memory.
        let mut part_of = vec![sizes.len() as u32; self.labels.len()];
        let mut taken = vec![0_usize; if per_class { self.counts.len() } else { 1 }];
        for &index in order {
            let class = usize::from(self.labels[index as usize]);
            let taken = &mut taken[if per_class { class } else { 0 }];
            *taken += 1;
            part_of[index as usize] = sizes.partition_point(|&size| size < *taken) as u32;
        }
        let mut parts = vec![Vec::new(); sizes.len() + 1];
        for (index, part) in (0..).zip(part_of) {
            parts[part as usize].push(index);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_vigna_s() {
        // The first outputs for seed 0 of Vigna's splitmix64.c.
        let first: Vec<u64> = seeds(0).take(3).collect();
        assert_eq!(
            first,
            [
                16_294_208_416_658_607_535,
                7_960_286_522_194_355_700,
                487_617_019_471_545_679
            ]
        );
    }

    #[test]
    fn an_order_has_each_image_once() {
        let mut order = order(7, 1_000);
        assert!(!order.is_sorted());
        order.sort_unstable();
        assert!(order.into_iter().eq(0..1_000));
    }

    #[test]
    fn increments_make_nested_subsets() {
        let labels = Labels {
            labels: vec![0, 1, 1, 0, 1, 1],
            counts: vec![2, 4],
        };
        let order = [5, 0, 1, 2, 3, 4];
        let uniform = labels.increments(&order, &[1, 3], false);
        assert_eq!(uniform, [vec![5], vec![0, 1], vec![2, 3, 4]]);
        // A class of two images gives both where three are asked for.
        let per_class = labels.increments(&order, &[1, 3], true);
        assert_eq!(per_class, [vec![0, 5], vec![1, 2, 3], vec![4]]);
    }
}
