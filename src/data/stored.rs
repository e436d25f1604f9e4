//! Opens a file as it is stored: regular files alone, decompressed where their
//! first bytes, whatever their name, say that they are gzipped.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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

/// Files that were opened.
static OPENED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Whether a file is one that this run has read, and may read again: results
/// must not take its place.
pub(crate) fn is_in_use(path: &Path) -> bool {
    let is_same = |opened: &PathBuf| opened.canonicalize().is_ok_and(|opened| opened == path);
    let opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.iter().any(is_same)
}

/// What is in a file, and its length where it is not compressed.
pub(crate) struct Stored {
    pub content: Box<dyn Read + Send>,
    pub plain_length: Option<u64>,
}

/// Opens a file.
pub(crate) fn open(path: &Path) -> Result<Stored> {
    let failed = |error: io::Error| unreadable(path, &error);
    let mut file = raw(path)?;
    let length = file.metadata().map_err(failed)?.len();
    let start = first_two(&mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(match start == GZIP_MAGIC {
        true => decompressed(file),
        false => Stored {
            content: Box::new(file),
            plain_length: Some(length),
        },
    })
}

/// The length of a file as it is stored.
pub(crate) fn length(path: &Path) -> Result<u64> {
    let metadata = raw(path)?.metadata();
    Ok(metadata.map_err(|error| unreadable(path, &error))?.len())
}

/// A regular file, as it is.
pub(crate) fn raw(path: &Path) -> Result<File> {
    let failed = |error: io::Error| unreadable(path, &error);
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
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if !opened.contains(path) {
        opened.insert(path.to_owned());
    }
    drop(opened);
    File::open(path).map_err(failed)
}

/// As [`open`], of what comes from anywhere.
pub(crate) fn from_reader(mut source: impl Read + Send + 'static) -> io::Result<Stored> {
    let start = first_two(&mut source)?;
    let is_gzipped = start == GZIP_MAGIC;
    let whole = io::Cursor::new(start).chain(source);
    Ok(match is_gzipped {
        true => decompressed(whole),
        false => Stored {
            content: Box::new(whole),
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
    let unwritable = |source| Error::Write {
        path: plain.to_owned(),
        source,
    };
    let mut file = File::create(plain).map_err(unwritable)?;
    io::copy(&mut open(path)?.content, &mut file).map_err(unwritable)?;
    Ok(())
}

fn first_two(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(2).read_to_end(&mut start)?;
    Ok(start)
}

fn decompressed(source: impl Read + Send + 'static) -> Stored {
    // All members: what `cat a.gz b.gz` makes is one file, as for gzip itself.
    let members = MultiGzDecoder::new(BufReader::with_capacity(1 << 18, source));
    Stored {
        content: Box::new(members),
        plain_length: None,
    }
}

/// An operating system's or decompressor's error as ours.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Error {
    use io::ErrorKind::{InvalidData, InvalidInput, NotFound, PermissionDenied, UnexpectedEof};
    let (found, expected, advice) = match error.kind() {
        UnexpectedEof => (
            "gzip data that ends early".into(),
            "a complete gzip file",
            FETCH_AGAIN,
        ),
        InvalidData | InvalidInput => (
            format!("damaged gzip data ({error})"),
            "a complete gzip file",
            FETCH_AGAIN,
        ),
        NotFound => ("nothing".into(), "a file", "check the path"),
        PermissionDenied => (
            "a file that may not be read".into(),
            "a readable file",
            "change its permissions",
        ),
        _ => (
            format!("an error while reading ({error})"),
            "a readable file",
            "check the path",
        ),
    };
    Error::bad_file(path, found, expected, advice)
}
