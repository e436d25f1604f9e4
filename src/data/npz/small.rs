//! Small files of an archive, each of them read once.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::archive::Archive;
use crate::error::Result;

/// Bytes of a file that is small.
const SMALL: u64 = 256 << 10;

/// Bytes of all small files that are kept.
const MOST: u64 = 8 << 20;

/// The small files that have been read, by their names.
#[derive(Default)]
pub(super) struct Small {
    contents: BTreeMap<String, Vec<u8>>,
    bytes: u64,
}

impl<R: Read + Seek> Archive<'_, R> {
    /// The content of a file, if it is small and whole.
    pub(super) fn small(&mut self, file: &str) -> Result<Option<&[u8]>> {
        if !self.small.contents.contains_key(file) {
            let left = MOST - self.small.bytes;
            let entry = self.entry(file)?;
            let size = entry.size();
            if size > SMALL.min(left) {
                return Ok(None);
            }
            let mut content = Vec::with_capacity(size as usize);
            let read = entry.take(size + 1).read_to_end(&mut content);
            // What is damaged is found, and told, by who reads so far.
            if !read.is_ok_and(|read| read as u64 == size) {
                return Ok(None);
            }
            self.small.bytes += size;
            self.small.contents.insert(file.to_owned(), content);
        }
        Ok(self.small.contents.get(file).map(Vec::as_slice))
    }
}
