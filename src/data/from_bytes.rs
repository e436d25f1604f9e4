//! Reads parts of a dataset from any reader, for callers without files.

use std::io::Read;
use std::path::Path;

use super::idx::{Kind, Labels, Reader};
use super::{Images, MOST_PIXELS};
use crate::data::content::{self, Content};
use crate::error::{Error, Result};

/// Replaces the path in error messages.
pub(super) const NO_PATH: &str = "<input>";

/// Upper limit on the bytes of images; larger datasets should be files, which
/// are read in batches.
const MOST_BYTES: u64 = 1 << 30;

/// Upper limit on the number of labels, for the same reason.
const MOST_LABELS: u64 = 1 << 28;

/// Reads images in IDX format, uncompressed or gzipped.
///
/// # Errors
/// When the bytes do not match their header, or there are more than 1 GiB of them.
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
    // Neither exceeds the pixels of an image, so both fit in `usize`.
    Images::new(rows as usize, columns as usize, read)
}

/// Reads labels in IDX format, uncompressed or gzipped.
///
/// # Errors
/// When the bytes do not match their header, or a label is not from 0 to
/// 65,535, or there are more than 2²⁸ labels.
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
