//! Some rows of a source, and its samples among other classes.

use std::ops::Range;

use super::{Origin, Source};
use crate::error::{Error, Result};

impl Source {
    /// These rows of the samples, of which there must be some.
    ///
    /// # Errors
    /// When there are fewer, or these samples are a part of a set that was divided and stays
    /// in its file.
    pub(in crate::data) fn rows(self, rows: Range<usize>) -> Result<Self> {
        if rows.is_empty() || rows.end > self.len {
            return Err(Error::Invalid(format!(
                "rows {}..{} of {}",
                rows.start, rows.end, self.len
            )));
        }
        let divided = || Error::Invalid("rows of a set that was divided".into());
        let origin = match self.origin {
            Origin::Memory(split) => Origin::Memory(split.rows_of(rows.clone())?),
            Origin::Files {
                files,
                all,
                first,
                batch,
            } => Origin::Files {
                files,
                all,
                first: first + rows.start,
                batch,
            },
            Origin::Features { files, batch, used } => Origin::Features {
                files: files.rows(rows.clone()).ok_or_else(divided)?,
                batch,
                used,
            },
            Origin::Drawn {
                digits,
                part,
                first,
                batch,
            } => Origin::Drawn {
                digits,
                part,
                first: first + rows.start,
                batch,
            },
        };
        Ok(Self {
            origin,
            len: rows.len(),
            ..self
        })
    }

    /// The same samples, of whose classes each has this place among so many.
    ///
    /// # Errors
    /// When a place is not below that, or these are samples that have no names of classes.
    pub(in crate::data) fn relabelled(self, places: &[u16], classes: usize) -> Result<Self> {
        let origin = match self.origin {
            Origin::Memory(split) => Origin::Memory(split.relabelled(places, classes)?),
            Origin::Features { files, batch, used } => Origin::Features {
                files: files.relabelled(places),
                batch,
                used,
            },
            // Their classes are numbers.
            Origin::Files { .. } | Origin::Drawn { .. } => {
                return Err(Error::Invalid("names of numbered classes".into()));
            }
        };
        Ok(Self {
            origin,
            classes,
            ..self
        })
    }

    /// The same samples among so many classes, at least their own.
    pub(in crate::data) fn among(self, classes: usize) -> Self {
        let classes = classes.max(self.classes);
        let origin = match self.origin {
            Origin::Memory(split) => Origin::Memory(split.among(classes)),
            origin => origin,
        };
        Self {
            origin,
            classes,
            ..self
        }
    }
}
