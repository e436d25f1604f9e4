//! The classes of a question, as the kernel takes them.
//!
//! Nearness is `score(c) = N − ⟨x − o, v⟩`, least for the nearest class, with the samples'
//! common offset o:
//!
//! | metric | v | N | score |
//! |---|---|---|---|
//! | Euclidean | 2(m − a) | ¼‖v‖² − ⟨o − a, v⟩ | ‖x − m‖² − ‖x − a‖² |
//! | cosine | m/‖m‖ − h | −⟨o, v⟩ | ⟨x, h⟩ − ⟨x, m⟩/‖m‖ |
//!
//! a is the mean of the class means, h that of the m/‖m‖: any a and h give the same order,
//! so how they were rounded does not matter, and these make vectors short. Where m is zero,
//! m/‖m‖ is zero as well, since that is what the cosine is.
//!
//! All v of a question are scaled by one power of two, so that the longest is below 1; and
//! so are all N.

use std::ops::Range;

use rayon::prelude::*;

use super::bounds::{MOST_OPERATIONS, product_rounding};
use super::rounding::{
    OF_ZERO, ROUNDED, Rounded, SURPLUS, UNIT, exponent, flushed, norm, power, up,
};
use super::tiles::{CLASSES, padded};
use crate::classifier::float_exact::FloatQuestion;
use crate::data::recipe::Metric;

/// Classes whose terms lie side by side.
const GROUP: usize = 4;

/// Terms of a class: N, and three bounds.
const TERMS: usize = 4;

/// What the kernel takes for a class that cannot be nearest: an error that none has.
const ABSENT: f32 = -1.0;

/// All classes of a question.
pub(super) struct Classes<'a> {
    question: &'a FloatQuestion<'a>,
    /// a; zeros for cosines.
    pub(super) centre: Vec<f64>,
    /// h; zeros for distances.
    pub(super) common: Vec<f64>,
    /// o − a.
    shift: Vec<f64>,
    shift_norm: f64,
    /// Of each class; `None` for one without rows.
    vectors: Vec<Option<Vector>>,
    /// Every v is multiplied by 2 to the power of minus this,
    pub(super) exponent: i32,
    /// and then every N by 2 to the power of minus this.
    pub(super) offset_exponent: i32,
}

/// What is known of a class's v before it is scaled.
#[derive(Clone, Copy, Debug)]
struct Vector {
    /// N,
    offset: f64,
    /// and at least its error.
    error: f64,
    /// At least how far v is from the exact one,
    moved: f64,
    /// and its norm.
    norm: f64,
}

impl<'a> Classes<'a> {
    pub(super) fn new(question: &'a FloatQuestion<'a>, origin: &[f32]) -> Self {
        let (sums, means) = (question.sums(), question.means());
        let present: Vec<usize> = sums.present().collect();
        let is_cosine = question.metric() == Metric::Cosine;
        let mut mean = vec![0.0; sums.dim()];
        for &class in &present {
            let scale = match is_cosine {
                true => inverse(means.squared_norm(class)),
                false => 1.0,
            };
            let share = scale / present.len() as f64;
            let values = means.of(class).iter();
            mean.iter_mut()
                .zip(values)
                .for_each(|(sum, value)| *sum += value * share);
        }
        let zeros = vec![0.0; sums.dim()];
        let (centre, common) = match is_cosine {
            true => (zeros, mean),
            false => (mean, zeros),
        };
        let shift = origin.iter().zip(&centre);
        let shift: Vec<f64> = shift.map(|(&o, a)| f64::from(o) - a).collect();
        let mut classes = Self {
            question,
            centre,
            common,
            shift_norm: norm(shift.iter().copied()),
            shift,
            vectors: Vec::new(),
            exponent: 0,
            offset_exponent: OF_ZERO,
        };
        classes.measure();
        classes
    }

    /// Measures every class, and chooses the scales.
    fn measure(&mut self) {
        let classes = 0..self.question.sums().classes();
        let measure = |class: usize| {
            (self.question.sums().count(class) > 0).then(|| {
                let mut v = Vec::new();
                self.vector(class, &mut v)
            })
        };
        self.vectors = classes.into_par_iter().map(measure).collect();
        let greatest = |size: fn(&Vector) -> f64| {
            let sizes = self.vectors.iter().flatten().map(size);
            exponent(sizes.fold(0.0, f64::max))
        };
        let longest = greatest(|vector| vector.norm + vector.moved);
        let offset = greatest(|vector| vector.offset.abs() + vector.error);
        if longest != OF_ZERO {
            self.exponent = longest;
        }
        if offset != OF_ZERO {
            self.offset_exponent = offset - self.exponent;
        }
    }

    /// Writes v of a class, and measures it.
    fn vector(&self, class: usize, v: &mut Vec<f64>) -> Vector {
        let mean = self.question.means().of(class);
        let squared = self.question.means().squared_norm(class);
        let dim = mean.len() as f64;
        v.clear();
        let (moved, square) = match self.question.metric() {
            Metric::Euclidean => {
                v.extend(mean.iter().zip(&self.centre).map(|(m, a)| 2.0 * (m - a)));
                // The mean is off by 2.01 units, and the difference is rounded.
                let length = norm(v.iter().copied());
                let moved = 2.0 * 2.1 * UNIT * squared.sqrt() + 2.0 * UNIT * length;
                (moved, 0.25)
            }
            Metric::Cosine => {
                let share = inverse(squared);
                v.extend(mean.iter().zip(&self.common).map(|(m, h)| m * share - h));
                // Norm, mean, quotient, product and difference.
                let length = norm(v.iter().copied());
                ((dim / 2.0 + 10.0) * UNIT + 2.0 * UNIT * length, 0.0)
            }
        };
        let length = norm(v.iter().copied());
        let square = square * v.iter().fold(0.0, |sum, value| sum + value * value);
        let product = v.iter().zip(&self.shift);
        let product = product.fold(0.0, |sum, (v, w)| sum + v * w);
        // The sum of squares, then the product with o − a, then their difference.
        let error = (dim + 8.0) * UNIT * square
            + length * moved
            + moved * moved
            + self.shift_norm * ((dim + 8.0) * UNIT * length + 2.0 * moved)
            + 2.0 * UNIT * (square + product.abs());
        Vector {
            offset: square - product,
            error,
            moved,
            norm: length,
        }
    }

    /// The number of tiles that the classes make.
    pub(super) fn tiles(&self) -> usize {
        self.vectors.len().div_ceil(CLASSES)
    }

    /// Floats of a tile.
    pub(super) fn tile_len(dim: usize) -> usize {
        (padded(dim) + TERMS) * CLASSES
    }

    /// Writes the values and the terms of a tile of classes, over zeros.
    pub(super) fn write_tile(&self, tile: usize, written: &mut [f32]) {
        let (values, terms) = written.split_at_mut(written.len() - TERMS * CLASSES);
        let rounding = product_rounding(self.question.sums().dim());
        let mut v = Vec::new();
        for index in 0..CLASSES {
            let class = tile * CLASSES + index;
            // N, ‖v‖, displacement, error: each of four classes to a vector.
            let place = |term: usize| (index / GROUP * TERMS + term) * GROUP + index % GROUP;
            let Some(Some(vector)) = self.vectors.get(class) else {
                terms[place(3)] = ABSENT;
                continue;
            };
            self.vector(class, &mut v);
            let write = |place: usize, value| values[place * CLASSES + index] = value;
            let rounded = Rounded::new(&v, -self.exponent, write);
            let moved = vector.moved * power(-self.exponent);
            let norm = vector.norm * power(-self.exponent) + moved;
            let displacement = rounded.displacement + moved + rounding * rounded.norm;
            let (offset, error) = self.offset(vector);
            terms[place(0)] = offset;
            terms[place(1)] = up(norm * SURPLUS);
            terms[place(2)] = up(displacement * SURPLUS);
            terms[place(3)] = up(error * SURPLUS);
        }
    }

    /// N of a class, scaled, and at least what it is off by and what is rounded with it.
    fn offset(&self, vector: &Vector) -> (f32, f64) {
        if self.offset_exponent == OF_ZERO {
            return (0.0, 0.0);
        }
        let factor = power(-self.exponent - self.offset_exponent);
        let scaled = vector.offset * factor;
        let near = flushed(scaled);
        let rounded = MOST_OPERATIONS * ROUNDED * f64::from(near.abs());
        let error = vector.error * factor + (scaled - f64::from(near)).abs() + rounded;
        (near, error)
    }

    /// The tiles, cut into ranges of at most `most`.
    pub(super) fn ranges(&self, most: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let tiles = self.tiles();
        (0..tiles)
            .step_by(most)
            .map(move |first| first..tiles.min(first + most))
    }
}

/// 1/√square, and 0 of 0.
fn inverse(square: f64) -> f64 {
    match square > 0.0 {
        true => square.sqrt().recip(),
        false => 0.0,
    }
}
