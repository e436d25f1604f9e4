//! A strict reader of IDX files, uncompressed or gzipped, a few items at a time.
//!
//! Format: two zero bytes, a type byte (8 = `u8`, 0xB = `i16`, 0xC = `i32`,
//! numbers big-endian), the number of dimensions, each dimension as a
//! big-endian `u32`, then the values, row-major (Y. LeCun, C. Cortes, C.
//! Burges, "The MNIST database", file formats). The specification does not
//! mention trailing bytes or empty dimensions. Both are rejected, because they
//! mean that the file is damaged or something else.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::recognise::{Guess, Kind, Values, looks_like};
use crate::data::content::{self, Content, FETCH_AGAIN};
use crate::error::{Error, Result};

/// Upper limit on memory reserved before the data has been read; a header may lie.
const RESERVE_AT_MOST: u64 = 64 << 20;

/// An IDX file whose header has been validated.
pub(in crate::data) struct Reader {
    path: PathBuf,
    source: Box<dyn Read + Send>,
    place: Option<File>,
    dimensions: Vec<u64>,
    value_bytes: u64,
    items_read: u64,
    is_plain: bool,
}

impl Reader {
    /// Opens a file and checks its header, and its length if it is not compressed.
    pub(in crate::data) fn open(path: &Path, kind: Kind) -> Result<Self> {
        Self::new(path, content::open(path)?, kind)
    }

    /// As [`open`](Self::open), but from opened content.
    pub(in crate::data) fn new(path: &Path, content: Content, kind: Kind) -> Result<Self> {
        let Content {
            mut bytes,
            plain_length,
            place,
        } = content;
        let (value_bytes, dimensions) = read_header(&mut *bytes, path, kind)?;
        let reader = Self {
            path: path.to_owned(),
            source: bytes,
            place,
            dimensions,
            value_bytes,
            items_read: 0,
            is_plain: plain_length.is_some(),
        };
        let body = reader.body_bytes()?;
        if let Some(length) = plain_length {
            let header = 4 + 4 * reader.dimensions.len() as u64;
            reader.check_length(length.saturating_sub(header), body)?;
        }
        Ok(reader)
    }

    /// The file's path.
    pub(in crate::data) fn path(&self) -> &Path {
        &self.path
    }

    /// Number of items: images or labels.
    pub(in crate::data) fn items(&self) -> u64 {
        self.dimensions[0]
    }

    /// The dimensions after the first: rows and columns of images, or columns of labels.
    pub(in crate::data) fn shape(&self) -> &[u64] {
        &self.dimensions[1..]
    }

    /// A description of the header for the user.
    pub(in crate::data) fn header(&self) -> String {
        let values = match self.value_bytes {
            1 => "u8",
            2 => "i16",
            _ => "i32",
        };
        format!("{} values of {values}", product(&self.dimensions))
    }

    /// Number of items read so far.
    pub(in crate::data) fn items_read(&self) -> u64 {
        self.items_read
    }

    /// Whether the file is not compressed.
    pub(in crate::data) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Size of one value in bytes.
    pub(in crate::data) fn value_bytes(&self) -> u64 {
        self.value_bytes
    }

    fn item_bytes(&self) -> u64 {
        self.shape().iter().product::<u64>() * self.value_bytes
    }

    fn body_bytes(&self) -> Result<u64> {
        let multiplied = |length: u64, &size: &u64| length.checked_mul(size);
        let length = self
            .dimensions
            .iter()
            .try_fold(self.value_bytes, multiplied);
        let found = format!("dimensions {}", product(&self.dimensions));
        match length {
            None => Err(self.refuse(
                format!("{found}, too many bytes to count"),
                "a product that fits 64 bits",
            )),
            Some(0) => Err(Error::bad_file(
                &self.path,
                found,
                "at least one item",
                "name another file",
            )),
            Some(length) => Ok(length),
        }
    }

    /// Reads up to `items` items. Returns nothing at the end, and rejects trailing bytes.
    pub(in crate::data) fn read(&mut self, items: u64) -> Result<Vec<u8>> {
        self.read_into(items, Vec::new())
    }

    /// As [`read`](Self::read), but reuses a buffer.
    pub(in crate::data) fn read_into(&mut self, items: u64, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
        let items = items.min(self.items() - self.items_read);
        let wanted = items * self.item_bytes();
        let too_large =
            |reader: &Self| reader.refuse("more data than memory holds", "a smaller file");
        let reserve = usize::try_from(wanted.min(RESERVE_AT_MOST)).map_err(|_| too_large(self))?;
        bytes.clear();
        bytes
            .try_reserve_exact(reserve)
            .map_err(|_| too_large(self))?;
        read_up_to(&mut self.source, wanted, &mut bytes, &self.path)?;
        let before = self.items_read * self.item_bytes();
        if (bytes.len() as u64) < wanted {
            self.check_length(before + bytes.len() as u64, self.body_bytes()?)?;
        }
        self.items_read += items;
        if self.items_read == self.items() {
            let more = self
                .source
                .read(&mut [0])
                .map_err(Error::unreadable(&self.path))?;
            self.check_length(before + wanted + more as u64, self.body_bytes()?)?;
        }
        Ok(bytes)
    }

    /// Passes over items; at most as many as there are.
    pub(in crate::data) fn skip(&mut self, items: u64) -> Result<()> {
        let items = items.min(self.items() - self.items_read);
        let bytes = items * self.item_bytes();
        let skipped = content::skip(&mut *self.source, self.place.as_mut(), bytes);
        skipped.map_err(Error::unreadable(&self.path))?;
        self.items_read += items;
        Ok(())
    }

    /// Rejects a body whose length differs from what the header claims.
    fn check_length(&self, found: u64, promised: u64) -> Result<()> {
        let found = match found {
            _ if found == promised => return Ok(()),
            less if less < promised => format!("{less} bytes after the header"),
            _ => format!("more than {promised} bytes after the header"),
        };
        let expected = format!("{promised} bytes for {} items", product(&self.dimensions));
        Err(self.refuse(found, expected))
    }

    fn refuse(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::bad_file(&self.path, found, expected, FETCH_AGAIN)
    }
}

/// Reads the header; returns the size of a value in bytes and the dimensions.
fn read_header(source: &mut dyn Read, path: &Path, kind: Kind) -> Result<(u64, Vec<u64>)> {
    let mut start = Vec::new();
    read_up_to(source, 4, &mut start, path)?;
    if start.len() < 4 {
        return Err(cut_header(path, start.len(), kind));
    }
    let Some(Values { bytes, dimensions }) = kind.values(&start) else {
        // Read enough bytes to recognise other formats.
        read_up_to(source, 60, &mut start, path)?;
        let guess = looks_like(&start);
        let advice = match guess {
            Guess::Idx(_) => "check that image and label files are not swapped",
            _ => FETCH_AGAIN,
        };
        return Err(Error::bad_file(
            path,
            guess.describe(&start),
            kind.describe(),
            advice,
        ));
    };
    let mut sizes = Vec::new();
    read_up_to(source, 4 * dimensions as u64, &mut sizes, path)?;
    if sizes.len() < 4 * dimensions {
        return Err(cut_header(path, 4 + sizes.len(), kind));
    }
    let big_endian = |word: &[u8]| {
        word.iter()
            .fold(0, |value, &byte| value << 8 | u64::from(byte))
    };
    Ok((bytes, sizes.chunks_exact(4).map(big_endian).collect()))
}

fn read_up_to(source: &mut dyn Read, count: u64, into: &mut Vec<u8>, path: &Path) -> Result<()> {
    source
        .take(count)
        .read_to_end(into)
        .map_err(Error::unreadable(path))?;
    Ok(())
}

fn product(dimensions: &[u64]) -> String {
    dimensions
        .iter()
        .map(u64::to_string)
        .collect::<Vec<_>>()
        .join(" × ")
}

fn cut_header(path: &Path, length: usize, kind: Kind) -> Error {
    let found = match length {
        0 => "an empty file".to_owned(),
        _ => format!("{length} bytes"),
    };
    let expected = format!(
        "{}, whose header has {} bytes",
        kind.describe(),
        kind.header_bytes()
    );
    Error::bad_file(path, found, expected, FETCH_AGAIN)
}
