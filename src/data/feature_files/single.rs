//! Files of one array: NumPy's `.npy`, and `.fbin` and its like, which begin with
//! the numbers of rows and of columns.

use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use super::store::{Spot, Store};
use crate::data::arrays::Headers;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// Endings of files that begin with two numbers of 32 bits, rows and columns, and
/// the types of their values.
const BINARY: [(&str, &str); 5] = [
    ("fbin", "<f4"),
    ("f16bin", "<f2"),
    ("u8bin", "|u1"),
    ("i8bin", "|i1"),
    ("ibin", "<i4"),
];

const SAVE_AGAIN: &str = "save it again with numpy.save";
const FETCH_AGAIN: &str = "fetch or write the file again";

/// How the only array of a file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Npy,
    /// Values of this type, after the numbers of rows and of columns.
    Binary(&'static str),
}

impl Form {
    /// By how a file begins, and how its name ends, without the dot and in small
    /// letters.
    pub(super) fn of(start: &[u8], end: &str) -> Option<Self> {
        let binary = BINARY.iter().find(|&&(ending, _)| ending == end);
        match binary {
            Some(&(_, descr)) => Some(Self::Binary(descr)),
            None if end == "npy" || start.starts_with(b"\x93NUMPY") => Some(Self::Npy),
            None => None,
        }
    }

    /// By the name of a file.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        Self::of(&[], &end.to_ascii_lowercase())
    }

    /// Reads the header; what follows in `source` are the values.
    pub(super) fn header(self, source: &mut impl Read, path: &Path) -> Result<Header> {
        match self {
            Self::Npy => npy(source, path),
            Self::Binary(descr) => {
                let mut sizes = [0; 8];
                let read = source.read_exact(&mut sizes);
                read.map_err(|error| match error.kind() {
                    ErrorKind::UnexpectedEof => Error::bad_file(
                        path,
                        "a file that ends in its header",
                        "8 bytes: the numbers of rows and of columns",
                        FETCH_AGAIN,
                    ),
                    _ => Error::unreadable(path)(error),
                })?;
                let [a, b, c, d, e, f, g, h] = sizes;
                let sizes = [[a, b, c, d], [e, f, g, h]];
                let shape = sizes.map(|size| u32::from_le_bytes(size).into());
                Ok(Header::new(descr, shape.to_vec()))
            }
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Npy => SAVE_AGAIN,
            Self::Binary(_) => FETCH_AGAIN,
        }
    }
}

fn npy(source: &mut impl Read, path: &Path) -> Result<Header> {
    let refuse = |found: &str| {
        let expected = "a plain array of NumPy";
        Error::bad_file(path, found, expected, SAVE_AGAIN)
    };
    match Header::read(source) {
        Ok(Some(header)) => Ok(header),
        Ok(None) => Err(refuse("something else, or an array of records")),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(refuse("a file that ends in its header"))
        }
        Err(error) => Err(Error::unreadable(path)(error)),
    }
}

/// Goes to the values of an array, whose header it reads again.
///
/// # Errors
/// When the file's length is not what the header says.
pub(super) fn body<R: Read + Seek>(source: &mut R, path: &Path, form: Form) -> Result<()> {
    let unreadable = Error::unreadable(path);
    let length = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    source.rewind().map_err(unreadable)?;
    let header = form.header(source, path)?;
    let start = source.stream_position().map_err(unreadable)?;
    let found = length.saturating_sub(start);
    let expected = match header.bytes() {
        Some(bytes) if bytes == found => return Ok(()),
        Some(bytes) => format!("{bytes} for {header}"),
        None => format!("the values of {header}"),
    };
    let found = format!("{found} bytes after the header");
    Err(Error::bad_file(path, found, expected, form.advice()))
}

/// A file of one array, which is called as the file without its ending.
pub(super) struct Single<'a, R> {
    source: R,
    path: &'a Path,
    form: Form,
}

impl<'a, R: Read + Seek> Single<'a, R> {
    /// Of any source; `path` is for messages.
    pub(super) fn new(source: R, path: &'a Path, form: Form) -> Self {
        Self { source, path, form }
    }
}

impl<R: Read + Seek> Headers for Single<'_, R> {
    fn path(&self) -> &Path {
        self.path
    }

    fn names(&self) -> Vec<String> {
        let name = self.path.file_stem().unwrap_or_default();
        vec![name.to_string_lossy().into_owned()]
    }

    fn header(&mut self, _: &str) -> Result<Header> {
        let rewound = self.source.rewind();
        rewound.map_err(Error::unreadable(self.path))?;
        self.form.header(&mut self.source, self.path)
    }
}

impl<R: Read + Seek> Store for Single<'_, R> {
    fn spot(&self, _: &str) -> Spot {
        Spot::file(self.path)
    }

    fn body(&mut self, _: &str, _: &Header) -> Result<Box<dyn Read + '_>> {
        body(&mut self.source, self.path, self.form)?;
        Ok(Box::new(&mut self.source))
    }
}
