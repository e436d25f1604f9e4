//! Feature vectors: rows of floats, as networks give them, valid by construction.

use multiversion::multiversion;
use rayon::prelude::*;

use super::recipe::Preparation;
use super::{Images, MOST_PIXELS};
use crate::error::{Error, Result};

/// Values that are checked at a time.
const CHECKED: usize = 1 << 16;

/// Rows of `dim` finite values, stored contiguously: `len × dim`.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    dim: usize,
    values: Vec<f32>,
    preparation: Preparation,
}

/// They have finite values alone.
impl Eq for Features {}

impl Features {
    /// Builds rows from their values, row after row.
    ///
    /// # Errors
    /// When a row has no value or more than [`MOST_PIXELS`], when there is no row,
    /// when `values` is not a whole number of rows, or when a value is infinite or
    /// not a number.
    pub fn new(dim: usize, values: Vec<f32>) -> Result<Self> {
        let rows = Self::of_rows(dim, values)?;
        match strange(&rows.values) {
            None => Ok(rows),
            Some(place) => Err(Error::Invalid(not_finite(
                place / dim,
                place % dim,
                rows.values[place],
            ))),
        }
    }

    /// As [`new`](Self::new), of values that were found to be finite when they were
    /// read.
    ///
    /// # Errors
    /// When they are not a whole number of rows, one or more.
    #[cfg(feature = "arrays")]
    pub(super) fn of_finite(dim: usize, values: Vec<f32>) -> Result<Self> {
        debug_assert_eq!(strange(&values), None, "a value that is not finite");
        Self::of_rows(dim, values)
    }

    fn of_rows(dim: usize, values: Vec<f32>) -> Result<Self> {
        let is_whole = (1..=MOST_PIXELS).contains(&dim) && values.len().is_multiple_of(dim);
        match is_whole && !values.is_empty() {
            true => Ok(Self {
                dim,
                values,
                preparation: Preparation::default(),
            }),
            false => Err(Error::Invalid(format!(
                "{} values do not make rows of {dim}",
                values.len()
            ))),
        }
    }

    /// The levels of images as numbers, each image a row.
    pub fn of_images(images: &Images) -> Self {
        Self {
            dim: images.dim(),
            values: images.pixels().iter().map(|&level| level.into()).collect(),
            preparation: Preparation::default(),
        }
    }

    /// Other rows of as many values, prepared in the same way.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_values(&self, values: Vec<f32>) -> Result<Self> {
        Ok(Self::new(self.dim, values)?.prepared_by(self.preparation.clone()))
    }

    /// How the rows were prepared.
    pub fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// The same rows, which were prepared so.
    pub(super) fn prepared_by(self, preparation: Preparation) -> Self {
        Self {
            preparation,
            ..self
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Always false: an empty set of rows cannot be built.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Values in a row.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Row `index`, if it exists.
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        (index < self.len()).then(|| self.row(index))
    }

    /// Row `index`.
    ///
    /// # Panics
    /// When there is no such row; [`get`](Self::get) returns `None` instead.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.dim..][..self.dim]
    }

    /// All values, row after row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Takes all values, row after row.
    pub(super) fn into_values(self) -> Vec<f32> {
        self.values
    }

    /// The same rows after `write` has gone over chunks of whole rows of them, at
    /// most `rows` at a time, on all cores. It must leave finite values.
    pub(super) fn rewritten(
        mut self,
        rows: usize,
        write: impl Fn(&mut [f32]) + Send + Sync,
    ) -> Self {
        self.values
            .par_chunks_mut(rows.max(1) * self.dim)
            .for_each(write);
        debug_assert_eq!(strange(&self.values), None, "a value that is not finite");
        self
    }
}

/// What to say of a value that is none of features.
pub(super) fn not_finite(row: usize, column: usize, value: f32) -> String {
    format!("row {row}, column {column} is {value}, not a finite number")
}

/// Whether a value is infinite or not a number.
#[multiversion(targets = "simd")]
pub(super) fn has_strange(values: &[f32]) -> bool {
    // Without an early exit this runs on vectors.
    values
        .iter()
        .fold(false, |any, value| any | !value.is_finite())
}

/// The place of the first value that is not finite.
fn strange(values: &[f32]) -> Option<usize> {
    let chunk = values.par_chunks(CHECKED).position_first(has_strange)?;
    let start = chunk * CHECKED;
    let place = values[start..]
        .iter()
        .position(|value| !value.is_finite())?;
    Some(start + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_rows_of_finite_values_are_features() -> Result<()> {
        let features = Features::new(2, vec![1.0, -0.0, f32::MAX, 1e-45])?;
        assert_eq!((features.len(), features.dim()), (2, 2));
        assert_eq!(features.row(1), [f32::MAX, 1e-45]);
        assert_eq!(
            (features.get(0), features.get(2)),
            (Some(&[1.0, 0.0][..]), None)
        );
        for (dim, values) in [(0, vec![1.0]), (2, vec![]), (2, vec![1.0; 3]), (1, vec![])] {
            assert!(Features::new(dim, values).is_err());
        }
        Ok(())
    }

    #[test]
    fn what_is_not_finite_is_named_by_row_and_column() {
        for (strange, name) in [
            (f32::NAN, "NaN"),
            (f32::INFINITY, "inf"),
            (-f32::INFINITY, "-inf"),
        ] {
            let mut values = vec![0.5; 3 * CHECKED];
            values[2 * CHECKED + 7] = strange;
            values[2 * CHECKED + 9] = f32::NAN;
            let message = Features::new(3, values).map_err(|error| error.to_string());
            let place = 2 * CHECKED + 7;
            let (row, column) = (place / 3, place % 3);
            assert_eq!(
                message,
                Err(format!(
                    "row {row}, column {column} is {name}, not a finite number"
                ))
            );
        }
    }
}
