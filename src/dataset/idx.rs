//! A strict reader of IDX files of `u8`, plain or gzipped.
//!
//! Format: two zero bytes, a type byte (8 = `u8`), the number of dimensions,
//! each dimension as a big-endian `u32`, then the values, row-major
//! (Y. LeCun, C. Cortes, C. Burges, "The MNIST database", file formats).
//! It says nothing of trailing bytes or empty dimensions; both are refused,
//! since both mean that the file is not what it claims to be.

use std::fs::File;

use std::io::{self, BufReader, Read, Seek};

use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::Images;
use super::recognise::{GZIP_MAGIC, Guess, Kind, looks_like};

use crate::error::{Error, Result};

const FETCH_AGAIN: &str = "fetch the file again";

/// Never reserve more than this on a header's word alone.
const RESERVE_AT_MOST: u64 = 64 << 20;

/// Reads an image file.
pub(super) fn read_images(path: &Path) -> Result<Images> {
    let (dimensions, pixels) = read(path, Kind::Images)?;
    let size = |index: usize| {
        usize::try_from(dimensions[index]).map_err(|_| {
            Error::bad_file(
                path,
                "an image too large for this machine",
                "a smaller one",
                "use a 64-bit machine",
            )
        })
    };
    Images::new(size(1)?, size(2)?, pixels)
}

/// Reads a label file.
pub(super) fn read_labels(path: &Path) -> Result<Vec<u16>> {
    let (_, labels) = read(path, Kind::Labels)?;
    Ok(labels.into_iter().map(u16::from).collect())
}

/// Writes a gzipped file's content, IDX header included, to `plain`; does
/// nothing and returns false where `path` is not gzipped.
pub(super) fn decompress(path: &Path, plain: &Path) -> Result<bool> {
    let mut start = [0; 2];
    let gzipped = open_raw(path)?.read_exact(&mut start).is_ok() && start == GZIP_MAGIC;
    if gzipped {
        let mut bytes = Vec::new();
        open(path)?
            .read_to_end(&mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        std::fs::write(plain, bytes).map_err(|source| Error::Write {
            path: plain.to_owned(),
            source,
        })?;
    }
    Ok(gzipped)
}

fn read(path: &Path, kind: Kind) -> Result<(Vec<u64>, Vec<u8>)> {
    let mut source = open(path)?;
    let dimensions = read_header(&mut source, path, kind)?;
    let length = body_length(&dimensions).ok_or_else(|| {
        let found = format!("dimensions {dimensions:?}, too many bytes to count");
        Error::bad_file(
            path,
            found,
            "dimensions whose product fits 64 bits",
            FETCH_AGAIN,
        )
    })?;
    if length == 0 {
        let found = format!("dimensions {}", product(&dimensions));
        return Err(Error::bad_file(
            path,
            found,
            "at least one item",
            "name another file",
        ));
    }
    let body = read_body(&mut source, path, &dimensions, length)?;
    Ok((dimensions, body))
}

/// Opens a file; its first bytes, not its name, say whether it is gzipped.
fn open(path: &Path) -> Result<Box<dyn Read>> {
    let failed = |error: &io::Error| unreadable(path, error);
    let mut file = open_raw(path)?;
    let mut start = Vec::new();
    file.by_ref()
        .take(2)
        .read_to_end(&mut start)
        .map_err(|error| failed(&error))?;
    file.rewind().map_err(|error| failed(&error))?;
    if start == GZIP_MAGIC {
        // All members: what `cat a.gz b.gz` makes is one file, as for gzip itself.
        Ok(Box::new(MultiGzDecoder::new(BufReader::with_capacity(
            1 << 18,
            file,
        ))))
    } else {
        Ok(Box::new(file))
    }
}

/// Opens a regular file.
fn open_raw(path: &Path) -> Result<File> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    // A pipe or a device would wait or never end.
    if !metadata.is_file() {
        let found = if metadata.is_dir() {
            "a folder"
        } else {
            "a pipe or device"
        };
        return Err(Error::bad_file(
            path,
            found,
            "a regular file",
            "name a file",
        ));
    }
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn read_header(source: &mut dyn Read, path: &Path, kind: Kind) -> Result<Vec<u64>> {
    let mut start = Vec::new();
    // Enough to recognise other formats by.
    read_up_to(source, 4, &mut start, path)?;
    if start.len() < 4 {
        return Err(cut_header(path, start.len(), kind));
    }
    if start != kind.magic() {
        read_up_to(source, 60, &mut start, path)?;
        let advice = match looks_like(&start) {
            Guess::Idx(_) => "check that image and label files are not swapped",
            _ => FETCH_AGAIN,
        };
        let found = looks_like(&start).describe(&start);
        return Err(Error::bad_file(path, found, kind.describe(), advice));
    }
    let mut sizes = Vec::new();
    read_up_to(source, 4 * kind as u64, &mut sizes, path)?;
    if sizes.len() < 4 * kind as usize {
        return Err(cut_header(path, 4 + sizes.len(), kind));
    }
    let big_endian = |word: &[u8]| {
        word.iter()
            .fold(0, |value, &byte| value << 8 | u64::from(byte))
    };
    Ok(sizes.chunks_exact(4).map(big_endian).collect())
}

fn read_body(
    source: &mut dyn Read,
    path: &Path,
    dimensions: &[u64],
    length: u64,
) -> Result<Vec<u8>> {
    let expected = || format!("{length} bytes for {} items", product(dimensions));
    let too_large =
        || Error::bad_file(path, "more data than memory holds", expected(), FETCH_AGAIN);
    let reserve = usize::try_from(length.min(RESERVE_AT_MOST)).map_err(|_| too_large())?;
    let mut body = Vec::new();
    body.try_reserve_exact(reserve).map_err(|_| too_large())?;
    read_up_to(source, length, &mut body, path)?;
    if (body.len() as u64) < length {
        let found = format!("{} bytes after the header", body.len());
        return Err(Error::bad_file(path, found, expected(), FETCH_AGAIN));
    }
    let more = source
        .read(&mut [0])
        .map_err(|error| unreadable(path, &error))?;
    if more > 0 {
        let found = format!("more than {length} bytes after the header");
        return Err(Error::bad_file(path, found, expected(), FETCH_AGAIN));
    }
    Ok(body)
}

fn read_up_to(source: &mut dyn Read, count: u64, into: &mut Vec<u8>, path: &Path) -> Result<()> {
    source
        .take(count)
        .read_to_end(into)
        .map_err(|error| unreadable(path, &error))?;
    Ok(())
}

fn body_length(dimensions: &[u64]) -> Option<u64> {
    dimensions
        .iter()
        .try_fold(1, |length: u64, &size| length.checked_mul(size))
}

fn product(dimensions: &[u64]) -> String {
    dimensions
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(" × ")
}

fn cut_header(path: &Path, length: usize, kind: Kind) -> Error {
    let found = match length {
        0 => "an empty file".to_owned(),
        _ => format!("{length} bytes"),
    };
    let expected = format!(
        "{}, whose header has {} bytes",
        kind.describe(),
        4 + 4 * kind as usize
    );
    Error::bad_file(path, found, expected, FETCH_AGAIN)
}

/// An operating system's or decompressor's error as ours.
fn unreadable(path: &Path, error: &io::Error) -> Error {
    use io::ErrorKind::{InvalidData, InvalidInput, NotFound, PermissionDenied, UnexpectedEof};
    match error.kind() {
        UnexpectedEof => Error::bad_file(
            path,
            "gzip data that ends early",
            "a complete gzip file",
            FETCH_AGAIN,
        ),
        InvalidData | InvalidInput => {
            let found = format!("damaged gzip data ({error})");
            Error::bad_file(path, found, "a complete gzip file", FETCH_AGAIN)
        }
        NotFound => Error::bad_file(path, "nothing", "a file", "check the path"),
        PermissionDenied => Error::bad_file(
            path,
            "a file that may not be read",
            "a readable file",
            "change its permissions",
        ),
        _ => Error::bad_file(
            path,
            format!("an error while reading ({error})"),
            "a readable file",
            "check the path",
        ),
    }
}
