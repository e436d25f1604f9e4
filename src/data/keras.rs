//! Reads datasets in Keras's format: an `.npz` archive of the arrays `x_train`,
//! `y_train`, `x_test` and `y_test`.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use super::from_bytes::NO_PATH;
use super::{Dataset, Images, MOST_PIXELS};
use crate::data::content;
use crate::data::npz::{Archive, Header, WRITE_AGAIN};
use crate::error::{Error, Result};

/// The expected arrays, as named in error messages.
const ARRAYS: &str = "the arrays x_train, y_train, x_test and y_test";

/// Magic number of a zip archive.
const MAGIC: [u8; 4] = *b"PK\x03\x04";

impl Dataset {
    /// Reads an `.npz` archive in Keras's format: `x_train`, `y_train`,
    /// `x_test` and `y_test`, with `u8` images and labels of any integer type.
    ///
    /// # Errors
    /// When the archive is damaged or its arrays do not have this form.
    pub fn from_npz(path: &Path) -> Result<Self> {
        Ok(Self {
            files: vec![path.to_owned()],
            ..read(open(path)?, path)?
        })
    }

    /// As [`from_npz`](Self::from_npz), but from any reader.
    ///
    /// # Errors
    /// As [`from_npz`](Self::from_npz).
    pub fn from_npz_reader(source: impl Read + Seek) -> Result<Self> {
        read(source, Path::new(NO_PATH))
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

/// Reads the four arrays into memory; `path` is only used in error messages.
fn read(source: impl Read + Seek, path: &Path) -> Result<Dataset> {
    let mut archive = Archive::open(source, path, ARRAYS)?;
    let train = read_split(&mut archive, path, ["x_train", "y_train"])?;
    let test = read_split(&mut archive, path, ["x_test", "y_test"])?;
    let name = path
        .file_stem()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    Dataset::new(name, path.display().to_string(), train, test).map_err(|error| {
        Error::bad_file(
            path,
            error.to_string(),
            "two splits of one shape",
            WRITE_AGAIN,
        )
    })
}

/// Descriptions of the four arrays' headers for the user.
pub(super) fn headers(path: &Path) -> Result<Vec<String>> {
    let mut archive = Archive::open(open(path)?, path, ARRAYS)?;
    let arrays = ["x_train", "y_train", "x_test", "y_test"];
    let header = |name| Ok(format!("{name} is {}", archive.header(name)?));
    arrays.into_iter().map(header).collect()
}

/// Checks the headers of both arrays before reading either.
fn read_split<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    [images, labels]: [&str; 2],
) -> Result<(Images, Vec<u16>)> {
    let (of_images, of_labels) = (archive.header(images)?, archive.header(labels)?);
    let shape = image_shape(&of_images, path, images)?;
    check_labels(&of_labels, path, labels)?;
    let (expected, found) = (of_images.shape[0], of_labels.shape[0]);
    if expected != found {
        return Err(Error::bad_file(
            path,
            format!("{found} labels in {labels}"),
            format!("{expected}, one for each image of {images}"),
            WRITE_AGAIN,
        ));
    }
    let [rows, columns] = shape;
    let pixels = archive.values(images, &of_images)?;
    let pixels = Images::new(rows, columns, pixels)?;
    let values = archive.values(labels, &of_labels)?;
    Ok((pixels, read_labels(&values, &of_labels, path, labels)?))
}

/// Rows and columns of the images.
fn image_shape(header: &Header, path: &Path, name: &str) -> Result<[usize; 2]> {
    let refuse = |expected: String, advice: &str| {
        Err(Error::bad_file(path, header.to_string(), expected, advice))
    };
    let (images, rows, columns) = match header.shape[..] {
        [images, rows, columns] | [images, rows, columns, 1]
            if header.is_bytes() && !header.fortran_order =>
        {
            (images, rows, columns)
        }
        _ => {
            let expected = format!("bytes of images × rows × columns in {name}, in C order");
            return refuse(expected, "save x.astype(numpy.uint8)");
        }
    };
    let pixels = rows.checked_mul(columns);
    let is_fine = |&pixels: &u64| (1..=MOST_PIXELS as u64).contains(&pixels);
    match pixels.filter(is_fine) {
        // Neither exceeds the pixels of an image, so both fit in `usize`.
        Some(_) if images > 0 => Ok([rows as usize, columns as usize]),
        _ => refuse(
            format!("at least one image of 1 to {MOST_PIXELS} pixels in {name}"),
            WRITE_AGAIN,
        ),
    }
}

fn check_labels(header: &Header, path: &Path, name: &str) -> Result<()> {
    match header.shape[..] {
        [_] | [_, 1] if header.is_integer() => Ok(()),
        _ => {
            let expected = format!("a list of integers in {name}");
            let advice = "save y.astype(numpy.int64)";
            Err(Error::bad_file(path, header.to_string(), expected, advice))
        }
    }
}

fn read_labels(values: &[u8], header: &Header, path: &Path, name: &str) -> Result<Vec<u16>> {
    let label = |(index, number): (usize, i128)| {
        u16::try_from(number).map_err(|_| {
            Error::bad_file(
                path,
                format!("label {number} at index {index} of {name}"),
                "labels from 0 to 65,535",
                "number the classes from 0",
            )
        })
    };
    header.numbers(values).enumerate().map(label).collect()
}
