//! Labelled images that are valid by construction.
//!
//! A [`Dataset`] is two [`Split`]s, train and test, of images of one shape.
//! Later stages may rely on what the constructors here check: no split is
//! empty, every image has `rows × columns` pixels, every image has a label and
//! every label is below the number of classes.

use std::path::{Path, PathBuf};

use super::synthetic::{Part, Synthetic};
use super::{Memory, Source, idx};
use crate::error::{Error, Result};

/// The most pixels in an image, 4,000 × 4,000. Batches, and the sums over an
/// image's pixels, are designed for many images rather than huge ones.
pub const MOST_PIXELS: usize = 16_000_000;

/// Images of one shape, stored contiguously: `len × rows × columns` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    rows: usize,
    columns: usize,
    pixels: Vec<u8>,
}

impl Images {
    /// Builds images from their pixels, row-major, image after image, 0 = background.
    ///
    /// # Errors
    /// When a dimension is zero, an image has more than [`MOST_PIXELS`], there is
    /// no image, or `pixels` is not a whole number of images.
    pub fn new(rows: usize, columns: usize, pixels: Vec<u8>) -> Result<Self> {
        let dim = rows
            .checked_mul(columns)
            .filter(|dim| (1..=MOST_PIXELS).contains(dim));
        match dim {
            Some(dim) if !pixels.is_empty() && pixels.len().is_multiple_of(dim) => Ok(Self {
                rows,
                columns,
                pixels,
            }),
            _ => Err(Error::Invalid(format!(
                "{} pixels do not make images of {rows} × {columns}",
                pixels.len()
            ))),
        }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.dim()
    }

    /// Always false: an empty set of images cannot be built.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Rows of pixels in an image.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of pixels in an image.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Pixels in an image: rows · columns.
    pub fn dim(&self) -> usize {
        self.rows * self.columns
    }

    /// The pixels of image `index`, if it exists.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        (index < self.len()).then(|| self.image(index))
    }

    /// The pixels of image `index`.
    ///
    /// # Panics
    /// When there is no such image; [`get`](Self::get) returns `None` instead.
    pub fn image(&self, index: usize) -> &[u8] {
        let dim = self.dim();
        &self.pixels[index * dim..][..dim]
    }

    /// All pixels, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

/// Images with one label each; every label is below [`classes`](Self::classes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    images: Images,
    labels: Vec<u16>,
    classes: usize,
}

impl Split {
    /// Joins images and labels.
    ///
    /// # Errors
    /// When the counts differ or a label is not below `classes`.
    pub fn new(images: Images, labels: Vec<u16>, classes: usize) -> Result<Self> {
        if images.len() != labels.len() {
            let (found, expected) = (labels.len(), images.len());
            return Err(Error::Invalid(format!(
                "{found} labels for {expected} images"
            )));
        }
        if let Some(index) = labels
            .iter()
            .position(|&label| usize::from(label) >= classes)
        {
            let label = labels[index];
            return Err(Error::Invalid(format!(
                "label {label} at index {index} is not one of {classes} classes"
            )));
        }
        Ok(Self {
            images,
            labels,
            classes,
        })
    }

    /// Takes the buffer of the pixels, so that it can be reused.
    pub(super) fn into_pixels(self) -> Vec<u8> {
        self.images.pixels
    }

    /// The images.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The label of each image.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Number of classes, including those without an image here.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Always false: an empty split cannot be built.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// Two splits whose images have the same shape, with a name.
#[derive(Clone, Debug)]
pub struct Dataset {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) files: Vec<PathBuf>,
    pub(super) train: Source,
    pub(super) test: Source,
    pub(super) notes: Vec<String>,
    pub(super) class_names: Vec<String>,
}

impl Dataset {
    /// Joins two labelled sets; the classes are `0..=` the highest label of either.
    ///
    /// # Errors
    /// When the image shapes differ or the numbers of labels and images differ.
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
            class_names: Vec::new(),
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
            class_names: Vec::new(),
        })
    }

    /// What was interpreted or passed over when it was read, a line each.
    pub fn notes(&self) -> &[String] {
        &self.notes
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

    /// The training images.
    pub fn train(&self) -> &Source {
        &self.train
    }

    /// The test images.
    pub fn test(&self) -> &Source {
        &self.test
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.train.classes()
    }
}
