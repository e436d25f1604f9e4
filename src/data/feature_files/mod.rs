//! Features from files, with labels and without: which files and arrays are read
//! (`store`), as what (`matrix`, `labels`), and how they make a training set and a
//! test set (`sets`). A set is read whole (`whole`), so that memory holds its rows as
//! `f32` and a block of the file, or it stays in its file (`files`) and each pass over
//! it (`pass`) reads batches, so that memory holds a batch and a block. Lengths of
//! files are compared with headers before anything is reserved.

mod at;
mod columns;
mod divided;
mod files;
mod folder;
mod joined;
mod labels;
mod matrix;
mod pass;
mod reopened;
mod safetensors;
mod sets;
mod single;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod unlabelled;
mod values;
mod whole;
mod widen;

use std::io::{Read, Seek};
use std::path::Path;

use crate::data::arrays::{Kind, Role, choose, choose_one, may_be_images};
use crate::data::from_bytes::NO_PATH;
use crate::error::{Error, Result};

pub use divided::LabelledFeatures;
pub(in crate::data) use files::FeatureFiles;
pub use sets::{ArrayAt, FeatureSets, SetFiles};
pub(in crate::data) use source::FeatureSource;
pub use unlabelled::{UnlabelledFeatures, open_features};
pub use whole::FileFeatures;

use safetensors::Safetensors;
use single::{Form, Single};
use store::{Store, ending};

/// Whether a file's name ends as that of one array.
pub(super) fn is_matrix(path: &Path) -> bool {
    path.to_str()
        .is_some_and(|name| Form::of_name(name).is_some())
}

/// Whether a file is called as one that holds features or their labels alone.
pub(super) fn has_nothing_else(path: &Path) -> bool {
    is_arrays_by_name(path) && !matches!(&*ending(path), "npy" | "npz")
}

/// Whether a file is called as one of arrays is, so that it holds no picture.
pub fn is_arrays_by_name(path: &Path) -> bool {
    matches!(&*ending(path), "npz" | "safetensors") || is_matrix(path)
}

/// Bytes at the beginning of an array by which levels are told from other values.
const BEGINNING: u64 = 1 << 16;

/// Whether a file or folder has arrays of labelled features, and not of images.
pub(super) fn are_features(path: &Path) -> bool {
    let Ok(mut store) = store::open(path) else {
        return false;
    };
    let Ok(chosen) = choose(&mut *store, Kind::Features) else {
        return false;
    };
    let mut is_feature = |name: &String| {
        let header = store.header(name).ok()?;
        let first = || {
            let mut first = Vec::new();
            let body = store.body(name, &header)?;
            let read = body.take(BEGINNING).read_to_end(&mut first);
            read.map_err(Error::unreadable(path))?;
            Ok(first)
        };
        Some(!may_be_images(&header, first))
    };
    chosen
        .samples
        .iter()
        .all(|name| is_feature(name) == Some(true))
}

/// Reads one matrix of samples × values, a row for each sample, from a `.npy`,
/// `.npz`, `.safetensors`, `.fbin`, `.f16bin` or `.u8bin` file. `array` names the
/// array of a file that has several; without it, it is the only one, or the only
/// one whose name is one of features.
///
/// # Errors
/// When the file is none of these or damaged, when type or shape of the array is
/// no such matrix, or when a value is not finite as `f32`.
pub fn read_features(path: &Path, array: Option<&str>) -> Result<FileFeatures> {
    features(&mut *store::open(path)?, array)
}

/// Reads one row of values, as a centre is, from a file that [`read_features`] reads.
///
/// # Errors
/// As [`read_features`], and when the array has more than one row.
pub fn read_row(at: &ArrayAt) -> Result<Vec<f32>> {
    let mut store = store::open(&at.path)?;
    let name = named(&mut *store, at.array.as_deref(), Role::Samples)?;
    let planned = matrix::plan_row(&mut *store, &name)?;
    Ok(whole::read(&mut *store, &planned)?.features.into_values())
}

/// As [`read_features`], from a `.npy` file in any reader.
///
/// # Errors
/// As [`read_features`].
pub fn features_from_npy(source: impl Read + Seek) -> Result<FileFeatures> {
    features(
        &mut Single::new(source, Path::new(NO_PATH), Form::Npy),
        None,
    )
}

/// As [`read_features`], from a `.safetensors` file in any reader.
///
/// # Errors
/// As [`read_features`].
pub fn features_from_safetensors(
    source: impl Read + Seek,
    tensor: Option<&str>,
) -> Result<FileFeatures> {
    features(&mut Safetensors::open(source, Path::new(NO_PATH))?, tensor)
}

fn features(store: &mut dyn Store, array: Option<&str>) -> Result<FileFeatures> {
    let name = named(store, array, Role::Samples)?;
    let planned = matrix::plan(store, &name)?;
    whole::read(store, &planned)
}

/// The array of this name; without a name, the only one, or the only one that is
/// called as such arrays are.
fn named(store: &mut dyn Store, array: Option<&str>, role: Role) -> Result<String> {
    let Some(array) = array else {
        return choose_one(store, role, Kind::Features);
    };
    let names = store.names();
    if names.iter().any(|name| name == array) {
        return Ok(array.to_owned());
    }
    Err(Error::bad_file(
        store.path(),
        format!("no array {array} among {}", super::listing::listed(&names)),
        "an array of this name",
        "name one of these",
    ))
}
