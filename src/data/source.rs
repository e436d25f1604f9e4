//! Where the images of a split come from: memory, files, or a pen.

use std::borrow::Cow;

use super::idx::Files;
use super::reading::Reading;
use super::synthetic::{CLASSES, Part, SIDE, Synthetic};
use super::{Memory, Split};
use crate::error::{Error, Result};

/// The labelled images of one split, in memory, still in files or still to be drawn.
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
    /// A split that stays in its files, whose labels are all below `classes`.
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

    /// A split that is drawn: at once where it fits in memory, else batch by batch.
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

    /// Always false: a split without images is refused.
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

    /// Number of classes, counting those that have no image here.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The whole split, where it is in memory.
    pub fn whole(&self) -> Option<&Split> {
        match &self.origin {
            Origin::Memory(split) => Some(split),
            Origin::Files { .. } | Origin::Drawn { .. } => None,
        }
    }

    /// The images in order, batch after batch; one batch where they are in
    /// memory. From files the next batch is read while one is worked on, so
    /// three of them are in memory at most.
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
    /// The one batch there is, until it has been taken.
    Whole(Option<&'a Split>),
    /// Batches from the thread that reads them.
    Read {
        /// The thread.
        reading: Reading,
        /// Images still to come.
        left: usize,
    },
}

impl Batches<'_> {
    /// Takes back a batch that has been worked on, for its memory.
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
                    // An error is the last thing that comes.
                    *left = 0;
                    // Fewer or more images than there were when the dataset
                    // was opened must not become a number.
                    Some(Err(other.and_then(Result::err).unwrap_or(Error::Changed)))
                }
            },
        }
    }
}
