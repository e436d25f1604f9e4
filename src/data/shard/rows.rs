//! Which rows of a larger source samples are.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use twox_hash::XxHash3_128;

use crate::error::{Error, Result};

/// Bytes at each end of a file by which it is known.
const END: u64 = 1 << 20;

/// Some rows of a source, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rows {
    /// The first of them.
    pub first: u64,
    /// The first behind them.
    pub end: u64,
    /// The source.
    pub origin: Origin,
}

/// Files by what is cheap to know of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Their bytes.
    pub length: u64,
    /// The XXH3-128 of the first and the last MiB of each; of all of one that is shorter.
    pub digest: u128,
}

impl Origin {
    /// What is known of files, in their order.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of_files(files: &[PathBuf]) -> Result<Self> {
        let (mut length, mut hash) = (0, XxHash3_128::with_seed(0));
        let mut bytes = Vec::new();
        for path in files {
            let unreadable = Error::unreadable(path);
            let ends = |bytes: &mut Vec<u8>| -> std::io::Result<u64> {
                let mut file = File::open(path)?;
                let length = file.metadata()?.len();
                bytes.clear();
                (&mut file).take(END).read_to_end(bytes)?;
                if length > END {
                    file.seek(SeekFrom::Start(length - END))?;
                    file.take(END).read_to_end(bytes)?;
                }
                Ok(length)
            };
            length += ends(&mut bytes).map_err(unreadable)?;
            hash.write(&bytes);
        }
        let digest = hash.finish_128();
        Ok(Self { length, digest })
    }

    /// What is known of samples that are made anew from a description.
    pub fn of_description(description: &str) -> Self {
        Self {
            length: description.len() as u64,
            digest: XxHash3_128::oneshot(description.as_bytes()),
        }
    }
}
