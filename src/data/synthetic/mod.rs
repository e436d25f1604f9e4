//! Synthetic digits: strokes with random slant, scale, rotation, width and
//! jitter, sized and centred as in MNIST. There can be any number of them. Each
//! depends only on the seed, its split and its index.
//!
//! Only additions, multiplications, divisions and square roots are used. IEEE
//! 754 rounds these identically everywhere, so every platform draws the same
//! bytes.

mod glyphs;
mod pen;
pub(crate) mod random;

use rayon::prelude::*;

use super::{Images, Split};
use crate::error::{Error, Result};
use glyphs::glyph;
use pen::{Point, draw};
use random::Random;

/// Rows and columns of an image.
pub const SIDE: usize = 28;

/// Classes: the ten digits.
pub const CLASSES: usize = 10;

/// How many digits to draw, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synthetic {
    /// Number of training images.
    pub train: usize,
    /// Number of test images.
    pub test: usize,
    /// Seed of the random numbers; each seed gives different images.
    pub seed: u64,
}

impl Default for Synthetic {
    /// The numbers of images in MNIST.
    fn default() -> Self {
        Self {
            train: 60_000,
            test: 10_000,
            seed: 1,
        }
    }
}

/// One of the two splits, training or test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Train,
    Test,
}

impl Synthetic {
    /// Reads `synthetic`, `synthetic:TRAIN`, `synthetic:TRAIN,TEST` or
    /// `synthetic:TRAIN,TEST,SEED`. Returns `None` for any other name.
    ///
    /// # Errors
    /// When the text after the colon is not numbers, or there would be no images.
    pub fn parse(name: &str) -> Option<Result<Self>> {
        let rest = name.strip_prefix("synthetic")?;
        if rest.is_empty() {
            return Some(Ok(Self::default()));
        }
        let numbers = rest.strip_prefix(':')?;
        Some(
            Self::from_numbers(numbers).ok_or_else(|| Error::SyntheticName {
                name: name.to_owned(),
                most: MOST,
            }),
        )
    }

    fn from_numbers(numbers: &str) -> Option<Self> {
        let mut numbers = numbers.split(',').map(str::parse::<u64>);
        let mut next = |default| numbers.next().unwrap_or(Ok(default)).ok();
        let default = Self::default();
        let (train, test) = (next(default.train as u64)?, next(default.test as u64)?);
        let seed = next(default.seed)?;
        let count = |images: u64| (1..=MOST).contains(&images).then_some(images as usize);
        numbers.next().is_none().then_some(Self {
            train: count(train)?,
            test: count(test)?,
            seed,
        })
    }

    /// The name, in the form that [`parse`](Self::parse) reads.
    pub fn name(&self) -> String {
        format!("synthetic:{},{},{}", self.train, self.test, self.seed)
    }

    /// Draws `images` images of a split, starting at index `first`.
    pub(super) fn draw(&self, part: Part, first: usize, images: usize) -> Result<Split> {
        let mut pixels = vec![0; images * SIDE * SIDE];
        let mut labels = vec![0; images];
        pixels
            .par_chunks_exact_mut(SIDE * SIDE)
            .zip(&mut labels)
            .enumerate()
            .for_each(|(index, (pixels, label))| {
                *label = digit(self.random(part, first + index), pixels);
            });
        Split::new(Images::new(SIDE, SIDE, pixels)?, labels, CLASSES)
    }

    fn random(&self, part: Part, index: usize) -> Random {
        Random::new(&[self.seed, part as u64, index as u64])
    }
}

/// Upper limit on the number of images.
const MOST: u64 = 1 << 32;

/// How far a point of a stroke may be moved, relative to a digit's height of 1.
const JITTER: f64 = 0.06;

/// Draws one digit and returns its label.
fn digit(mut random: Random, pixels: &mut [u8]) -> u16 {
    let label = random.below(CLASSES as u64) as u16;
    let hand = Hand::new(&mut random);
    let strokes: Vec<Vec<Point>> = glyph(label, &mut random)
        .into_iter()
        .map(|stroke| stroke.line(|point| hand.place(point, &mut random)))
        .collect();
    draw(&strokes, hand.radius, pixels);
    label
}

/// The random handwriting style of one digit.
struct Hand {
    slant: f64,
    narrow: f64,
    cosine: f64,
    sine: f64,
    /// Half a stroke's width in pixels.
    radius: f64,
}

impl Hand {
    fn new(random: &mut Random) -> Self {
        // If t is the tangent of half an angle, the angle's cosine is (1 − t²)/(1 + t²).
        let t = random.between(-0.13, 0.13);
        Self {
            slant: random.between(-0.3, 0.7),
            narrow: random.between(0.45, 1.1),
            cosine: (1.0 - t * t) / (1.0 + t * t),
            sine: 2.0 * t / (1.0 + t * t),
            radius: random.between(0.6, 2.0),
        }
    }

    fn place(&self, point: Point, random: &mut Random) -> Point {
        let (x, y) = (
            point.x + random.between(-JITTER, JITTER),
            point.y + random.between(-JITTER, JITTER),
        );
        let x = self.narrow * x - self.slant * y;
        Point {
            x: self.cosine * x - self.sine * y,
            y: self.sine * x + self.cosine * y,
        }
    }
}
