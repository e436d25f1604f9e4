//! Reads a dataset as Keras stores it: an `.npz` archive of the arrays
//! `x_train`, `y_train`, `x_test` and `y_test`.
//!
//! Format: a zip archive of `NAME.npy` files (NumPy, "numpy.lib.format").

mod npy;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Dataset, Images, MOST_PIXELS, stored};
use crate::error::{Error, Result};
use npy::Header;

/// An array may be so large whatever its archive's size.
const ALWAYS_FINE: u64 = 512 << 20;

/// Beyond that, so many times its compressed size: images compress less.
const MOST_COMPRESSED: u64 = 20;

const WRITE_AGAIN: &str = "write the archive again";

/// How a zip archive starts.
const MAGIC: [u8; 4] = *b"PK\x03\x04";

/// Whether a file is a zip archive, whatever its name.
pub(super) fn is_archive(path: &Path) -> bool {
    let mut start = [0; 4];
    let read = path.is_file()
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok());
    read && start == MAGIC
}

/// Opens an archive.
pub(super) fn open(path: &Path) -> Result<BufReader<File>> {
    Ok(BufReader::new(stored::raw(path)?))
}

/// Reads the four arrays into memory; `path` stands in errors.
pub(super) fn read(source: impl Read + Seek, path: &Path) -> Result<Dataset> {
    let mut archive = Archive::open(source, path)?;
    let train = (archive.images("x_train")?, archive.labels("y_train")?);
    let test = (archive.images("x_test")?, archive.labels("y_test")?);
    for ((images, labels), part) in [(&train, "train"), (&test, "test")] {
        if images.len() != labels.len() {
            let found = format!("{} labels in y_{part}", labels.len());
            let expected = format!("{}, one for each image of x_{part}", images.len());
            return Err(archive.refuse(found, expected));
        }
    }
    let name = path
        .file_stem()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    Dataset::new(name, path.display().to_string(), train, test)
        .map_err(|error| archive.refuse(error.to_string(), "two splits of one shape"))
}

/// What the headers of the four arrays say, for a person.
pub(super) fn headers(path: &Path) -> Result<Vec<String>> {
    let mut archive = Archive::open(open(path)?, path)?;
    let arrays = ["x_train", "y_train", "x_test", "y_test"];
    let header = |name| Ok(format!("{name} is {}", archive.array(name)?.0));
    arrays.into_iter().map(header).collect()
}

struct Archive<'a, R> {
    path: &'a Path,
    zip: ZipArchive<R>,
}

impl<'a, R: Read + Seek> Archive<'a, R> {
    fn open(source: R, path: &'a Path) -> Result<Self> {
        let zip = ZipArchive::new(source).map_err(|error| broken(path, &error.to_string()))?;
        Ok(Self { path, zip })
    }

    fn images(&mut self, name: &str) -> Result<Images> {
        let (header, bytes) = self.array(name)?;
        let wrong = |found: String| {
            let expected = format!("bytes of images × rows × columns in {name}, in C order");
            Error::bad_file(self.path, found, expected, "save x.astype(numpy.uint8)")
        };
        let shape = match header.shape[..] {
            [_, rows, columns] | [_, rows, columns, 1] => [rows, columns],
            _ => return Err(wrong(header.to_string())),
        };
        if !header.is_bytes() || header.fortran_order {
            return Err(wrong(header.to_string()));
        }
        let [rows, columns] = shape.map(|size| usize::try_from(size).unwrap_or(usize::MAX));
        Images::new(rows, columns, bytes).map_err(|_| {
            let expected = format!("at least one image of 1 to {MOST_PIXELS} pixels in {name}");
            self.refuse(header.to_string(), expected)
        })
    }

    fn labels(&mut self, name: &str) -> Result<Vec<u16>> {
        let (header, bytes) = self.array(name)?;
        let numbers = match header.shape[..] {
            [_] | [_, 1] => header.numbers(&bytes),
            _ => None,
        };
        let expected = format!("a list of integers in {name}");
        let numbers = numbers.ok_or_else(|| self.refuse(header.to_string(), expected))?;
        let label = |(index, number): (usize, i128)| {
            u16::try_from(number).map_err(|_| {
                Error::bad_file(
                    self.path,
                    format!("label {number} at index {index} of {name}"),
                    "labels from 0 to 65,535",
                    "number the classes from 0",
                )
            })
        };
        numbers.into_iter().enumerate().map(label).collect()
    }

    /// An array's header and exactly the bytes that it promises.
    fn array(&mut self, name: &str) -> Result<(Header, Vec<u8>)> {
        let path = self.path;
        let refuse =
            |found: String, expected: String| Error::bad_file(path, found, expected, WRITE_AGAIN);
        let mut file = self
            .zip
            .by_name(&format!("{name}.npy"))
            .map_err(|error| match error {
                ZipError::FileNotFound => refuse(
                    format!("an archive without {name}"),
                    "the arrays x_train, y_train, x_test and y_test".into(),
                ),
                error => broken(path, &error.to_string()),
            })?;
        let limit = ALWAYS_FINE.max(file.compressed_size().saturating_mul(MOST_COMPRESSED));
        let unreadable = |error: std::io::Error| broken(path, &format!("{name}: {error}"));
        let header = Header::read(&mut file)
            .map_err(unreadable)?
            .ok_or_else(|| {
                refuse(
                    format!("a {name} that is no NumPy array"),
                    "a plain array".into(),
                )
            })?;
        let promised = header.bytes().filter(|&bytes| bytes <= limit);
        let promised = promised.ok_or_else(|| {
            refuse(
                header.to_string(),
                format!("at most {limit} bytes in {name}"),
            )
        })?;
        // Memory grows with what is there, not with what the header says.
        let mut bytes = Vec::new();
        (&mut file)
            .take(promised + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 != promised {
            let found = match (bytes.len() as u64) < promised {
                true => format!("{} bytes in {name}", bytes.len()),
                false => format!("more than {promised} bytes in {name}"),
            };
            return Err(refuse(found, format!("{promised} bytes for {header}")));
        }
        Ok((header, bytes))
    }

    fn refuse(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::bad_file(self.path, found, expected, WRITE_AGAIN)
    }
}

fn broken(path: &Path, error: &str) -> Error {
    let found = format!("a damaged archive ({error})");
    Error::bad_file(path, found, "a complete .npz archive", WRITE_AGAIN)
}
