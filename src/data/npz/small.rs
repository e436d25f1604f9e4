//! Small files of an archive, each of them read once.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::archive::{Archive, broken};
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
    /// The content of a file, if it is small and as long as the archive says.
    pub(super) fn small(&mut self, file: &str) -> Result<Option<&[u8]>> {
        if !self.small.contents.contains_key(file) {
            let (path, left) = (self.path(), MOST - self.small.bytes);
            let entry = self.entry(file)?;
            let size = entry.size();
            if size > SMALL.min(left) {
                return Ok(None);
            }
            let mut content = Vec::with_capacity(size as usize);
            let read = entry.take(size + 1).read_to_end(&mut content);
            let name = file.trim_end_matches(".npy");
            read.map_err(|error| broken(path, &format!("{name}: {error}")))?;
            if content.len() as u64 != size {
                return Ok(None);
            }
            self.small.bytes += size;
            self.small.contents.insert(file.to_owned(), content);
        }
        Ok(self.small.contents.get(file).map(Vec::as_slice))
    }
}
