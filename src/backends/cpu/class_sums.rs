//! CPU counterpart of `shaders/class_sums.wgsl`: labelled images → integer sums per
//! class.
//!
//! Pixels are added in 16-bit lanes, of which a vector holds twice as many as of
//! 32-bit lanes. The sums are added to wide ones before they can overflow:
//! 257 · 255 = 2¹⁶ − 1.

use multiversion::multiversion;

use crate::classifier::level_sums::LevelSums;
use crate::data::LabelledImages;
use crate::error::Result;

/// The most images of one class whose sum fits 16 bits.
const CARRY_AFTER: u16 = 257;

/// An accumulator of class sums.
#[derive(Clone, Debug)]
pub struct Accumulator {
    dim: usize,
    /// `classes × dim` sums of the images since the last carry of their class.
    narrow: Vec<u16>,
    /// Number of images of each class in `narrow`.
    pending: Vec<u16>,
    /// `classes × dim` sums of all earlier images.
    wide: Vec<u64>,
    counts: Vec<u64>,
}

impl Accumulator {
    /// An accumulator without images.
    pub fn new(dim: usize, classes: usize) -> Self {
        Self {
            dim,
            narrow: vec![0; classes * dim],
            pending: vec![0; classes],
            wide: vec![0; classes * dim],
            counts: vec![0; classes],
        }
    }

    /// The counts and the sums, class after class.
    pub fn finish(mut self) -> (Vec<u64>, Vec<u64>) {
        (0..self.counts.len()).for_each(|class| self.carry(class));
        (self.counts, self.wide)
    }

    /// The sums over the images of both accumulators.
    pub fn merged(self, other: Self) -> Self {
        let (dim, classes) = (self.dim, self.counts.len());
        let add = |a: Vec<u64>, b: Vec<u64>| a.iter().zip(b).map(|(a, b)| a + b).collect();
        let ((counts, wide), (other_counts, other_wide)) = (self.finish(), other.finish());
        Self {
            counts: add(counts, other_counts),
            wide: add(wide, other_wide),
            dim,
            narrow: vec![0; classes * dim],
            pending: vec![0; classes],
        }
    }

    /// The sums as the other stages use them.
    ///
    /// # Errors
    /// Never of images that are there.
    pub fn into_sums(self) -> Result<LevelSums> {
        let dim = self.dim;
        let (counts, sums) = self.finish();
        LevelSums::new(dim, counts, sums)
    }

    #[inline(always)]
    fn add(&mut self, class: usize, image: &[u8]) {
        let narrow = &mut self.narrow[class * self.dim..][..self.dim];
        narrow
            .iter_mut()
            .zip(image)
            .for_each(|(sum, &pixel)| *sum += u16::from(pixel));
        self.counts[class] += 1;
        self.pending[class] += 1;
        if self.pending[class] == CARRY_AFTER {
            self.carry(class);
        }
    }

    #[inline(always)]
    fn carry(&mut self, class: usize) {
        let range = class * self.dim..(class + 1) * self.dim;
        for (wide, narrow) in self.wide[range.clone()]
            .iter_mut()
            .zip(&mut self.narrow[range])
        {
            *wide += u64::from(std::mem::take(narrow));
        }
        self.pending[class] = 0;
    }
}

/// Adds images of `dim` pixels to the sums of their classes, with the widest SIMD
/// vectors the processor has.
#[multiversion(targets = "simd")]
pub fn add_images(sums: &mut Accumulator, pixels: &[u8], labels: &[u16]) {
    add_images_portably(sums, pixels, labels);
}

/// The same for the baseline instruction set.
#[inline(always)]
pub fn add_images_portably(sums: &mut Accumulator, pixels: &[u8], labels: &[u16]) {
    let dim = sums.dim;
    for (image, &label) in pixels.chunks_exact(dim).zip(labels) {
        sums.add(usize::from(label), image);
    }
}

/// Adds the images of a draw, each as often as it is listed, to the sums of their
/// classes, with the widest SIMD vectors the processor has.
#[multiversion(targets = "simd")]
pub fn add_drawn(sums: &mut Accumulator, split: LabelledImages<'_>, draw: &[u32]) {
    for &index in draw {
        let index = index as usize;
        let class = usize::from(split.labels()[index]);
        sums.add(class, split.images().image(index));
    }
}
