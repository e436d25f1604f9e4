//! Reads the arrays of an archive and checks each against its declared length.

use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::path::Path;

use zip::CompressionMethod;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::member::{Facts, Member};
use super::npy::Header;
use super::small::Small;
use crate::data::content::inflated;
use crate::data::listing::is_hidden;
use crate::error::{Error, Result};

/// Bytes that an array may have whatever the archive's size.
const ALWAYS_FINE: u64 = 512 << 20;

/// Above that, an array may be at most this many times its compressed size.
/// This guards against zip bombs; images compress less.
const MOST_COMPRESSED: u64 = 20;

/// Bytes by which a member's length is judged.
const START: u64 = 16;

/// Advice for errors about a form of archive that is not read.
const SAVE_AGAIN: &str = "save it again with numpy.savez_compressed";

/// The same where it is no archive of arrays.
const PACK_AGAIN: &str = "pack it again, deflated and without a password";

/// How the names of arrays' files end.
pub(super) const NPY: &str = ".npy";

/// Advice for errors about a damaged archive.
pub(crate) const WRITE_AGAIN: &str = "write the archive again";

/// An open archive.
pub(crate) struct Archive<'a, R> {
    path: &'a Path,
    /// The expected arrays, as named in error messages.
    wanted: &'static str,
    zip: ZipArchive<R>,
    pub(super) small: Small,
}

impl<'a, R: Read + Seek> Archive<'a, R> {
    /// Opens an archive; `path` is only used in error messages.
    pub(crate) fn open(source: R, path: &'a Path, wanted: &'static str) -> Result<Self> {
        let zip = ZipArchive::new(source).map_err(|error| broken(path, &error.to_string()))?;
        let small = Small::default();
        Ok(Self {
            path,
            wanted,
            zip,
            small,
        })
    }

    /// The path for error messages.
    pub(crate) fn path(&self) -> &'a Path {
        self.path
    }

    /// The names of all arrays.
    pub(crate) fn names(&self) -> Vec<String> {
        let members = self.members();
        let arrays = members.iter();
        let arrays = arrays.filter_map(|name| Some(name.strip_suffix(NPY)?.to_owned()));
        arrays.collect()
    }

    /// The names of all files in the archive in the order of their bytes, hidden
    /// ones left out.
    pub(crate) fn members(&self) -> Vec<String> {
        let names = self.files().into_iter();
        // Some programs write every name from the folder itself, as `./name`.
        let hidden = |part: &str| part != "." && is_hidden(part);
        let mut members: Vec<String> = names
            .filter(|name| !name.ends_with('/') && !name.split('/').any(hidden))
            .collect();
        members.sort_unstable();
        members
    }

    /// The names of all files in the archive, in their order.
    pub(super) fn files(&self) -> Vec<String> {
        let names = self.zip.file_names();
        names
            .filter_map(|name| Some(name.ok()?.into_owned()))
            .collect()
    }

    /// The content of any file in the archive, of which `most` says by its first
    /// bytes how long it may be.
    pub(crate) fn member(&mut self, name: &str, most: impl Fn(&[u8]) -> u64) -> Result<Vec<u8>> {
        let path = self.path;
        let unreadable = |error: &dyn fmt::Display| broken(path, &format!("{name}: {error}"));
        let mut member = self.entry(name)?;
        let limit = limit(member.compressed_size());
        // Nothing is reserved by what a header promises.
        let mut bytes = Vec::new();
        let start = (&mut member).take(START).read_to_end(&mut bytes);
        start.map_err(|error| unreadable(&error))?;
        // A byte more than there may be, so that it is seen.
        let left = limit.min(most(&bytes)).saturating_sub(bytes.len() as u64) + 1;
        let rest = member.take(left).read_to_end(&mut bytes);
        rest.map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            let found = format!("more than {limit} bytes in {name}");
            let expected = format!("at most {limit}, as it is compressed");
            return Err(Error::bad_file(path, found, expected, PACK_AGAIN));
        }
        Ok(bytes)
    }

    /// Whether there is an array of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(&file(name)).is_some()
    }

    /// The header of an array.
    pub(crate) fn header(&mut self, name: &str) -> Result<Header> {
        let path = self.path;
        let refuse = |found: String| {
            let expected = format!("an array of numbers in {name}");
            Error::bad_file(path, found, expected, WRITE_AGAIN)
        };
        let read = match self.small(&file(name))? {
            Some(mut content) => Header::read(&mut content),
            None => Header::read(&mut self.entry(&file(name))?),
        };
        match read {
            Ok(Some(header)) => Ok(header),
            Ok(None) => Err(refuse(format!("{name}, which is no plain NumPy array"))),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(refuse(format!("{name}, which ends in its header")))
            }
            Err(error) => Err(broken(path, &format!("{name}: {error}"))),
        }
    }

    /// The bytes of an array; their number must match its header.
    pub(crate) fn values(&mut self, name: &str, header: &Header) -> Result<Vec<u8>> {
        let path = self.path;
        if let Some(mut body) = self.small(&file(name))? {
            let unreadable = |error: io::Error| broken(path, &format!("{name}: {error}"));
            Header::read(&mut body).map_err(unreadable)?;
            // Of so small a file it does not depend on the stored size how much is too much.
            let promised = limited(path, name, header, 0)?;
            check(path, name, header, body.len() as u64, promised)?;
            return Ok(body.to_vec());
        }
        let promised = self.promised(name, header, inflated)?;
        let too_large = || {
            let expected = "what memory holds";
            Error::bad_file(path, header.to_string(), expected, WRITE_AGAIN)
        };
        let size = usize::try_from(promised).map_err(|_| too_large())?;
        let mut bytes = Vec::new();
        bytes
            .try_reserve_exact(size.saturating_add(1))
            .map_err(|_| too_large())?;
        let mut body = self.body(name)?.take(promised + 1);
        let unreadable = |error: io::Error| broken(path, &format!("{name}: {error}"));
        body.read_to_end(&mut bytes).map_err(unreadable)?;
        check(path, name, header, bytes.len() as u64, promised)?;
        Ok(bytes)
    }

    /// The bytes of an array to read in blocks. Their number matches its header,
    /// unless there are fewer than `believed` says of its stored size: those are
    /// not counted beforehand.
    pub(crate) fn stream(
        &mut self,
        name: &str,
        header: &Header,
        believed: fn(u64) -> u64,
    ) -> Result<ZipFile<'_, R>> {
        self.promised(name, header, believed)?;
        self.body(name)
    }

    /// Whether an array is stored as it is.
    pub(crate) fn is_stored(&mut self, name: &str) -> Result<bool> {
        Ok(self.entry(&file(name))?.compression() == CompressionMethod::Stored)
    }

    /// As [`stream`](Self::stream), keeping what is read from. Bytes are not counted
    /// beforehand, so that nothing is to be reserved by their number.
    pub(crate) fn into_stream(mut self, name: &str, header: &Header) -> Result<Member<R>>
    where
        R: BufRead,
    {
        let path = self.path;
        let entry = self.entry(&file(name))?;
        let facts = Facts {
            is_deflated: entry.compression() == CompressionMethod::Deflated,
            stored: entry.compressed_size(),
            size: entry.size(),
            checksum: entry.crc32(),
        };
        let start = entry.data_start();
        drop(entry);
        limited(path, name, header, facts.stored)?;
        let start = start.ok_or_else(|| broken(path, &format!("{name}: nowhere")))?;
        let unreadable = |error: io::Error| broken(path, &format!("{name}: {error}"));
        let mut source = self.zip.into_inner();
        source.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        let mut member = Member::new(source, &facts);
        Header::read(&mut member).map_err(unreadable)?;
        Ok(member)
    }

    /// How many bytes an array has by its header. If there are more than `believed`
    /// says of its stored size, they were counted.
    fn promised(&mut self, name: &str, header: &Header, believed: fn(u64) -> u64) -> Result<u64> {
        let path = self.path;
        let stored = self.entry(&file(name))?.compressed_size();
        let promised = limited(path, name, header, stored)?;
        // Guards against zip bombs: read the data once before allocating what
        // the header claims.
        if promised > believed(stored) {
            let mut body = self.body(name)?.take(promised + 1);
            let unreadable = |error: io::Error| broken(path, &format!("{name}: {error}"));
            let found = io::copy(&mut body, &mut io::sink()).map_err(unreadable)?;
            check(path, name, header, found, promised)?;
        }
        Ok(promised)
    }

    /// What follows an array's header.
    fn body(&mut self, name: &str) -> Result<ZipFile<'_, R>> {
        let path = self.path;
        let mut entry = self.entry(&file(name))?;
        Header::read(&mut entry).map_err(|error| broken(path, &format!("{name}: {error}")))?;
        Ok(entry)
    }

    /// A file in the archive, which messages call by its array's name if it has one.
    pub(super) fn entry(&mut self, member: &str) -> Result<ZipFile<'_, R>> {
        let (name, again) = match member.strip_suffix(NPY) {
            Some(array) => (array, SAVE_AGAIN),
            None => (member, PACK_AGAIN),
        };
        let (path, wanted) = (self.path, self.wanted);
        let refuse = |found: String, expected: &str, advice: &str| {
            Error::bad_file(path, found, expected, advice)
        };
        let entry = self.zip.by_name(member).map_err(|error| match error {
            ZipError::FileNotFound => {
                refuse(format!("an archive without {name}"), wanted, WRITE_AGAIN)
            }
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => refuse(
                format!("{name} encrypted with a password"),
                "an archive without one",
                again,
            ),
            error => broken(path, &error.to_string()),
        })?;
        match entry.compression() {
            CompressionMethod::Stored | CompressionMethod::Deflated => Ok(entry),
            method => Err(refuse(
                format!("{name} compressed by {}", method_name(method)),
                "files that are stored or deflated, as NumPy writes them",
                again,
            )),
        }
    }
}

/// How many bytes an array has by its header, if so many stored ones may become as
/// many.
fn limited(path: &Path, name: &str, header: &Header, stored: u64) -> Result<u64> {
    let limit = limit(stored);
    let promised = header.bytes().filter(|&bytes| bytes <= limit);
    promised.ok_or_else(|| {
        let expected = format!("at most {limit} bytes in {name}");
        Error::bad_file(path, header.to_string(), expected, WRITE_AGAIN)
    })
}

/// Whether as many bytes were found as promised, or all that were looked for.
fn check(path: &Path, name: &str, header: &Header, found: u64, promised: u64) -> Result<()> {
    let found = match found {
        _ if found == promised => return Ok(()),
        less if less < promised => format!("{less} bytes in {name}"),
        _ => format!("more than {promised} bytes in {name}"),
    };
    let expected = format!("{promised} bytes for {header}");
    Err(Error::bad_file(path, found, expected, WRITE_AGAIN))
}

/// What a method of compression is called.
#[expect(
    deprecated,
    reason = "numbers are the only names of methods that are not compiled in"
)]
fn method_name(method: CompressionMethod) -> String {
    match method {
        CompressionMethod::Unsupported(12) => "bzip2".into(),
        CompressionMethod::Unsupported(14) => "LZMA".into(),
        CompressionMethod::Unsupported(93) => "Zstandard".into(),
        CompressionMethod::Unsupported(95) => "XZ".into(),
        other => format!("the method {other}"),
    }
}

/// The file of an array.
fn file(name: &str) -> String {
    format!("{name}{NPY}")
}

/// How many bytes may become of so many compressed ones.
pub(super) fn limit(stored: u64) -> u64 {
    ALWAYS_FINE.max(stored.saturating_mul(MOST_COMPRESSED))
}

pub(super) fn broken(path: &Path, error: &str) -> Error {
    let found = format!("a damaged archive ({error})");
    Error::bad_file(path, found, "a complete archive", WRITE_AGAIN)
}
