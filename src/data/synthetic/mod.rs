//! Digits drawn by the program itself: strokes with random slant, scale,
//! rotation, width and jitter, in MNIST's frame. Any number of them, each known
//! from the seed, its split and its index alone.
//!
//! Only additions, multiplications, divisions and square roots are used, which
//! IEEE 754 rounds alike everywhere, so every platform draws the same bytes.

mod glyphs;
mod pen;
mod random;

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

/// Which digits to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synthetic {
    /// Images to train on.
    pub train: usize,
    /// Images to test.
    pub test: usize,
    /// Another seed gives other images.
    pub seed: u64,
}

impl Default for Synthetic {
    /// As many as MNIST has.
    fn default() -> Self {
        Self {
            train: 60_000,
            test: 10_000,
            seed: 1,
        }
    }
}

/// One of the two splits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Train,
    Test,
}

impl Synthetic {
    /// Reads `synthetic`, `synthetic:TRAIN`, `synthetic:TRAIN,TEST` or
    /// `synthetic:TRAIN,TEST,SEED`; `None` where a name is nothing of the kind.
    ///
    /// # Errors
    /// When what follows the colon is not numbers, or there are no images.
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

    /// The name that [`parse`](Self::parse) reads.
    pub fn name(&self) -> String {
        format!("synthetic:{},{},{}", self.train, self.test, self.seed)
    }

    /// The images of a split from `first` on.
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

/// More images than this no machine here is meant for.
const MOST: u64 = 1 << 32;

/// How far a point of a stroke may be from its place, where a digit is 1 high.
const JITTER: f64 = 0.06;

/// Draws one digit and says which.
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

/// How someone writes.
struct Hand {
    slant: f64,
    narrow: f64,
    cosine: f64,
    sine: f64,
    /// Half the width of a stroke in pixels.
    radius: f64,
}

impl Hand {
    fn new(random: &mut Random) -> Self {
        // With t the tangent of half an angle, its cosine is (1 − t²)/(1 + t²).
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
