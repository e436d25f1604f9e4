//! Model files: class sums, counts and means in NumPy's `.npz` format.
//!
//! The sums of images are in [`levels`], those of feature vectors in [`floats`]. Means are
//! derived from them: they are written for other programs and ignored when the file is
//! read. The texts `dataset` and `trained_on` say what the samples were.
//!
//! The first array, `format`, names the format; the last, `checksum`, is that of all others.
//! A file without both is one that somebody else made. `class_names` has the texts of
//! classes that have some, `values` is the type of the samples' values, and [`shards`] has
//! which samples they were.

mod floats;
mod levels;
mod shards;
mod texts;

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use self::texts::{printable, text, texts};
use super::Model;
use crate::classifier::class_sums::ClassSums;
use crate::data::content;
use crate::data::npz::{Archive, CHECKSUM, Header, WRITE_AGAIN, Writer};
use crate::data::shard::Shard;
use crate::data::{Dataset, Shape};
use crate::error::{Error, Result};

/// The array that names the format, and its name.
const FORMAT: [&str; 2] = ["format", "ncm model 1"];

/// The array that names the type of the samples' values.
const VALUES: &str = "values";

/// The array of class names.
const CLASS_NAMES: &str = "class_names";

/// A model together with the shape of its samples, as it is stored in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile {
    /// The name of the dataset that the model was trained on.
    pub dataset: String,
    /// What each sample looks like.
    pub shape: Shape,
    /// The type of the samples' values as they were stored; empty where that is not known.
    pub values: String,
    /// The names of all classes, where they have some.
    pub class_names: Vec<String>,
    /// The model; its samples have as many values as the shape says.
    pub model: Model,
    /// Which samples it was trained on, in ascending order; none where that is not known.
    pub shards: Vec<Shard>,
}

impl ModelFile {
    /// A model of samples of which no more is known.
    pub fn new(dataset: impl Into<String>, shape: Shape, model: Model) -> Self {
        Self {
            dataset: dataset.into(),
            shape,
            values: String::new(),
            class_names: Vec::new(),
            model,
            shards: Vec::new(),
        }
    }

    /// The file for a model that was trained on `dataset`.
    pub fn of_dataset(dataset: &Dataset, model: Model) -> Self {
        Self {
            values: dataset.values().to_owned(),
            class_names: dataset.class_names().to_vec(),
            ..Self::new(dataset.name(), dataset.train().shape(), model)
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

    /// Which samples a model file says it has seen, without reading the rest; nothing is
    /// checked.
    ///
    /// # Errors
    /// When the file is no archive, or what it says of that cannot be read.
    pub fn shards_of(path: &Path) -> Result<Vec<Shard>> {
        Self::shards_in(BufReader::new(content::raw(path)?), path)
    }

    /// As [`shards_of`](Self::shards_of), in memory; `path` is used in error messages.
    ///
    /// # Errors
    /// As [`shards_of`](Self::shards_of).
    pub fn shards_in(bytes: impl Read + Seek, path: &Path) -> Result<Vec<Shard>> {
        let mut archive = Archive::open(bytes, path, "the arrays of a model")?;
        shards::read(&mut archive, path, None)
    }

    fn from_archive(source: impl Read + Seek, path: &Path) -> Result<Self> {
        let mut archive = Archive::open(source, path, "the arrays class_sums and counts")?;
        check_format(&mut archive, path)?;
        let (shape, model) = model(&mut archive, path)?;
        let [dataset, values] = [text(&mut archive, "dataset")?, text(&mut archive, VALUES)?];
        let samples = model.sums().samples();
        Ok(Self {
            dataset: dataset.unwrap_or_else(|| "unknown".into()),
            shape,
            values: values.unwrap_or_default(),
            class_names: class_names(&mut archive, path, model.sums().classes())?,
            shards: shards::read(&mut archive, path, Some(samples))?,
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
        archive.add_text(FORMAT[0], FORMAT[1])?;
        match (self.model.sums(), self.shape.image_size()) {
            (ClassSums::Levels(sums), size) => {
                let size = size.unwrap_or([1, sums.dim()]);
                levels::write(sums, self.model.look(), size, &mut archive)?;
            }
            (ClassSums::Floats(sums), _) => floats::write(sums, &mut archive)?,
        }
        archive.add_text("dataset", &printable(&self.dataset))?;
        archive.add_text("trained_on", &printable(self.model.trained_on()))?;
        if !self.values.is_empty() {
            archive.add_text(VALUES, &printable(&self.values))?;
        }
        if !self.class_names.is_empty() {
            archive.add_texts(CLASS_NAMES, &self.class_names)?;
        }
        shards::write(&self.shards, &mut archive)?;
        archive.finish_checked()
    }
}

/// What a file's samples look like, and the model of them.
fn model<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<(Shape, Model)> {
    let trained_on = text(archive, "trained_on")?;
    if archive.has(floats::LIMBS) {
        let sums = floats::read(archive, path)?;
        let trained_on = trained_on.unwrap_or_else(|| "unknown samples".into());
        let refuse = |error: Error| {
            Error::bad_file(path, error.to_string(), "sums of some samples", WRITE_AGAIN)
        };
        let shape = Shape::Vector { dim: sums.dim() };
        return Ok((shape, Model::new(trained_on, sums).map_err(refuse)?));
    }
    let trained_on = trained_on.unwrap_or_else(|| "unknown images".into());
    levels::read(archive, path, trained_on)
}

/// Checks that a file is as it was written, if it says what format it has.
fn check_format<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<()> {
    let [array, name] = FORMAT;
    if !archive.has(array) && !archive.has(CHECKSUM) {
        return Ok(());
    }
    archive.check()?;
    match text(archive, array)? {
        Some(found) if found == name => Ok(()),
        found => {
            let found = format!("the format {:?}", found.unwrap_or_default());
            let advice = "read it with the version of ncm that wrote it";
            Err(Error::bad_file(path, found, format!("{name:?}"), advice))
        }
    }
}

/// The names of all classes, where the file has some.
fn class_names<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    path: &Path,
    classes: usize,
) -> Result<Vec<String>> {
    if !archive.has(CLASS_NAMES) {
        return Ok(Vec::new());
    }
    let refuse = |found: String| {
        let expected = format!("{classes} different texts in {CLASS_NAMES}");
        Err(Error::bad_file(path, found, expected, WRITE_AGAIN))
    };
    let header = archive.header(CLASS_NAMES)?;
    let names = match header.shape == [classes as u64] && !header.fortran_order {
        true => texts(archive, CLASS_NAMES, &header)?,
        false => None,
    };
    match names {
        Some(names) if names.iter().collect::<BTreeSet<_>>().len() == classes => Ok(names),
        _ => refuse(header.to_string()),
    }
}

/// Whether an array has integers in C order.
fn is_plain(header: &Header) -> bool {
    header.is_integer() && !header.fortran_order
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
