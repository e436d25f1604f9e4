//! Reads an array as features whole: memory holds the rows and a block of the file,
//! or of columns.

use std::io::Read;
use std::sync::Arc;

use super::columns;
use super::matrix::Planned;
use super::store::Store;
use super::values::Values;
use crate::data::Features;
use crate::error::Result;

/// Values by which memory grows: what has become a part of it is still in the
/// processor's cache when it is overwritten.
const GROWN: usize = 64 << 10;

/// Features as they were read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileFeatures {
    /// The rows.
    pub features: Features,
    /// The type of the values in the file: `f16`, `bf16`, `f32` (as which `f64` is
    /// read) or `u8`.
    pub values: &'static str,
    /// What was interpreted, a line each.
    pub notes: Vec<String>,
}

/// Reads the rows.
///
/// # Errors
/// When there are fewer bytes or more than the header says, or a value is not
/// finite as `f32`.
pub(super) fn read(store: &mut dyn Store, planned: &Arc<Planned>) -> Result<FileFeatures> {
    // The length of the file is compared with the header before anything is reserved.
    let body = store.body(&planned.name, &planned.header)?;
    let mut values = Values::new(body, planned);
    let read = match planned.is_by_columns() {
        true => columns::read(&mut values, planned)?,
        false => rows(&mut values, planned)?,
    };
    values.end()?;
    Ok(FileFeatures {
        features: Features::of_finite(planned.dim, read)?,
        values: planned.value.name(),
        notes: planned.notes(Some(values.rounded())),
    })
}

fn rows(values: &mut Values<impl Read>, planned: &Planned) -> Result<Vec<f32>> {
    let (_, count) = planned.counted()?;
    let mut read = Vec::new();
    let reserved = read.try_reserve_exact(count);
    reserved.map_err(|_| planned.too_large())?;
    while read.len() < count {
        let start = read.len();
        read.resize(count.min(start + GROWN), 0.0);
        values.read(&mut read[start..])?;
    }
    Ok(read)
}
