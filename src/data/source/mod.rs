//! Where the samples of a split come from: memory, files or the generator of digits.

#[cfg(feature = "arrays")]
mod selected;

use std::borrow::Cow;

#[cfg(feature = "arrays")]
use super::feature_files::{FeatureFiles, FeatureSource};
use super::idx::Files;
use super::reading::{Reading, Used};
use super::recipe::Preparation;
use super::synthetic::{CLASSES, Part, SIDE, Synthetic};
use super::{Memory, Samples, Shape, Split};
use crate::error::{Error, Result};

/// Rows of a batch for each class: each class's sum is read and written once for them.
#[cfg(feature = "arrays")]
const ROWS_OF_A_CLASS: usize = 2;

/// Bytes that are not exceeded for that.
#[cfg(feature = "arrays")]
const LARGEST_BATCH: usize = 64 << 20;

/// The labelled samples of one split: in memory, in files, or generated on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    origin: Origin,
    len: usize,
    shape: Shape,
    classes: usize,
    /// What becomes of samples that are not in memory, as they are read.
    preparation: Preparation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Memory(Split),
    Files {
        files: Files,
        /// Rows of the files, and the first that is of this set.
        all: usize,
        first: usize,
        batch: usize,
    },
    #[cfg(feature = "arrays")]
    Features {
        files: FeatureFiles,
        batch: usize,
        used: Used,
    },
    Drawn {
        digits: Synthetic,
        part: Part,
        /// The first row that is of this set.
        first: usize,
        batch: usize,
    },
}

impl From<Split> for Source {
    fn from(split: Split) -> Self {
        Self {
            len: split.len(),
            shape: split.shape(),
            classes: split.classes(),
            origin: Origin::Memory(split),
            preparation: Preparation::default(),
        }
    }
}

impl Source {
    /// A split that stays in its files; all labels must be below `classes`.
    pub(super) fn from_files(
        files: Files,
        [len, rows, columns]: [usize; 3],
        classes: usize,
        memory: Memory,
    ) -> Self {
        let shape = Shape::Image { rows, columns };
        let batch = (memory.batch_of(len.saturating_mul(shape.dim())) / shape.dim()).max(1);
        Self {
            origin: Origin::Files {
                files,
                all: len,
                first: 0,
                batch,
            },
            len,
            shape,
            classes,
            preparation: Preparation::default(),
        }
    }

    /// Feature vectors, in memory or in their file, from which they are read into buffers
    /// that were used before; all labels must be below `classes`.
    ///
    /// # Errors
    /// When labels and vectors do not belong together.
    #[cfg(feature = "arrays")]
    pub(super) fn of_features(
        set: FeatureSource,
        classes: usize,
        memory: Memory,
        used: &Used,
    ) -> Result<Self> {
        let files = match set {
            FeatureSource::Memory(set) => {
                return Ok(Split::new(set.features, set.labels, classes)?.into());
            }
            FeatureSource::Files(files) => files,
        };
        let (len, dim) = (files.len(), files.dim());
        let row = dim.saturating_mul(size_of::<f32>());
        let fewest = classes.saturating_mul(row).saturating_mul(ROWS_OF_A_CLASS);
        let bytes = memory.batch_of(len.saturating_mul(row)).max(fewest);
        Ok(Self {
            origin: Origin::Features {
                files,
                batch: (bytes.min(LARGEST_BATCH) / row).max(1),
                used: used.clone(),
            },
            len,
            shape: Shape::Vector { dim },
            classes,
            preparation: Preparation::default(),
        })
    }

    /// A generated split: all at once if it fits in memory, otherwise batch by batch.
    pub(super) fn drawn(
        digits: Synthetic,
        part: Part,
        images: usize,
        memory: Memory,
    ) -> Result<Self> {
        let bytes = images.saturating_mul(SIDE * SIDE);
        if bytes <= memory.whole {
            return Ok(digits.draw(part, 0, images)?.into());
        }
        let batch = memory.batch_of(bytes) / (SIDE * SIDE);
        Ok(Self {
            origin: Origin::Drawn {
                digits,
                part,
                first: 0,
                batch: batch.max(1),
            },
            len: images,
            shape: Shape::Image {
                rows: SIDE,
                columns: SIDE,
            },
            classes: CLASSES,
            preparation: Preparation::default(),
        })
    }

    /// The same samples as a recipe has them: those in memory at once, others as they are
    /// read.
    ///
    /// # Errors
    /// As [`Preparation::apply`](super::recipe::Preparation::apply).
    pub(super) fn prepared(self, preparation: &Preparation) -> Result<Self> {
        if let Origin::Memory(split) = self.origin {
            return Ok(split.prepared(preparation)?.into());
        }
        let shape = match *preparation == Preparation::default() {
            true => self.shape,
            false => Shape::Vector {
                dim: self.shape.dim(),
            },
        };
        Ok(Self {
            shape,
            preparation: preparation.clone(),
            ..self
        })
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Always false: a split without images is rejected.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What each sample looks like.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Number of classes, including those without a sample here.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The label of each sample, where they are known without reading all samples.
    pub fn labels(&self) -> Option<&[u16]> {
        match &self.origin {
            Origin::Memory(split) => Some(split.labels()),
            #[cfg(feature = "arrays")]
            Origin::Features { files, .. } => Some(files.labels()),
            _ => None,
        }
    }

    /// The whole split, if it is in memory.
    pub fn whole(&self) -> Option<&Split> {
        match &self.origin {
            Origin::Memory(split) => Some(split),
            _ => None,
        }
    }

    /// Iterates over the samples in order. A split in memory is a single batch.
    /// Otherwise the next batch is prepared while the caller works on the last,
    /// so at most three batches are in memory.
    pub fn batches(&self) -> Batches<'_> {
        let read_into = |used: Used, next: Box<Next>| Batches::Read {
            reading: Reading::start(used, prepared(next, self.preparation.clone())),
            left: self.len,
        };
        let read = |next| read_into(Used::default(), next);
        match &self.origin {
            Origin::Memory(split) => Batches::Whole(Some(split)),
            Origin::Files {
                files,
                all,
                first,
                batch,
            } => {
                let rows = *first..first + self.len;
                read(Box::new(files.batches(*batch, self.classes, rows, *all)))
            }
            #[cfg(feature = "arrays")]
            Origin::Features { files, batch, used } => {
                let (mut next, classes) = (files.batches(*batch), self.classes);
                let next: Box<Next> = Box::new(move |used| {
                    let memory = used.map_or_else(Vec::new, Samples::into_values);
                    let read = next(memory)?;
                    read.map(|(features, labels)| Split::new(features, labels, classes))
                        .transpose()
                });
                read_into(used.clone(), next)
            }
            &Origin::Drawn {
                digits,
                part,
                mut first,
                batch,
            } => {
                let end = first + self.len;
                read(Box::new(move |_| {
                    let images = batch.min(end - first);
                    let drawn = (images > 0).then(|| digits.draw(part, first, images));
                    first += images;
                    drawn.transpose()
                }))
            }
        }
    }
}

/// Makes one batch after another, into the buffers of used ones.
type Next = dyn FnMut(Option<Samples>) -> Result<Option<Split>> + Send;

/// The same batches with their samples as a recipe has them.
fn prepared(
    mut next: Box<Next>,
    preparation: Preparation,
) -> impl FnMut(Option<Samples>) -> Result<Option<Split>> + Send {
    move |used| match next(used)? {
        Some(batch) if preparation != Preparation::default() => {
            batch.prepared(&preparation).map(Some)
        }
        batch => Ok(batch),
    }
}

/// The samples of a split, batch after batch.
pub enum Batches<'a> {
    /// The only batch, until it has been taken.
    Whole(Option<&'a Split>),
    /// Batches from a thread that prepares them.
    Read {
        /// The thread.
        reading: Reading,
        /// Number of samples still to come.
        left: usize,
    },
}

impl Batches<'_> {
    /// Takes back a batch so that its memory can be reused.
    pub fn give_back(&self, batch: Cow<'_, Split>) {
        if let (Self::Read { reading, .. }, Cow::Owned(split)) = (self, batch) {
            reading.give_back(split.into_samples());
        }
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<Cow<'a, Split>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Whole(split) => split.take().map(|split| Ok(Cow::Borrowed(split))),
            Self::Read { reading, left } => match reading.next() {
                Some(Ok(batch)) if batch.len() <= *left => {
                    *left -= batch.len();
                    Some(Ok(Cow::Owned(batch)))
                }
                None if *left == 0 => None,
                other => {
                    // Nothing follows an error.
                    *left = 0;
                    // The number of samples has changed since the dataset was
                    // opened; a result computed from them would be wrong.
                    Some(Err(other.and_then(Result::err).unwrap_or(Error::Changed)))
                }
            },
        }
    }
}
