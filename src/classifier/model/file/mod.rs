//! Model files: class sums, counts and means in NumPy's `.npz` format.
//!
//! The sums of images are in [`levels`], those of feature vectors in [`floats`]. Means are
//! derived from them: they are written for other programs and ignored when the file is
//! read. The texts `dataset` and `trained_on` say what the samples were.
//!
//! The first array, `format`, names the format; the last, `checksum`, is that of all others.
//! A file without both is one that somebody else made. `class_names` has the texts of
//! classes that have some, `values` is the type of the samples' values, and the arrays of
//! [`shard`] have which samples they were.

mod floats;
mod levels;

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use super::Model;
use crate::classifier::class_sums::ClassSums;
use crate::data::content;
use crate::data::npz::{Archive, FORMAT, Writer, printable};
use crate::data::shard::{self, Shard};
use crate::data::{Dataset, Shape};
use crate::error::{Error, Result};

/// The name of the format.
const NAME: &str = "ncm model 1";

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
    /// Which samples it was trained on, in ascending order, where that is known.
    pub shards: Option<Vec<Shard>>,
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
            shards: None,
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
    /// When the file could not have been written by [`bytes`](Self::bytes), or the model is of
    /// no samples.
    pub fn read(path: &Path) -> Result<Self> {
        Self::part_in(BufReader::new(content::raw(path)?), path)?.trained(path)
    }

    /// Reads a model file from memory; `name` is used in error messages.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn from_bytes(bytes: &[u8], name: &Path) -> Result<Self> {
        Self::part_in(Cursor::new(bytes), name)?.trained(name)
    }

    fn trained(self, path: &Path) -> Result<Self> {
        let advice = "name a model of some samples";
        let refuse =
            |error: Error| Error::bad_file(path, error.to_string(), "a trained model", advice);
        let model = self.model.trained().map_err(refuse)?;
        Ok(Self { model, ..self })
    }

    /// Which samples a model file says it has seen, without reading the rest, where it does;
    /// nothing is checked. `path` is used in error messages.
    ///
    /// # Errors
    /// When the file is no archive, or what it says of that cannot be read.
    pub fn shards_in(bytes: impl Read + Seek, path: &Path) -> Result<Option<Vec<Shard>>> {
        let mut archive = Archive::open(bytes, path, "the arrays of a model")?;
        shard::read(&mut archive, None)
    }

    /// Whether a file has the arrays of a model, good or bad, rather than others.
    pub fn is_at(path: &Path) -> bool {
        let archive = content::raw(path)
            .and_then(|file| Archive::open(BufReader::new(file), path, "the arrays of a model"));
        archive.is_ok_and(|archive| {
            archive.has(floats::LIMBS) || levels::ARRAYS.iter().all(|name| archive.has(name))
        })
    }

    /// Reads the model file of a part, which may be of no samples; `path` is used in error
    /// messages.
    ///
    /// # Errors
    /// When the file could not have been written by [`bytes`](Self::bytes).
    pub fn part_in(bytes: impl Read + Seek, path: &Path) -> Result<Self> {
        let mut archive = Archive::open(bytes, path, "the arrays class_sums and counts")?;
        if archive.has_format() {
            archive.check_format(NAME)?;
        }
        let (shape, model) = model(&mut archive, path)?;
        let [dataset, values] = [archive.text("dataset")?, archive.text(VALUES)?];
        let samples = model.sums().samples();
        Ok(Self {
            dataset: dataset.unwrap_or_else(|| "unknown".into()),
            shape,
            values: values.unwrap_or_default(),
            class_names: class_names(&mut archive, model.sums().classes())?,
            shards: shard::read(&mut archive, Some(samples))?,
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
        archive.add_text(FORMAT, NAME)?;
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
        if let Some(shards) = &self.shards {
            shard::write(shards, &mut archive)?;
        }
        archive.finish_checked()
    }
}

/// What a file's samples look like, and the model of them.
fn model<R: Read + Seek>(archive: &mut Archive<'_, R>, path: &Path) -> Result<(Shape, Model)> {
    let trained_on = archive.text("trained_on")?;
    if archive.has(floats::LIMBS) {
        let sums = floats::read(archive, path)?;
        let trained_on = trained_on.unwrap_or_else(|| "unknown samples".into());
        let shape = Shape::Vector { dim: sums.dim() };
        return Ok((shape, Model::new_part(trained_on, sums)));
    }
    let trained_on = trained_on.unwrap_or_else(|| "unknown images".into());
    levels::read(archive, path, trained_on)
}

/// The names of all classes, where the file has some.
fn class_names<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    classes: usize,
) -> Result<Vec<String>> {
    if !archive.has(CLASS_NAMES) {
        return Ok(Vec::new());
    }
    let names = archive.row_of_texts(CLASS_NAMES, classes)?;
    match names.iter().collect::<BTreeSet<_>>().len() == classes {
        true => Ok(names),
        false => Err(archive.refuse(
            format!("a text twice in {CLASS_NAMES}"),
            format!("{classes} different texts"),
        )),
    }
}
