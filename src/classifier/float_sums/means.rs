//! Means as floats: of classes, of all rows, and of a class without one of its rows.

use num_bigint::{BigInt, BigUint};
use rayon::prelude::*;

use super::in_order::squared_norm;
use super::wide::Wide;
use super::{FloatSums, quotient};

/// The class means of one model, rounded to `f64`.
#[derive(Clone, Debug, PartialEq)]
pub struct FloatMeans {
    dim: usize,
    values: Vec<f64>,
    squared_norms: Vec<f64>,
}

impl FloatMeans {
    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.squared_norms.len()
    }

    /// Values of a mean.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// `dim` values for each class, class after class; zeros for one without rows.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The mean of `class`; zeros if it has no rows. Each value m of the exact mean is
    /// off by at most `2.01 · 2⁻⁵³ · |m|`.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn of(&self, class: usize) -> &[f64] {
        &self.values[class * self.dim..][..self.dim]
    }

    /// The sum of the squares of the values of [`of`](Self::of), added up in the order
    /// that [`in_order`](super::in_order) lays down.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn squared_norm(&self, class: usize) -> f64 {
        self.squared_norms[class]
    }
}

impl FloatSums {
    /// The means of all classes, `8 · classes · dim` bytes.
    pub fn means(&self) -> FloatMeans {
        let dim = self.dim;
        let mut values = vec![0.0; self.classes() * dim];
        let squared_norms = (values.par_chunks_mut(dim).enumerate())
            .map(|(class, values)| {
                self.write_mean(class, values);
                squared_norm(values)
            })
            .collect();
        FloatMeans {
            dim,
            values,
            squared_norms,
        }
    }

    /// The class mean `S[c][d] / n[c]`, or `None` if the class has no rows or does not
    /// exist. Each value m of the exact mean is off by at most `2.01 · 2⁻⁵³ · |m|`, for
    /// the rounding of the sum and that of the division; no value is subnormal.
    pub fn mean(&self, class: usize) -> Option<Vec<f64>> {
        let count = *self.counts.get(class)?;
        let mut values = vec![0.0; self.dim];
        self.write_mean(class, &mut values);
        (count > 0).then_some(values)
    }

    fn write_mean(&self, class: usize, values: &mut [f64]) {
        let count = self.counts[class].max(1) as f64;
        for (column, value) in values.iter_mut().enumerate() {
            *value = self.sum_f64(class, column) / count;
        }
    }

    /// The mean of all rows of all classes, each value the nearest `f32` to the exact
    /// one, the even of two; `None` without rows. It is the centre of the recipe `cl2n`.
    pub fn centre(&self) -> Option<Vec<f32>> {
        let rows = self.rows();
        let mut sum = Wide::zeros(self.dim);
        for class in self.present() {
            sum.add(&self.sums.part(class * self.dim, self.dim), false);
        }
        let rows = (rows > 0).then(|| BigUint::from(rows))?;
        let value = |column| quotient(&sum.to_big(column), &rows, sum.exponent()) as f32;
        Some((0..self.dim).map(value).collect())
    }

    /// `S − x` for the sums of `class` and a row of it, exact but for one rounding of
    /// each value.
    ///
    /// # Panics
    /// When there is no such class, or the row has another dim.
    pub fn sum_without(&self, class: usize, row: &[f32]) -> Vec<f64> {
        assert_eq!(row.len(), self.dim, "a row of another dim");
        let place = |column| class * self.dim + column;
        (row.iter().enumerate())
            .map(|(column, &value)| self.sums.minus(place(column), value))
            .collect()
    }

    /// The sums of `class` as integers, in units of `2^exponent`.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn class_integers(&self, class: usize) -> impl Iterator<Item = BigInt> + '_ {
        (0..self.dim).map(move |column| self.sum(class, column))
    }
}
