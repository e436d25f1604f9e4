//! Where the images of a split come from: memory, or files too large for it.

use std::borrow::Cow;

use super::files::{Files, Reading};
use super::{Memory, Split};
use crate::error::Result;

/// The labelled images of one split, in memory or still in files.
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
    Files { files: Files, batch: usize },
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
            Origin::Files { .. } => None,
        }
    }

    /// The images in order, batch after batch; one batch where they are in
    /// memory. From files the next batch is read while one is worked on, so
    /// three of them are in memory at most.
    pub fn batches(&self) -> Batches<'_> {
        match &self.origin {
            Origin::Memory(split) => Batches::Whole(Some(split)),
            Origin::Files { files, batch } => Batches::Read(files.batches(*batch, self.classes)),
        }
    }
}

/// The images of a split, batch after batch.
pub enum Batches<'a> {
    /// The one batch there is, until it has been taken.
    Whole(Option<&'a Split>),
    /// Batches from the thread that reads them.
    Read(Reading),
}

impl Batches<'_> {
    /// Takes back a batch that has been worked on, for its memory.
    pub fn give_back(&self, batch: Cow<'_, Split>) {
        if let (Self::Read(reading), Cow::Owned(split)) = (self, batch) {
            // The thread may have read the last batch and gone.
            let _ = reading.back.send(split.into_pixels());
        }
    }
}

impl<'a> Iterator for Batches<'a> {
    type Item = Result<Cow<'a, Split>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Whole(split) => split.take().map(|split| Ok(Cow::Borrowed(split))),
            Self::Read(reading) => reading
                .batches
                .recv()
                .ok()
                .map(|batch| batch.map(Cow::Owned)),
        }
    }
}
