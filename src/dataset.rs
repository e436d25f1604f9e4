//! Labelled images, valid once built.
//!
//! A [`Dataset`] is two [`Split`]s, train and test, of images of one shape.
//! Everything later in the flow may rely on what the constructors here check:
//! no split is empty, every image has `rows × columns` pixels, every image has
//! a label and every label is below the number of classes.

mod files;
mod folder;
mod idx;
mod recognise;
mod second_reader;
mod source;

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

pub use second_reader::{Verification, verify};
pub use source::{Batches, Source};

/// The most pixels in an image, 4,000 × 4,000: batches of images, and the sums
/// over their pixels, are made for many images rather than huge ones.
pub const MOST_PIXELS: usize = 16_000_000;

/// Images of one shape, one after another: `len × rows × columns` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    rows: usize,
    columns: usize,
    pixels: Vec<u8>,
}

impl Images {
    /// Images from their pixels, row-major, image after image, 0 = background.
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

    /// The pixels of image `index`.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn image(&self, index: usize) -> &[u8] {
        let dim = self.dim();
        &self.pixels[index * dim..][..dim]
    }

    /// All pixels, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

/// Images with a label each, every label below [`classes`](Self::classes).
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

    /// The memory of the pixels.
    fn into_pixels(self) -> Vec<u8> {
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

    /// Number of classes, counting those that have no image here.
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

/// How much of a dataset may be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// A split of more bytes than this stays in its files.
    pub whole: usize,
    /// Bytes of images in one batch of such a split, at most.
    pub batch: usize,
    /// Whether a smaller one is left in its files as well where they are
    /// plain, to be read in smaller batches.
    pub reread: bool,
}

impl Default for Memory {
    /// Twice MNIST in memory; batches large enough to be sent to a device at
    /// full speed.
    fn default() -> Self {
        Self {
            whole: 128 << 20,
            batch: 16 << 20,
            reread: false,
        }
    }
}

/// Bytes for each thread of a batch that is looked at in passing: two tasks
/// to each, and less than a core's own cache.
const PASSING: usize = 384 << 10;

/// Batches of a split that is looked at in passing: the more, the less memory
/// is new, but handing each out to all cores costs time as well.
const PASSING_BATCHES: usize = 64;

impl Memory {
    /// For what looks at each image once or twice, at the processor's own
    /// speed: pages of a new buffer cost more to get than a file in the
    /// system's cache costs to read again, and a batch that stays in the
    /// processor's cache costs nothing to look at.
    pub fn in_passing() -> Self {
        Self {
            reread: true,
            ..Self::default()
        }
    }

    /// Bytes of a batch of a split of so many bytes.
    fn batch_of(self, bytes: usize) -> usize {
        let least = PASSING * rayon::current_num_threads();
        match self.reread {
            true => (bytes / PASSING_BATCHES).max(least).min(self.batch),
            false => self.batch,
        }
    }
}

/// A named pair of splits whose images have one shape.
#[derive(Clone, Debug)]
pub struct Dataset {
    name: String,
    source: String,
    train: Source,
    test: Source,
}

impl Dataset {
    /// Joins two labelled sets; the classes are `0..=` the highest label of either.
    ///
    /// # Errors
    /// When the image shapes differ or a count of labels is not that of its images.
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
                "training images are {train_shape}, test images {test_shape}"
            )));
        }
        let highest = train.1.iter().chain(&test.1).max().copied().unwrap_or(0);
        let classes = usize::from(highest) + 1;
        Ok(Self {
            name: name.into(),
            source: source.into(),
            train: Split::new(train.0, train.1, classes)?.into(),
            test: Split::new(test.0, test.1, classes)?.into(),
        })
    }

    /// Reads the four IDX files of a folder, plain or gzipped. A split that is
    /// too large for memory stays in its files.
    ///
    /// # Errors
    /// When a file is missing or is not exactly what its header promises; what
    /// a gzipped split that stays in its files holds shows only when it is read.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        Self::from_folder_within(folder, Memory::default())
    }

    /// As [`from_folder`](Self::from_folder), with as much memory as given.
    ///
    /// # Errors
    /// As [`from_folder`](Self::from_folder).
    pub fn from_folder_within(folder: &Path, memory: Memory) -> Result<Self> {
        folder::read(folder, memory)
    }

    /// The folder to read: `named`, else `$NCM_DATA`, else `./data`.
    ///
    /// # Errors
    /// When nothing is named and `./data` does not exist.
    pub fn locate(named: Option<&Path>) -> Result<PathBuf> {
        folder::locate(named)
    }

    /// What the dataset is called: its folder's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the dataset came from: its folder.
    pub fn source(&self) -> &str {
        &self.source
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
