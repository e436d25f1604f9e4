//! Where the images of a split come from: memory, files or the generator of digits.

use std::borrow::Cow;

use super::idx::Files;
use super::reading::Reading;
use super::synthetic::{CLASSES, Part, SIDE, Synthetic};
use super::{Memory, Split};
use crate::error::{Error, Result};

/// The labelled images of one split: in memory, in files, or generated on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    origin: Origin,
    len: usize,
    rows: usize,
    columns: usize,
    classes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Memory(Split),
    Files {
        files: Files,
        batch: usize,
    },
    Drawn {
        digits: Synthetic,
        part: Part,
        batch: usize,
    },
}

impl From<Split> for Source {
    fn from(split: Split) -> Self {
        let (rows, columns) = (split.images().rows(), split.images().columns());
        let (len, classes) = (split.len(), split.classes());
        Self {
            origin: Origin::Memory(split),
            len,
            rows,
            columns,
            classes,
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
        let dim = rows.saturating_mul(columns);
        let batch = (memory.batch_of(len.saturating_mul(dim)) / dim).max(1);
        Self {
            origin: Origin::Files { files, batch },
            len,
            rows,
            columns,
            classes,
        }
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
                batch: batch.max(1),
            },
            len: images,
            rows: SIDE,
            columns: SIDE,
            classes: CLASSES,
        })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Always false: a split without images is rejected.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Rows of pixels in an image.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of pixels in an image.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of classes, including those without an image here.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The whole split, if it is in memory.
    pub fn whole(&self) -> Option<&Split> {
        match &self.origin {
            Origin::Memory(split) => Some(split),
            Origin::Files { .. } | Origin::Drawn { .. } => None,
        }
    }

    /// Iterates over the images in order. A split in memory is a single batch.
    /// Otherwise the next batch is prepared while the caller works on the last,
    /// so at most three batches are in memory.
    pub fn batches(&self) -> Batches<'_> {
        let read = |reading| Batches::Read {
            reading,
            left: self.len,
        };
        match &self.origin {
            Origin::Memory(split) => Batches::Whole(Some(split)),
            Origin::Files { files, batch } => {
                read(Reading::start(files.batches(*batch, self.classes)))
            }
            &Origin::Drawn {
                digits,
                part,
                batch,
            } => {
                let (mut first, len) = (0, self.len);
                read(Reading::start(move |_| {
                    let images = batch.min(len - first);
                    let drawn = (images > 0).then(|| digits.draw(part, first, images));
                    first += images;
                    drawn.transpose()
                }))
            }
        }
    }
}

/// The images of a split, batch after batch.
pub enum Batches<'a> {
    /// The only batch, until it has been taken.
    Whole(Option<&'a Split>),
    /// Batches from a thread that prepares them.
    Read {
        /// The thread.
        reading: Reading,
        /// Number of images still to come.
        left: usize,
    },
}

impl Batches<'_> {
    /// Takes back a batch so that its memory can be reused.
    pub fn give_back(&self, batch: Cow<'_, Split>) {
        if let (Self::Read { reading, .. }, Cow::Owned(split)) = (self, batch) {
            reading.give_back(split.into_pixels());
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
                    // The number of images has changed since the dataset was
                    // opened; a result computed from them would be wrong.
                    Some(Err(other.and_then(Result::err).unwrap_or(Error::Changed)))
                }
            },
        }
    }
}
