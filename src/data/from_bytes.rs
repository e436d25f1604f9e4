//! Parts of a dataset from any reader, for who has no files.

use std::io::Read;
use std::path::Path;

use super::idx::{Kind, Labels, Reader};
use super::{Images, MOST_PIXELS};
use crate::data::content::{self, Content};
use crate::error::{Error, Result};

/// What stands for a path in errors.
pub(super) const NO_PATH: &str = "<input>";

/// More than this is for files, which are read batch by batch.
const MOST_BYTES: u64 = 1 << 30;

/// The same of labels.
const MOST_LABELS: u64 = 1 << 28;

/// Reads images in IDX form, plain or gzipped.
///
/// # Errors
/// When the bytes are not exactly what their header promises, or that is
/// more than 1 GiB.
pub fn images_from_idx(source: impl Read + Send + 'static) -> Result<Images> {
    let path = Path::new(NO_PATH);
    let mut reader = Reader::new(path, open(source)?, Kind::Images)?;
    let (rows, columns) = (reader.shape()[0], reader.shape()[1]);
    let pixels = rows.saturating_mul(columns);
    let bytes = pixels.saturating_mul(reader.items());
    if pixels > MOST_PIXELS as u64 || bytes > MOST_BYTES {
        return Err(Error::bad_file(
            path,
            format!("{bytes} bytes of images of {rows} × {columns} pixels"),
            format!("at most {MOST_BYTES} bytes, {MOST_PIXELS} pixels in an image"),
            "read them from files",
        ));
    }
    let read = reader.read(reader.items())?;
    // Both are less than the pixels of an image.
    Images::new(rows as usize, columns as usize, read)
}

/// Reads labels in IDX form, plain or gzipped.
///
/// # Errors
/// When the bytes are not exactly what their header promises, or a label is
/// not from 0 to 65,535, or there are more than 2²⁸ of them.
pub fn labels_from_idx(source: impl Read + Send + 'static) -> Result<Vec<u16>> {
    let path = Path::new(NO_PATH);
    let mut labels = Labels::new(path, open(source)?, 0)?;
    match labels.reader().items() {
        ..=MOST_LABELS => labels.read(usize::MAX),
        more => Err(Error::bad_file(
            path,
            format!("{more} labels"),
            format!("at most {MOST_LABELS}"),
            "read them from files",
        )),
    }
}

fn open(source: impl Read + Send + 'static) -> Result<Content> {
    content::from_reader(source).map_err(Error::unreadable(Path::new(NO_PATH)))
}
