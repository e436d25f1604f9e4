//! The labels of a split, a few at a time.

use std::path::Path;

use super::reader::Reader;
use super::recognise::Kind;
use crate::data::content::Content;
use crate::error::{Error, Result};

/// Upper limit on the columns of labels; QMNIST has 8.
const MOST_COLUMNS: u64 = 256;

/// Bytes of labels to read at a time.
const BYTES_AT_ONCE: u64 = 1 << 20;

/// A label file whose header has been validated.
pub(in crate::data) struct Labels {
    reader: Reader,
    /// The label of the first class.
    first: u16,
}

impl Labels {
    /// Reads the header of a file whose classes are numbered from `first`.
    pub(in crate::data) fn new(path: &Path, content: Content, first: u16) -> Result<Self> {
        let reader = Reader::new(path, content, Kind::Labels)?;
        let labels = Self { reader, first };
        match labels.columns() {
            ..=MOST_COLUMNS => Ok(labels),
            columns => Err(Error::bad_file(
                path,
                format!("labels of {columns} columns"),
                format!("at most {MOST_COLUMNS}, the class in the first"),
                "use files of one dataset and split",
            )),
        }
    }

    /// The reader of the underlying file.
    pub(in crate::data) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Number of values stored for each label.
    fn columns(&self) -> u64 {
        self.reader.shape().first().copied().unwrap_or(1)
    }

    /// Reads up to `count` labels, renumbered to start from 0.
    pub(in crate::data) fn read(&mut self, count: usize) -> Result<Vec<u16>> {
        let value_bytes = self.reader.value_bytes();
        let label_bytes = value_bytes * self.columns();
        let at_once = BYTES_AT_ONCE / label_bytes;
        let mut labels = Vec::new();
        while labels.len() < count {
            let first = self.reader.items_read();
            let wanted = at_once.min((count - labels.len()) as u64);
            let bytes = self.reader.read(wanted)?;
            if bytes.is_empty() {
                break;
            }
            // The class is in the first column.
            let stored = bytes.chunks_exact(label_bytes as usize);
            for (index, label) in (first..).zip(stored) {
                labels.push(self.label(index, &label[..value_bytes as usize])?);
            }
        }
        Ok(labels)
    }

    /// Passes over labels.
    pub(in crate::data) fn skip(&mut self, count: usize) -> Result<()> {
        self.reader.skip(count as u64)
    }

    /// Reads all labels and returns the highest.
    pub(in crate::data) fn highest(&mut self) -> Result<u16> {
        let mut highest = 0;
        loop {
            match self.read(BYTES_AT_ONCE as usize)?.into_iter().max() {
                Some(label) => highest = highest.max(label),
                None => return Ok(highest),
            }
        }
    }

    fn label(&self, index: u64, stored: &[u8]) -> Result<u16> {
        let (number, first) = (big_endian(stored), self.first);
        let counted = number.checked_sub(first.into());
        counted
            .and_then(|label| u16::try_from(label).ok())
            .ok_or_else(|| {
                Error::bad_file(
                    self.reader.path(),
                    format!("label {number} at index {index}"),
                    format!("labels from {first} to 65,535"),
                    format!("number the classes from {first}"),
                )
            })
    }
}

/// Decodes a big-endian label of one, two or four bytes.
fn big_endian(bytes: &[u8]) -> i32 {
    match *bytes {
        [label] => label.into(),
        [high, low] => i16::from_be_bytes([high, low]).into(),
        [a, b, c, d] => i32::from_be_bytes([a, b, c, d]),
        _ => -1,
    }
}
