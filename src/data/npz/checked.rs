//! Archives that carry a checksum of their arrays, so that damage and changes are noticed
//! which CRC-32 of single files does not tell, such as arrays of two archives in one.
//!
//! The last array, `checksum`, is a text: the 32 digits of the XXH3-128 (Collet, xxHash) of
//! all files before it, in order: the length of the name, the name, the bytes, and how many
//! these are. Lengths have 64 bits, the lowest byte first.

use std::io::{self, Read, Seek};

use twox_hash::XxHash3_128;

use super::archive::{Archive, NPY, WRITE_AGAIN, broken, limit};
use crate::error::{Error, Result};

/// The array that names the format of a file: its first.
pub(crate) const FORMAT: &str = "format";

/// The array that holds the checksum.
pub(super) const CHECKSUM: &str = "checksum";

/// Bytes that are read at a time.
const BLOCK: usize = 64 << 10;

/// The checksum of the files so far.
#[derive(Clone)]
pub(super) struct Checksum(XxHash3_128);

impl Checksum {
    pub(super) fn new() -> Self {
        Self(XxHash3_128::with_seed(0))
    }

    /// Adds a file; how many bytes it has.
    pub(super) fn add(&mut self, name: &str, mut content: impl Read) -> io::Result<u64> {
        self.0.write(&(name.len() as u64).to_le_bytes());
        self.0.write(name.as_bytes());
        let (mut block, mut length) = (vec![0; BLOCK], 0);
        loop {
            let read = match content.read(&mut block) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.0.write(&block[..read]);
            length += read as u64;
        }
        self.0.write(&length.to_le_bytes());
        Ok(length)
    }

    pub(super) fn digits(&self) -> String {
        format!("{:032x}", self.0.finish_128())
    }
}

impl<R: Read + Seek> Archive<'_, R> {
    /// Whether it says what format it has, or has a checksum.
    pub(crate) fn has_format(&self) -> bool {
        self.has(FORMAT) || self.has(CHECKSUM)
    }

    /// Checks that a file is as it was written, and of this format.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn check_format(&mut self, name: &str) -> Result<()> {
        self.check()?;
        match self.text(FORMAT)? {
            Some(found) if found == name => Ok(()),
            found => {
                let found = format!("the format {:?}", found.unwrap_or_default());
                let advice = "read it with the version of ncm that wrote it";
                Err(Error::bad_file(
                    self.path(),
                    found,
                    format!("{name:?}"),
                    advice,
                ))
            }
        }
    }

    /// Checks that the last file is the checksum of those before it.
    ///
    /// # Errors
    /// When it is not there, or is that of other files.
    fn check(&mut self) -> Result<()> {
        let path = self.path();
        let own = format!("{CHECKSUM}{NPY}");
        let refuse = |found: &str| {
            let expected = "the files that were written, with their checksum behind them";
            Err(Error::bad_file(path, found, expected, WRITE_AGAIN))
        };
        let mut files = self.files();
        if files.pop() != Some(own) {
            return refuse("no checksum at the end");
        }
        let mut sum = Checksum::new();
        for name in files {
            if let Some(content) = self.small(&name)? {
                // Reading from memory does not fail.
                let _ = sum.add(&name, content);
                continue;
            }
            let file = self.entry(&name)?;
            let limit = limit(file.compressed_size());
            let added = sum.add(&name, file.take(limit.saturating_add(1)));
            let length = added.map_err(|error| broken(path, &format!("{name}: {error}")))?;
            if length > limit {
                return refuse(&format!("more than {limit} bytes in {name}"));
            }
        }
        let header = self.header(CHECKSUM)?;
        if header.bytes() != Some(4 * 32) {
            return refuse(&format!("{header} in {CHECKSUM}"));
        }
        let values = self.values(CHECKSUM, &header)?;
        let letters = header.numbers(&values).map(|code| u32::try_from(code).ok());
        let found: Option<String> = letters.map(|code| char::from_u32(code?)).collect();
        // A fuzzer would not come past it.
        match found == Some(sum.digits()) || cfg!(fuzzing) {
            true => Ok(()),
            false => refuse("another checksum than that of its arrays: it is damaged or changed"),
        }
    }
}
