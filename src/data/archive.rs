//! Datasets in a zip archive: NumPy's `.npz`, as Keras stores MNIST, or IDX files
//! as Kaggle and NIST pack them.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::from_bytes::NO_PATH;
use super::idx::Family;
use super::one_set::OneSet;
use super::{Dataset, arrays, idx};
use crate::data::arrays::ARRAYS;
use crate::data::content;
use crate::data::npz::Archive;
use crate::error::{Error, Result};

/// Magic number of a zip archive.
const MAGIC: [u8; 4] = *b"PK\x03\x04";

impl Dataset {
    /// Reads an `.npz` archive: `x_train`, `y_train`, `x_test` and `y_test` as
    /// Keras names them, or the same under other usual names.
    ///
    /// # Errors
    /// When the archive is damaged or its arrays are no labelled images.
    pub fn from_npz(path: &Path) -> Result<Self> {
        let mut archive = Archive::open(open(path)?, path, ARRAYS)?;
        let files = vec![path.to_owned()];
        arrays::read(&mut archive)?.into_dataset(path, files, OneSet::Divided)
    }

    /// As [`from_npz`](Self::from_npz), but from any reader.
    ///
    /// # Errors
    /// As [`from_npz`](Self::from_npz).
    pub fn from_npz_reader(source: impl Read + Seek) -> Result<Self> {
        let path = Path::new(NO_PATH);
        let mut archive = Archive::open(source, path, ARRAYS)?;
        arrays::read(&mut archive)?.into_dataset(path, Vec::new(), OneSet::Divided)
    }
}

/// Whether a file is a zip archive, whatever its name is.
pub(super) fn is_archive(path: &Path) -> bool {
    let mut start = [0; 4];
    let read = path.is_file()
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok());
    read && start == MAGIC
}

/// Opens an archive.
fn open(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(content::raw(path)?))
}

/// Reads the archive at `path`; where it has several datasets of IDX files, the
/// one that is named.
pub(super) fn read_file(path: &Path, named: Option<Family>, one_set: OneSet) -> Result<Dataset> {
    let mut archive = Archive::open(open(path)?, path, ARRAYS)?;
    let files = vec![path.to_owned()];
    if archive.names().is_empty() {
        let read = idx::read_zipped(&mut archive, path, named)?;
        return Ok(Dataset { files, ..read });
    }
    if let Some(name) = named.and_then(Family::dataset) {
        let expected = format!("files of {name}");
        let advice = "name the archive itself";
        return Err(Error::bad_file(path, "arrays", expected, advice));
    }
    arrays::read(&mut archive)?.into_dataset(path, files, one_set)
}

/// Whether an archive has arrays that make a dataset, or IDX files.
#[cfg(feature = "fetch")]
pub(super) fn has_dataset(path: &Path) -> bool {
    let opened = open(path).and_then(|file| Archive::open(file, path, ARRAYS));
    opened.is_ok_and(|mut archive| match archive.names().is_empty() {
        true => idx::has_idx(&archive.members()),
        false => arrays::headers(&mut archive).is_ok(),
    })
}

/// Descriptions of the headers of a dataset's arrays for the user.
pub(super) fn headers(path: &Path) -> Result<Vec<String>> {
    let mut archive = Archive::open(open(path)?, path, ARRAYS)?;
    match archive.names().is_empty() {
        true => Ok(archive.members()),
        false => arrays::headers(&mut archive),
    }
}
