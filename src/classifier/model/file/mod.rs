//! Model files: class sums, counts and means in NumPy's `.npz` format.
//!
//! Of images, the arrays are `class_sums` (classes × rows × columns, `u64`), `counts`
//! (classes, `u64`), `means` (the shape of `class_sums`, `f64`, NaN for a class
//! without images) and the strings `dataset` and `trained_on`; in files of models
//! that know what their images look like also `levels` and `outermost_levels` (256,
//! `u64`): how often each level is in them, and in their outermost pixels. The means are
//! derived from the sums: they are written for other programs and ignored when the
//! file is read. What files of feature vectors have instead is in [`floats`].

mod floats;

use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use super::Model;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::level_sums::LevelSums;
use crate::classifier::look::Look;
use crate::data::content;
use crate::data::npz::{Archive, Header, WRITE_AGAIN, Writer};
use crate::data::{Dataset, MOST_PIXELS, Shape};
use crate::error::{Error, Result};

/// The arrays that a model file of images must have.
const ARRAYS: [&str; 2] = ["class_sums", "counts"];

/// The arrays of what its images look like, which older files do not have.
const LOOK: [&str; 2] = ["levels", "outermost_levels"];

/// The longest string, in characters, that is read from a file.
const LONGEST_NAME: u64 = 200;

/// The most sums that may be stored in fewer than 64 bits. In memory each sum takes
/// 64 bits, so a larger array of narrow, compressible values could take far more
/// memory than the file's size suggests.
const MOST_NARROW: u64 = 1 << 26;

/// A model together with the shape of its samples, as it is stored in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile {
    /// The name of the dataset that the model was trained on.
    pub dataset: String,
    /// What each sample looks like.
    pub shape: Shape,
    /// The model; its samples have as many values as the shape says.
    pub model: Model,
}

impl ModelFile {
    /// The file for a model that was trained on `dataset`.
    pub fn of_dataset(dataset: &Dataset, model: Model) -> Self {
        Self {
            dataset: dataset.name().to_owned(),
            shape: dataset.train().shape(),
            model,
        }
    }

    /// Rows and columns of the model's images.
    ///
    /// # Errors
    /// When its samples are none.
    pub fn image_size(&self) -> Result<[usize; 2]> {
        let none = || Error::Invalid(format!("a model of {}, not of images", self.shape));
        self.shape.image_size().ok_or_else(none)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When the file could not have been written by [`bytes`](Self::bytes).
    pub fn read(path: &Path) -> Result<Self> {
        Self::from_archive(BufReader::new(content::raw(path)?), path)
    }

    /// Reads a model file from memory; `name` is used in error messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_bytes(bytes: &[u8], name: &Path) -> Result<Self> {
        Self::from_archive(Cursor::new(bytes), name)
    }

    fn from_archive(source: impl Read + Seek, path: &Path) -> Result<Self> {
        let mut archive = Archive::open(source, path, "the arrays class_sums and counts")?;
        let dataset = text(&mut archive, "dataset")?;
        let dataset = dataset.unwrap_or_else(|| "unknown".into());
        let trained_on = text(&mut archive, "trained_on")?;
        if archive.has(floats::LIMBS) {
            let sums = floats::read(&mut archive, path)?;
            let trained_on = trained_on.unwrap_or_else(|| "unknown samples".into());
            let refuse = |error: Error| {
                Error::bad_file(path, error.to_string(), "sums of some samples", WRITE_AGAIN)
            };
            return Ok(Self {
                dataset,
                shape: Shape::Vector { dim: sums.dim() },
                model: Model::new(trained_on, sums).map_err(refuse)?,
            });
        }
        if let Some(array) = ARRAYS.into_iter().find(|array| !archive.has(array)) {
            return Err(Error::NoModel {
                path: path.to_owned(),
                array,
            });
        }
        let [of_sums, of_counts] = [archive.header("class_sums")?, archive.header("counts")?];
        let (rows, columns) = shape(&of_sums, &of_counts, path)?;
        let sums = numbers(&mut archive, path, "class_sums", &of_sums)?;
        let counts = numbers(&mut archive, path, "counts", &of_counts)?;
        let refuse = |error: Error| {
            let expected = "sums of images of 0 to 255";
            Error::bad_file(path, error.to_string(), expected, WRITE_AGAIN)
        };
        let sums = LevelSums::new(rows * columns, counts, sums).map_err(refuse)?;
        let trained_on = trained_on.unwrap_or_else(|| "unknown images".into());
        let mut model = Model::new(trained_on, sums).map_err(refuse)?;
        if let Some(look) = look(&mut archive, path)? {
            model = model.with_look(look).map_err(refuse)?;
        }
        Ok(Self {
            dataset,
            shape: Shape::Image { rows, columns },
            model,
        })
    }

    /// The content of the file. The same model always gives the same bytes.
    ///
    /// # Errors
    /// When one of its arrays has 4 GiB or more, which such an archive cannot hold.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.archive()
            .map_err(|error| Error::Invalid(format!("a model that makes no archive: {error}")))
    }

    fn archive(&self) -> ZipResult<Vec<u8>> {
        let mut archive = Writer::new();
        match (self.model.sums(), self.shape.image_size()) {
            (ClassSums::Levels(sums), size) => {
                let size = size.unwrap_or([1, sums.dim()]);
                self.write_levels(sums, size, &mut archive)?;
            }
            (ClassSums::Floats(sums), _) => floats::write(sums, &mut archive)?,
        }
        write_text(&mut archive, "dataset", &self.dataset)?;
        write_text(&mut archive, "trained_on", self.model.trained_on())?;
        archive.finish()
    }

    fn write_levels(
        &self,
        sums: &LevelSums,
        [rows, columns]: [usize; 2],
        archive: &mut Writer,
    ) -> ZipResult<()> {
        let classes = 0..sums.classes();
        let shape = [sums.classes(), rows, columns];
        let of_sums = classes.clone().flat_map(|class| sums.sum(class));
        let of_sums: Vec<u8> = of_sums.flat_map(|sum| sum.to_le_bytes()).collect();
        let counts = sums.counts().iter().flat_map(|count| count.to_le_bytes());
        let means = classes.flat_map(|class| {
            let none = || vec![f64::NAN; sums.dim()];
            sums.mean(class).unwrap_or_else(none)
        });
        let means: Vec<u8> = means.flat_map(f64::to_le_bytes).collect();
        archive.add("class_sums", "<u8", &shape, &of_sums)?;
        archive.add("counts", "<u8", &shape[..1], &counts.collect::<Vec<_>>())?;
        archive.add("means", "<f8", &shape, &means)?;
        if let Some(look) = self.model.look() {
            for (name, histogram) in LOOK.into_iter().zip([look.all(), look.outermost()]) {
                let counts = histogram.iter().flat_map(|count| count.to_le_bytes());
                archive.add(name, "<u8", &[256], &counts.collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }
}

/// Writes a string, as NumPy stores it: in UTF-32.
fn write_text(archive: &mut Writer, name: &str, text: &str) -> ZipResult<()> {
    let letters: Vec<u8> = text
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_NAME as usize)
        .flat_map(|letter| u32::from(letter).to_le_bytes())
        .collect();
    archive.add(name, &format!("<U{}", letters.len() / 4), &[], &letters)
}

/// What the images look like, where the file says so.
fn look<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<Option<Look>> {
    if !LOOK.iter().all(|array| archive.has(array)) {
        return Ok(None);
    }
    let mut histogram = |name| -> Result<[u64; 256]> {
        let header = archive.header(name)?;
        let refuse = |found: String| {
            let expected = format!("256 integers in {name}");
            Error::bad_file(path, found, expected, WRITE_AGAIN)
        };
        let counts = match header.shape == [256] && is_plain(&header) {
            true => numbers(archive, path, name, &header)?,
            false => Vec::new(),
        };
        counts.try_into().map_err(|_| refuse(header.to_string()))
    };
    let [all, outermost] = [histogram(LOOK[0])?, histogram(LOOK[1])?];
    Ok(Some(Look::new(all, outermost)))
}

/// Whether an array has integers in C order.
fn is_plain(header: &Header) -> bool {
    header.is_integer() && !header.fortran_order
}

/// Rows and columns of the images that the sums were made of.
fn shape(of_sums: &Header, of_counts: &Header, path: &Path) -> Result<(usize, usize)> {
    let refuse = |header: &Header, expected: &str| {
        Err(Error::bad_file(
            path,
            header.to_string(),
            expected,
            WRITE_AGAIN,
        ))
    };
    let ([classes, rows, columns], true) = (&of_sums.shape[..], is_plain(of_sums)) else {
        return refuse(
            of_sums,
            "integers of classes × rows × columns in class_sums, in C order",
        );
    };
    let pixels = rows
        .checked_mul(*columns)
        .filter(|pixels| (1..=MOST_PIXELS as u64).contains(pixels));
    if pixels.is_none() || !(1..=1 << 16).contains(classes) {
        let expected = format!("1 to 65,536 classes of 1 to {MOST_PIXELS} pixels in class_sums");
        return refuse(of_sums, &expected);
    }
    let elements = pixels.and_then(|pixels| pixels.checked_mul(*classes));
    let is_narrow = of_sums.bytes() < elements.and_then(|elements| elements.checked_mul(8));
    if is_narrow && elements > Some(MOST_NARROW) {
        let expected = format!("64 bits each for more than {MOST_NARROW} numbers");
        return refuse(of_sums, &expected);
    }
    if of_counts.shape != [*classes] || !is_plain(of_counts) {
        return refuse(of_counts, &format!("{classes} integers in counts"));
    }
    // Neither exceeds the number of pixels in an image.
    Ok((*rows as usize, *columns as usize))
}

fn numbers<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    name: &str,
    header: &Header,
) -> Result<Vec<u64>> {
    let values = archive.values(name, header)?;
    let number = |number| {
        u64::try_from(number).map_err(|_| {
            let found = format!("{number} in {name}");
            Error::bad_file(path, found, "no negative number", WRITE_AGAIN)
        })
    };
    // All of them have been read, so the count fits in memory.
    let many = header.shape.iter().product::<u64>();
    let mut numbers = Vec::with_capacity(many as usize);
    for value in header.numbers(&values) {
        numbers.push(number(value)?);
    }
    Ok(numbers)
}

/// A string, if the archive has it in a printable form.
fn text<R: Read + Seek>(archive: &mut Archive<'_, R>, name: &str) -> Result<Option<String>> {
    if !archive.has(name) {
        return Ok(None);
    }
    let header = archive.header(name)?;
    if !header.is_text() || header.bytes().is_none_or(|bytes| bytes > 4 * LONGEST_NAME) {
        return Ok(None);
    }
    let values = archive.values(name, &header)?;
    let letters: Option<String> = header
        .numbers(&values)
        .map(|code| char::from_u32(u32::try_from(code).ok()?))
        .collect();
    // NumPy pads strings with zeros.
    let letters = letters.map(|text| text.trim_end_matches('\0').to_owned());
    Ok(letters.filter(|text| !text.is_empty() && !text.contains(char::is_control)))
}
