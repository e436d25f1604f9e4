//! The class sums of many dense draws at once, as a product of matrices: weights, which
//! say how often each image is drawn, times images.
//!
//! The images of a class are taken in pairs, so that a 32-bit word holds the same pixel
//! of two images, and another the weights of both in one draw: [`pair_products`]. A stripe
//! of pixels of a few hundred pairs stays in the processor's cache while all draws are
//! served.
//!
//! [`pair_products`]: super::pair_products

use multiversion::multiversion;
use rayon::prelude::*;

use super::pair_products::{COLUMNS, Columns, ROWS, Rows, Sums, add_products, both};
use crate::classifier::level_sums::LevelSums;
use crate::data::LabelledImages;

/// Pairs of images at a time: their stripes fit the cache of a core.
const PAIRS: usize = 512;

/// The share of all images that draws must have on average, for the product to be less
/// work than adding up their images.
const DENSE: usize = 4;

/// The most images of a draw: a pixel's sum has 32 bits.
const MOST_DRAWN: usize = u32::MAX as usize / 255;

/// Whether these draws are many and dense enough.
pub fn pays(split: LabelledImages<'_>, draws: &[&[u32]]) -> bool {
    let drawn: usize = draws.iter().map(|draw| draw.len()).sum();
    draws.len() >= ROWS
        && drawn / draws.len() >= split.len() / DENSE
        && draws.iter().all(|draw| draw.len() <= MOST_DRAWN)
}

/// The class sums of each draw; `None` where an image is drawn more than 255 times.
pub fn weighted_sums(split: LabelledImages<'_>, draws: &[&[u32]]) -> Option<Vec<LevelSums>> {
    let by_class = ByClass::new(split);
    let rows: Vec<Vec<u8>> = draws
        .par_iter()
        .map(|draw| by_class.weights(draw))
        .collect::<Option<_>>()?;
    let tiles: Vec<Vec<Rows>> = rows.par_chunks(ROWS).map(tile).collect();
    let stripes = split.images().dim().div_ceil(COLUMNS);
    let tasks = 0..split.classes() * stripes;
    let sums: Vec<Vec<Sums>> = tasks
        .into_par_iter()
        .map(|task| {
            let (class, stripe) = (task / stripes, task % stripes);
            by_class.stripe_sums(split, class, stripe * COLUMNS, &tiles)
        })
        .collect();
    let draws = (0..draws.len()).into_par_iter();
    let one = |draw: usize| by_class.collect(split, &rows[draw], draw, &sums);
    Some(draws.map(one).collect())
}

/// The images of a split sorted by class, with an even number of places for each class.
struct ByClass {
    /// The images, class after class.
    order: Vec<u32>,
    /// The place of each image.
    places: Vec<u32>,
    /// For each class its first image in `order` and its first place, and the end.
    starts: Vec<(usize, usize)>,
}

impl ByClass {
    fn new(split: LabelledImages<'_>) -> Self {
        let mut of_class = vec![0_usize; split.classes()];
        let labels = || split.labels().iter().map(|&label| usize::from(label));
        labels().for_each(|class| of_class[class] += 1);
        let mut starts = vec![(0, 0)];
        for images in of_class {
            let (first, place) = starts[starts.len() - 1];
            starts.push((first + images, place + images.next_multiple_of(2)));
        }
        let (mut next, mut order) = (starts.clone(), vec![0; split.len()]);
        let place = |(index, class): (u32, usize)| {
            let (first, place) = &mut next[class];
            order[*first] = index;
            (*first, *place) = (*first + 1, *place + 1);
            *place as u32 - 1
        };
        let places = (0..).zip(labels()).map(place).collect();
        Self {
            order,
            places,
            starts,
        }
    }

    /// How often each image is drawn, place by place.
    fn weights(&self, draw: &[u32]) -> Option<Vec<u8>> {
        let mut weights = vec![0_u8; self.starts[self.starts.len() - 1].1];
        let mut most = 0;
        for &index in draw {
            let weight = &mut weights[self.places[index as usize] as usize];
            *weight = weight.wrapping_add(1);
            // It has gone round where it is zero again.
            most |= u8::from(*weight == 0);
        }
        (most == 0).then_some(weights)
    }

    /// The sums of a stripe of pixels over the images of one class, in every draw.
    fn stripe_sums(
        &self,
        split: LabelledImages<'_>,
        class: usize,
        first_pixel: usize,
        tiles: &[Vec<Rows>],
    ) -> Vec<Sums> {
        let mut sums = vec![[[0; COLUMNS]; ROWS]; tiles.len()];
        let images = &self.order[self.starts[class].0..self.starts[class + 1].0];
        let mut first_pair = self.starts[class].1 / 2;
        let mut pixels = Vec::with_capacity(PAIRS);
        for block in images.chunks(2 * PAIRS) {
            pixels.clear();
            pair_up(split, block, first_pixel, &mut pixels);
            for (tile, sums) in tiles.iter().zip(&mut sums) {
                add_products(&pixels, &tile[first_pair..][..pixels.len()], sums);
            }
            first_pair += pixels.len();
        }
        sums
    }

    /// The sums of one draw, from those of all stripes of all classes.
    fn collect(
        &self,
        split: LabelledImages<'_>,
        weights: &[u8],
        draw: usize,
        sums: &[Vec<Sums>],
    ) -> LevelSums {
        let dim = split.images().dim();
        let count = |places: &[(usize, usize)]| -> u64 {
            let weights = &weights[places[0].1..places[1].1];
            weights.iter().map(|&weight| u64::from(weight)).sum()
        };
        let counts = self.starts.windows(2).map(count).collect();
        let stripes = dim.div_ceil(COLUMNS);
        let mut all = Vec::with_capacity(split.classes() * dim);
        for of_class in sums.chunks(stripes) {
            let stripes = of_class
                .iter()
                .flat_map(|sums| sums[draw / ROWS][draw % ROWS]);
            all.extend(stripes.take(dim).map(u64::from));
        }
        LevelSums::new(dim, counts, all).expect("sums of images that were counted")
    }
}

/// The weights of up to a tile's draws, side by side in pairs.
fn tile(rows: &[Vec<u8>]) -> Vec<Rows> {
    let mut pairs = vec![[0; ROWS]; rows.first().map_or(0, Vec::len) / 2];
    for (draw, row) in rows.iter().enumerate() {
        for (pair, weights) in pairs.iter_mut().zip(row.as_chunks::<2>().0) {
            pair[draw] = both(weights[0].into(), weights[1].into());
        }
    }
    pairs
}

/// Appends a stripe of these images, two by two; the last may be alone.
#[multiversion(targets = "simd")]
fn pair_up(
    split: LabelledImages<'_>,
    images: &[u32],
    first_pixel: usize,
    pairs: &mut Vec<Columns>,
) {
    let none = [0; COLUMNS];
    for pair in images.chunks(2) {
        let mut pixels = [0; COLUMNS];
        let one = stripe(split, pair[0], first_pixel);
        let other = match pair.get(1) {
            Some(&other) => stripe(split, other, first_pixel),
            None => &none[..one.len()],
        };
        for (pixel, (&one, &other)) in pixels.iter_mut().zip(one.iter().zip(other)) {
            *pixel = both(one.into(), other.into());
        }
        pairs.push(Columns(pixels));
    }
}

/// Some pixels of an image.
#[inline(always)]
fn stripe(split: LabelledImages<'_>, image: u32, first_pixel: usize) -> &[u8] {
    let pixels = &split.images().image(image as usize)[first_pixel..];
    &pixels[..pixels.len().min(COLUMNS)]
}
