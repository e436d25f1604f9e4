//! A file in an archive to be read from its beginning to its end, without the rest of
//! the archive. The archive's own reader borrows what it reads from; this one has it,
//! so that it can be kept between batches. Messages are the same.

use std::io::{self, BufRead, ErrorKind, Read, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

/// What an archive says of one of its files.
pub(super) struct Facts {
    pub is_deflated: bool,
    /// Bytes as stored.
    pub stored: u64,
    /// Bytes as they were before they were stored.
    pub size: u64,
    pub checksum: u32,
}

/// The bytes of a file in an archive. At their end the checksum is compared.
pub(crate) struct Member<R> {
    bytes: Bytes<R>,
    left: u64,
    checksum: u32,
    read: Crc,
}

enum Bytes<R> {
    Stored(Take<R>),
    Deflated(DeflateDecoder<Take<R>>),
}

impl<R: BufRead> Member<R> {
    /// `source` is where the file's stored bytes begin.
    pub(super) fn new(source: R, facts: &Facts) -> Self {
        let stored = source.take(facts.stored);
        Self {
            bytes: match facts.is_deflated {
                true => Bytes::Deflated(DeflateDecoder::new(stored)),
                false => Bytes::Stored(stored),
            },
            left: facts.size,
            checksum: facts.checksum,
            read: Crc::new(),
        }
    }
}

impl<R: BufRead> Read for Member<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(into)?,
            Bytes::Deflated(bytes) => bytes.read(into)?,
        };
        let damaged = |found| Err(io::Error::new(ErrorKind::InvalidData, found));
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return damaged("File is larger than its declared uncompressed size"),
        }
        self.read.update(&into[..read]);
        match read == 0 && !into.is_empty() && self.read.sum() != self.checksum {
            true => damaged("Invalid checksum"),
            false => Ok(read),
        }
    }
}
