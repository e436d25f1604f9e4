//! Exact sums of feature vectors per class, from which the means are computed.
//!
//! Every finite `f32` is an integer times a power of two, and so is a sum of them. The
//! sums here are such integers, as wide as the data need: they do not depend on the
//! order of the rows, nor on how these were cut into parts, and the sums of two sets add
//! up to the sums of their union. Lowest terms make equal sums equal in every bit.

pub mod in_order;

mod adding;
mod means;
mod planes;
mod rounded;
mod running;
mod summing;
mod wide;

#[cfg(test)]
mod tests;

use crate::classifier::level_sums::LevelSums;
use crate::data::MOST_PIXELS;
use crate::data::recipe::Preparation;
use crate::error::{Error, Result};
use planes::LEAST_BIT;
use wide::Wide;

pub use means::FloatMeans;
pub use planes::parts;
pub use rounded::quotient;
pub use running::RunningSums;

/// The most rows that a class may have.
pub const MOST_ROWS: u64 = 1 << 40;

/// The most classes: labels have 16 bits.
pub const MOST_CLASSES: usize = 1 << 16;

/// The number of rows in each class, and the exact sum of each value over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatSums {
    dim: usize,
    counts: Vec<u64>,
    /// `classes × dim` integers, class after class, in lowest terms.
    sums: Wide,
    preparation: Preparation,
}

impl FloatSums {
    /// Builds sums from their parts: `counts` has one entry per class; `limbs` are
    /// `classes × dim` integers, class after class, of `width` limbs each, two's
    /// complement, the lowest first; all are multiplied by `2^exponent`. They need not
    /// be in lowest terms.
    ///
    /// # Errors
    /// When the lengths do not match, when rows have more than [`MOST_PIXELS`] values or
    /// there are more than [`MOST_CLASSES`], or when no rows have such sums: a class has more than [`MOST_ROWS`], a mean is out of
    /// the range of `f32`, or a sum is no multiple of 2⁻¹⁴⁹.
    pub fn new(
        dim: usize,
        counts: Vec<u64>,
        exponent: i32,
        width: usize,
        limbs: Vec<u64>,
    ) -> Result<Self> {
        let expected = (counts.len().checked_mul(dim)).and_then(|len| len.checked_mul(width));
        let is_empty = width == 0 || !(1..=MOST_CLASSES).contains(&counts.len());
        if !(1..=MOST_PIXELS).contains(&dim) || is_empty || Some(limbs.len()) != expected {
            return Err(Error::Invalid(format!(
                "{} limbs do not make {} classes of {dim} sums of {width}",
                limbs.len(),
                counts.len()
            )));
        }
        // Beyond that, no exponent is one of sums, and those of extents could overflow.
        let most_exponent = 1 << 20;
        if width > most_exponent || exponent.unsigned_abs() as usize > most_exponent {
            return Err(Error::Invalid(format!(
                "sums of {width} limbs in units of 2^{exponent}"
            )));
        }
        Self::checked(dim, counts, Wide::new(exponent, width, limbs))
    }

    /// The sums over images, whose levels are floats as well.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_levels(sums: &LevelSums) -> Result<Self> {
        let limbs = (0..sums.classes()).flat_map(|class| sums.sum(class));
        let limbs = limbs.copied().collect();
        Self::new(sums.dim(), sums.counts().to_vec(), 0, 1, limbs)
    }

    /// Sums whose lengths match, if there can be rows that have them.
    fn checked(dim: usize, counts: Vec<u64>, sums: Wide) -> Result<Self> {
        // So that values fit an `f64`, before they are looked at one by one.
        let is_in_range = sums.extent().is_none_or(|(lowest, highest)| {
            lowest >= LEAST_BIT && highest <= 128 + MOST_ROWS.trailing_zeros() as i32
        });
        if !is_in_range {
            return Err(Error::Invalid("sums that no rows of f32 have".into()));
        }
        let sums = sums.lowest_terms();
        for (class, &count) in counts.iter().enumerate() {
            let most = f64::from(f32::MAX) * count as f64;
            let fits = |index| sums.to_f64(index).abs() <= most;
            if count > MOST_ROWS || !(class * dim..(class + 1) * dim).all(fits) {
                return Err(Error::Invalid(format!(
                    "class {class} cannot have these sums with {count} rows"
                )));
            }
        }
        Ok(Self {
            dim,
            counts,
            sums,
            preparation: Preparation::default(),
        })
    }

    /// The same sums, of rows that were prepared so.
    ///
    /// # Errors
    /// When the recipe's centre has another dim.
    pub fn prepared_by(self, preparation: Preparation) -> Result<Self> {
        match preparation.centre() {
            Some(centre) if centre.len() != self.dim => Err(Error::Invalid(format!(
                "a centre of {} values for sums of {}",
                centre.len(),
                self.dim
            ))),
            _ => Ok(Self {
                preparation,
                ..self
            }),
        }
    }

    /// How the rows were prepared.
    pub fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// Number of classes, including those without rows.
    pub fn classes(&self) -> usize {
        self.counts.len()
    }

    /// Values per row.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Number of rows in `class`.
    ///
    /// # Panics
    /// When there is no such class; [`counts`](Self::counts) lists all of them.
    pub fn count(&self, class: usize) -> u64 {
        self.counts[class]
    }

    /// Number of rows in each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Number of rows in all classes.
    pub fn rows(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The classes that have rows, in order.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        (0..self.classes()).filter(|&class| self.counts[class] > 0)
    }

    /// Whether two classes have the same count and the same sums.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn are_same(&self, [one, other]: [usize; 2]) -> bool {
        let len = self.dim * self.sums.width();
        let limbs = |class: usize| &self.sums.limbs()[class * len..][..len];
        self.counts[one] == self.counts[other] && limbs(one) == limbs(other)
    }

    /// All sums are multiples of 2 to this power: the largest for which that is so; 0
    /// where all are zero.
    pub fn exponent(&self) -> i32 {
        self.sums.exponent()
    }

    /// The limbs of each sum: the fewest that hold all of them and their signs.
    pub fn width(&self) -> usize {
        self.sums.width()
    }

    /// `classes × dim` sums, class after class, in units of `2^exponent`: `width`
    /// limbs each, two's complement, the lowest first.
    pub fn limbs(&self) -> &[u64] {
        self.sums.limbs()
    }

    /// The sum of value `column` over the rows of `class`, in units of `2^exponent`.
    ///
    /// # Panics
    /// When there is no such class or column.
    pub fn sum(&self, class: usize, column: usize) -> num_bigint::BigInt {
        assert!(column < self.dim, "column {column} of {}", self.dim);
        self.sums.to_big(class * self.dim + column)
    }

    /// The sum of value `column` over the rows of `class`, rounded to the nearest.
    fn sum_f64(&self, class: usize, column: usize) -> f64 {
        self.sums.to_f64(class * self.dim + column)
    }
}
