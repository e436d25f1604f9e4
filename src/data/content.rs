//! Reads regular files. Gzipped content is recognised by its first bytes, not
//! by the file's name, and decompressed.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use super::gzip::Members;
use crate::error::{Error, Result};

/// Magic number of gzip.
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Advice for errors about a damaged file.
pub(crate) const FETCH_AGAIN: &str = "fetch the file again";

/// Bytes that may be allocated for compressed content before it has been read,
/// given its stored size. This guards against decompression bombs. It suffices
/// for MNIST, and for larger files at the usual compression of images.
pub(crate) fn inflated(stored: u64) -> u64 {
    stored.saturating_mul(2).saturating_add(28 << 20)
}

/// A file's content, and its length if it is not compressed.
pub(crate) struct Content {
    pub bytes: Box<dyn Read + Send>,
    pub plain_length: Option<u64>,
    /// Another handle of a file that is not compressed, which moves the same place in it.
    pub place: Option<File>,
}

/// Passes over so many bytes; there may be fewer.
pub(crate) fn skip(bytes: &mut dyn Read, place: Option<&mut File>, count: u64) -> io::Result<()> {
    match place {
        // A file that is cut is found out by what is read behind.
        Some(file) => file.seek_relative(i64::try_from(count).map_err(io::Error::other)?),
        None => io::copy(&mut bytes.take(count), &mut io::sink()).map(|_| ()),
    }
}

/// Opens a file, decompressing it if it is gzipped.
pub(crate) fn open(path: &Path) -> Result<Content> {
    let failed = Error::unreadable(path);
    let mut file = raw(path)?;
    let length = file.metadata().map_err(failed)?.len();
    let start = first_two(&mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(match start == GZIP_MAGIC {
        true => decompressed(file),
        false => Content {
            place: Some(file.try_clone().map_err(failed)?),
            bytes: Box::new(file),
            plain_length: Some(length),
        },
    })
}

/// The length of a file as stored.
pub(crate) fn length(path: &Path) -> Result<u64> {
    let metadata = raw(path)?.metadata();
    Ok(metadata.map_err(Error::unreadable(path))?.len())
}

/// Opens a regular file without decompressing it.
pub(crate) fn raw(path: &Path) -> Result<File> {
    let failed = Error::unreadable(path);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    // Reading from a pipe or a device could block or never end.
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

/// As [`open`], but from any reader.
pub(crate) fn from_reader(mut source: impl Read + Send + 'static) -> io::Result<Content> {
    let start = first_two(&mut source)?;
    let is_gzipped = start == GZIP_MAGIC;
    let whole = io::Cursor::new(start).chain(source);
    Ok(match is_gzipped {
        true => decompressed(whole),
        false => Content {
            bytes: Box::new(whole),
            plain_length: None,
            place: None,
        },
    })
}

/// Whether a file's content is gzipped, whatever its name is.
pub(crate) fn is_gzipped(path: &Path) -> Result<bool> {
    Ok(open(path)?.plain_length.is_none())
}

/// Writes a file's content to `plain`, decompressed if it is gzipped.
pub(crate) fn decompress(path: &Path, plain: &Path) -> Result<()> {
    let unwritable = Error::unwritable(plain);
    let mut file = File::create(plain).map_err(unwritable)?;
    io::copy(&mut open(path)?.bytes, &mut file).map_err(unwritable)?;
    Ok(())
}

/// The first two bytes, or fewer where there are no more.
pub(super) fn first_two(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    source.take(2).read_to_end(&mut start)?;
    Ok(start)
}

fn decompressed(source: impl Read + Send + 'static) -> Content {
    let source = BufReader::with_capacity(1 << 18, source);
    Content {
        bytes: Box::new(Members::new(source)),
        plain_length: None,
        place: None,
    }
}
