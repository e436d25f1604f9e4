//! The content of files: of regular files alone, decompressed where their first
//! bytes, whatever their name, say that they are gzipped.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Result};

/// How gzipped data starts.
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What to do about a file that is damaged.
pub(crate) const FETCH_AGAIN: &str = "fetch the file again";

/// Bytes of compressed content that may be in memory at once before it has
/// been seen, where so many are stored: those of MNIST, and of more what a file
/// of pictures compresses to.
pub(crate) fn inflated(stored: u64) -> u64 {
    stored.saturating_mul(2).saturating_add(28 << 20)
}

/// What is in a file, and its length where it is not compressed.
pub(crate) struct Content {
    pub bytes: Box<dyn Read + Send>,
    pub plain_length: Option<u64>,
}

/// Opens a file.
pub(crate) fn open(path: &Path) -> Result<Content> {
    let failed = Error::unreadable(path);
    let mut file = raw(path)?;
    let length = file.metadata().map_err(failed)?.len();
    let start = first_two(&mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(match start == GZIP_MAGIC {
        true => decompressed(file),
        false => Content {
            bytes: Box::new(file),
            plain_length: Some(length),
        },
    })
}

/// The length of a file as it is stored.
pub(crate) fn length(path: &Path) -> Result<u64> {
    let metadata = raw(path)?.metadata();
    Ok(metadata.map_err(Error::unreadable(path))?.len())
}

/// A regular file, as it is.
pub(crate) fn raw(path: &Path) -> Result<File> {
    let failed = Error::unreadable(path);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    // A pipe or a device would wait or never end.
    if !metadata.is_file() {
        let found = if metadata.is_dir() {
            "a folder"
        } else {
            "a pipe or device"
        };
        return Err(Error::bad_file(
            path,
            found,
            "a regular file",
            "name a file",
        ));
    }
    File::open(path).map_err(failed)
}

/// As [`open`], of what comes from anywhere.
pub(crate) fn from_reader(mut source: impl Read + Send + 'static) -> io::Result<Content> {
    let start = first_two(&mut source)?;
    let is_gzipped = start == GZIP_MAGIC;
    let whole = io::Cursor::new(start).chain(source);
    Ok(match is_gzipped {
        true => decompressed(whole),
        false => Content {
            bytes: Box::new(whole),
            plain_length: None,
        },
    })
}

/// Whether a file's content is gzipped, whatever its name.
pub(crate) fn is_gzipped(path: &Path) -> Result<bool> {
    Ok(open(path)?.plain_length.is_none())
}

/// Writes a file's content, decompressed where it is gzipped, to `plain`.
pub(crate) fn decompress(path: &Path, plain: &Path) -> Result<()> {
    let unwritable = Error::unwritable(plain);
    let mut file = File::create(plain).map_err(unwritable)?;
    io::copy(&mut open(path)?.bytes, &mut file).map_err(unwritable)?;
    Ok(())
}

fn first_two(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(2).read_to_end(&mut start)?;
    Ok(start)
}

fn decompressed(source: impl Read + Send + 'static) -> Content {
    // All members: what `cat a.gz b.gz` makes is one file, as for gzip itself.
    let members = MultiGzDecoder::new(BufReader::with_capacity(1 << 18, source));
    Content {
        bytes: Box::new(members),
        plain_length: None,
    }
}
