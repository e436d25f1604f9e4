//! SHA-256 of files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::data::hexadecimal::hexadecimal;
use crate::error::{Error, Result};

/// The SHA-256 of a file in hexadecimal.
pub(super) fn sha256(path: &Path) -> Result<String> {
    let sum = || of(File::open(path)?);
    Ok(sum().map_err(Error::unreadable(path))?.0)
}

/// The SHA-256 and the length of everything that a reader returns.
pub(super) fn of(mut source: impl Read) -> io::Result<(String, u64)> {
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = match source.read(&mut buffer) {
            Ok(0) => return Ok((hexadecimal(&hash.finalize()), bytes)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
}
