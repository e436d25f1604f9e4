//! Features without labels, batch by batch.

use std::path::Path;
use std::sync::Arc;

use super::matrix::{self, Planned};
use super::pass::Pass;
use super::reopened::reopened;
use super::{named, store, whole};
use crate::data::Features;
use crate::data::arrays::Role;
use crate::error::Result;

/// A matrix of samples × values that is read in batches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct UnlabelledFeatures {
    origin: Origin,
    len: usize,
    dim: usize,
    values: &'static str,
    notes: Vec<String>,
}

#[derive(Clone, Debug)]
enum Origin {
    File(Arc<Planned>),
    /// Of columns no part can be read.
    Memory(Arc<Features>),
}

/// As [`read_features`](super::read_features), but what is stored in rows stays in its
/// file, which may exceed memory. An array in Fortran order is read whole.
///
/// # Errors
/// As [`read_features`](super::read_features), but for what only reading the values
/// tells, of which [`batches`](UnlabelledFeatures::batches) tells.
pub fn open_features(path: &Path, array: Option<&str>) -> Result<UnlabelledFeatures> {
    let mut store = store::open(path)?;
    let name = named(&mut *store, array, Role::Samples)?;
    let planned = matrix::plan(&mut *store, &name)?;
    let (origin, notes) = match planned.is_by_columns() {
        true => {
            let read = whole::read(&mut *store, &planned)?;
            (Origin::Memory(Arc::new(read.features)), read.notes)
        }
        false => {
            reopened(&planned, 0)?;
            (Origin::File(Arc::clone(&planned)), planned.notes(None))
        }
    };
    Ok(UnlabelledFeatures {
        origin,
        len: planned.counted()?.0,
        dim: planned.dim,
        values: planned.value.name(),
        notes,
    })
}

impl UnlabelledFeatures {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Always false: a matrix without samples is refused.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Values in a sample.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The type of the values in the file: `f16`, `bf16`, `f32` (as which `f64` is
    /// read) or `u8`.
    pub fn values(&self) -> &'static str {
        self.values
    }

    /// What was interpreted, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A pass over all samples, from the first on: each call returns at most `rows` of
    /// them, in the memory that it is given, or none after the last, and after an
    /// error.
    ///
    /// # Errors
    /// A call returns an error when the file is damaged or has changed, or a value is
    /// not finite as `f32`.
    pub fn batches(
        &self,
        rows: usize,
    ) -> impl FnMut(Vec<f32>) -> Result<Option<Features>> + Send + 'static {
        let mut next: Box<dyn FnMut(Vec<f32>) -> Result<Option<Features>> + Send> =
            match &self.origin {
                Origin::File(planned) => {
                    let mut pass = Pass::new(planned, None, 0..self.len);
                    Box::new(move |memory| pass.next(rows, memory))
                }
                Origin::Memory(features) => {
                    let features = Arc::clone(features);
                    let mut given = 0;
                    Box::new(move |mut memory| {
                        let left = &features.values()[given..];
                        let count = left.len().min(rows.max(1).saturating_mul(features.dim()));
                        memory.clear();
                        memory.extend_from_slice(&left[..count]);
                        given += count;
                        let batch = || Features::of_finite(features.dim(), memory);
                        (count > 0).then(batch).transpose()
                    })
                }
            };
        move |memory| next(memory)
    }
}
