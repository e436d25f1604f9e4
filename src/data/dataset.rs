//! A training set and a test set whose samples have one shape.

#[cfg(feature = "arrays")]
use std::ops::Range;
use std::path::{Path, PathBuf};

#[cfg(feature = "arrays")]
use super::class_table;
#[cfg(feature = "arrays")]
use super::feature_files::{FeatureSets, FeatureSource};
#[cfg(feature = "arrays")]
use super::reading::Used;
use super::recipe::Preparation;
use super::synthetic::{Part, Synthetic};
use super::{Images, Memory, Source, Split, idx};
use crate::error::{Error, Result};

/// Two splits whose images have the same shape, with a name.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) train: Source,
    pub(super) test: Source,
    pub(super) notes: Vec<String>,
    /// Those of the notes that are about ranges of values, which other samples may have.
    pub(super) range_notes: Vec<String>,
    pub(super) class_names: Vec<String>,
    /// The type of the values as they are stored.
    pub(super) values: &'static str,
    pub(super) preparation: Preparation,
}

/// What to say of one set that is not divided.
#[cfg(feature = "arrays")]
pub(super) const ALL_USED: &str = "there are no test samples of their own: all samples were used";

/// The type of an image's pixels.
pub(super) const LEVELS: &str = "u8";

impl Dataset {
    /// Joins two labelled sets of images; the classes are `0..=` the highest label of
    /// either.
    ///
    /// # Errors
    /// When the shapes differ or the numbers of labels and images differ.
    pub fn new(
        name: impl Into<String>,
        source: impl Into<String>,
        train: (Images, Vec<u16>),
        test: (Images, Vec<u16>),
    ) -> Result<Self> {
        let shape = |images: &Images| format!("{} × {}", images.rows(), images.columns());
        let (train_shape, test_shape) = (shape(&train.0), shape(&test.0));
        if train_shape != test_shape {
            return Err(Error::Invalid(format!(
                "training images of {train_shape} and test images of {test_shape}"
            )));
        }
        let highest = train.1.iter().chain(&test.1).max().copied().unwrap_or(0);
        let classes = usize::from(highest) + 1;
        Ok(Self {
            name: name.into(),
            source: source.into(),
            files: Vec::new(),
            train: Split::new(train.0, train.1, classes)?.into(),
            test: Split::new(test.0, test.1, classes)?.into(),
            notes: Vec::new(),
            range_notes: Vec::new(),
            class_names: Vec::new(),
            values: LEVELS,
            preparation: Preparation::default(),
        })
    }

    /// Reads the four IDX files of a folder, plain or gzipped. A split that is
    /// too large for memory stays in its files.
    ///
    /// # Errors
    /// When a file is missing or does not match its header. Damage in a gzipped
    /// split that stays in its files is only reported when it is read.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        Self::from_folder_within(folder, Memory::default())
    }

    /// As [`from_folder`](Self::from_folder), with the given limits on memory.
    ///
    /// # Errors
    /// As [`from_folder`](Self::from_folder).
    pub fn from_folder_within(folder: &Path, memory: Memory) -> Result<Self> {
        idx::find(folder)?.read(memory)
    }

    /// Feature vectors that were read from files. Where they are one set that is not divided,
    /// all of them are test samples as well.
    ///
    /// # Errors
    /// When labels and vectors do not belong together.
    #[cfg(feature = "arrays")]
    pub fn from_features(
        name: impl Into<String>,
        source: impl Into<String>,
        sets: FeatureSets,
    ) -> Result<Self> {
        let sets = sets.map(FeatureSource::Memory);
        Self::from_feature_sources(name.into(), source.into(), sets, Memory::default())
    }

    /// As [`from_features`](Self::from_features), of sets that may stay in their files.
    #[cfg(feature = "arrays")]
    pub(super) fn from_feature_sources(
        name: String,
        source: String,
        sets: FeatureSets<FeatureSource>,
        memory: Memory,
    ) -> Result<Self> {
        let mut notes = sets.notes;
        // Both are read into the same buffers, one after the other.
        let used = Used::default();
        let split = |set| Source::of_features(set, sets.classes, memory, &used);
        let train = split(sets.train)?;
        let test = match sets.test {
            Some(test) => split(test)?,
            None => {
                notes.push(ALL_USED.into());
                train.clone()
            }
        };
        Ok(Self {
            name,
            source,
            files: sets.files,
            train,
            test,
            notes,
            range_notes: Vec::new(),
            class_names: sets.class_names,
            values: sets.values,
            preparation: Preparation::default(),
        })
    }

    /// Generates the requested digits. A split that is too large for memory is
    /// generated batch by batch.
    ///
    /// # Errors
    /// When there is not enough memory for a batch.
    pub fn synthetic(digits: Synthetic, memory: Memory) -> Result<Self> {
        let source = |part, images| Source::drawn(digits, part, images, memory);
        Ok(Self {
            name: "synthetic".into(),
            source: digits.name(),
            files: Vec::new(),
            train: source(Part::Train, digits.train)?,
            test: source(Part::Test, digits.test)?,
            notes: Vec::new(),
            range_notes: Vec::new(),
            class_names: Vec::new(),
            values: LEVELS,
            preparation: Preparation::default(),
        })
    }

    /// The same samples as a recipe has them.
    ///
    /// # Errors
    /// When they have been prepared already, or the recipe's centre has another dim.
    pub fn prepared(self, preparation: &Preparation) -> Result<Self> {
        Ok(Self {
            train: self.train.prepared(preparation)?,
            test: self.test.prepared(preparation)?,
            preparation: preparation.clone(),
            ..self
        })
    }

    /// The same samples among classes of these names, which must be all of its own and any
    /// others.
    ///
    /// # Errors
    /// When a name is missing, or there are too many.
    #[cfg(feature = "arrays")]
    pub(crate) fn among(self, names: &[String]) -> Result<Self> {
        let places = class_table::from(&self.class_names, names);
        let place = |place: Option<usize>| {
            let place = place.and_then(|place| u16::try_from(place).ok());
            place.ok_or_else(|| Error::Invalid("classes that are not among others".into()))
        };
        let places: Vec<u16> = places.into_iter().map(place).collect::<Result<_>>()?;
        Ok(Self {
            train: self.train.relabelled(&places, names.len())?,
            test: self.test.relabelled(&places, names.len())?,
            class_names: names.to_vec(),
            ..self
        })
    }

    /// The dataset with only these rows of its training samples, or of its test samples.
    ///
    /// # Errors
    /// When there are none, or fewer, or the set was divided from another.
    #[cfg(feature = "arrays")]
    pub(crate) fn rows(self, of_test: bool, rows: Range<usize>) -> Result<Self> {
        Ok(match of_test {
            true => Self {
                test: self.test.rows(rows)?,
                ..self
            },
            false => Self {
                train: self.train.rows(rows)?,
                ..self
            },
        })
    }

    /// The same samples among so many numbered classes, at least its own.
    #[cfg(feature = "arrays")]
    pub(crate) fn among_numbers(self, classes: usize) -> Self {
        Self {
            train: self.train.among(classes),
            test: self.test.among(classes),
            ..self
        }
    }

    /// How the samples are prepared.
    pub fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// The type of the values as they are stored: `u8`, `f16`, `bf16` or `f32`.
    pub fn values(&self) -> &'static str {
        self.values
    }

    /// What was interpreted or passed over when it was read, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Those of the notes that are about the ranges of labels and levels, which may be others
    /// in other samples of the same kind.
    #[cfg(feature = "arrays")]
    pub(crate) fn range_notes(&self) -> &[String] {
        &self.range_notes
    }

    /// The names of the classes; empty where they are known by numbers alone.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// The dataset's name: that of its folder or archive, or `synthetic`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the dataset came from: its folder or archive, or a description of
    /// what was generated.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The files that the dataset was read from. They must not be overwritten,
    /// because some may be read again.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The training samples.
    pub fn train(&self) -> &Source {
        &self.train
    }

    /// The test samples.
    pub fn test(&self) -> &Source {
        &self.test
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.train.classes()
    }
}
