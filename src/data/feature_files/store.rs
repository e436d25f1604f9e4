//! Arrays that are read in blocks, wherever they are stored.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::safetensors::Safetensors;
use super::single::{Form, Single};
use crate::data::arrays::Headers;
use crate::data::content;
use crate::data::npz::{Archive, Header};
use crate::error::{Error, Result};

/// Bytes of an array in an archive that are not counted before they are read.
const BELIEVED: u64 = 1 << 20;

/// What an archive has, as named in messages.
pub(super) const ARRAYS: &str = "arrays of features and labels";

/// How a zip archive begins.
const ZIP: &[u8] = b"PK\x03\x04";

/// How the name of a file of tensors ends, which nothing at its beginning tells.
const SAFETENSORS: &str = "safetensors";

/// What is read, as named in messages.
const FORMATS: &str = ".npy, .npz, .safetensors, .fbin, .f16bin, .u8bin or .ibin";

/// Arrays whose bytes are read in blocks.
pub(super) trait Store: Headers {
    /// Where an array is, for messages.
    fn spot(&self, name: &str) -> Spot;
    /// The bytes of an array. There are as many as its header says, by the length
    /// of the file; of compressed ones, a few may turn out to be missing.
    fn body(&mut self, name: &str, header: &Header) -> Result<Box<dyn Read + '_>>;

    /// Whether an array is stored as it is, not compressed.
    fn is_plain(&mut self, _: &str) -> Result<bool> {
        Ok(true)
    }
}

/// Where an array is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub path: PathBuf,
    /// The name of the array, where its file may have others.
    pub array: Option<String>,
}

impl Spot {
    /// The array of a file that has no other.
    pub(super) fn file(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            array: None,
        }
    }

    /// An array of a file that may have others.
    pub(super) fn inside(path: &Path, array: &str) -> Self {
        Self {
            path: path.to_owned(),
            array: Some(array.to_owned()),
        }
    }

    /// An error about the array.
    pub(super) fn refuse(&self, found: &str, expected: &str, advice: impl Into<String>) -> Error {
        let found = match &self.array {
            Some(array) => format!("{found} in {array}"),
            None => found.to_owned(),
        };
        Error::bad_file(&self.path, found, expected, advice)
    }

    /// The array's name, or that of its file, for notes.
    pub(super) fn name(&self) -> String {
        match &self.array {
            Some(array) => array.clone(),
            None => {
                let name = self.path.file_name().unwrap_or(self.path.as_os_str());
                name.to_string_lossy().into_owned()
            }
        }
    }
}

impl<R: Read + Seek> Store for Archive<'_, R> {
    fn spot(&self, name: &str) -> Spot {
        Spot::inside(self.path(), name)
    }

    fn body(&mut self, name: &str, header: &Header) -> Result<Box<dyn Read + '_>> {
        let believed = |stored: u64| stored.saturating_mul(2).saturating_add(BELIEVED);
        Ok(Box::new(self.stream(name, header, believed)?))
    }

    fn is_plain(&mut self, name: &str) -> Result<bool> {
        self.is_stored(name)
    }
}

/// Whether a file or folder has arrays, by how it begins and is called; if it does
/// not, it may be a text.
pub(super) fn is_arrays(path: &Path) -> Result<bool> {
    if path.is_dir() {
        return Ok(true);
    }
    let mut start = Vec::new();
    let read = content::raw(path)?.take(8).read_to_end(&mut start);
    read.map_err(Error::unreadable(path))?;
    let is_packed = start.starts_with(&content::GZIP_MAGIC) || start.starts_with(ZIP);
    let end = ending(path);
    Ok(is_packed || end == SAFETENSORS || Form::of(&start, &end).is_some())
}

/// How a file's name ends, without the dot and in small letters.
pub(super) fn ending(path: &Path) -> String {
    let end = path.extension().unwrap_or_default();
    end.to_string_lossy().to_ascii_lowercase()
}

/// Opens a file or folder of arrays.
///
/// # Errors
/// When it is none of those that are read.
pub(super) fn open(path: &Path) -> Result<Box<dyn Store + '_>> {
    if path.is_dir() {
        return Ok(Box::new(Folder::of(path)?));
    }
    let mut file = content::raw(path)?;
    match Format::of(&mut file, path)? {
        Format::Archive => archive(file, path),
        Format::Tensors => Ok(Box::new(Safetensors::open(file, path)?)),
        Format::Single(form) => Ok(Box::new(Single::new(file, path, form))),
    }
}

fn archive(file: File, path: &Path) -> Result<Box<dyn Store + '_>> {
    let archive = Archive::open(BufReader::new(file), path, ARRAYS)?;
    let members = archive.members();
    match archive.names().is_empty() {
        false => Ok(Box::new(archive)),
        true if members.iter().any(|name| name.ends_with("data.pkl")) => {
            refuse(path, "a file of PyTorch", SAVE_TENSORS)
        }
        true => refuse(path, "an archive without arrays", SAVE_ARRAYS),
    }
}

/// What a file is that has arrays.
pub(super) enum Format {
    Archive,
    Tensors,
    Single(Form),
}

impl Format {
    /// By how a file begins and is called.
    ///
    /// # Errors
    /// When it is none of those that are read.
    pub(super) fn of(file: &mut File, path: &Path) -> Result<Self> {
        let unreadable = Error::unreadable(path);
        let mut start = Vec::new();
        let read = file.by_ref().take(8).read_to_end(&mut start);
        read.map_err(unreadable)?;
        file.rewind().map_err(unreadable)?;
        let end = ending(path);
        if start.starts_with(&content::GZIP_MAGIC) {
            return refuse(path, "a gzipped file", "decompress it with gunzip");
        }
        if start.starts_with(ZIP) {
            return Ok(Self::Archive);
        }
        if end == SAFETENSORS {
            return Ok(Self::Tensors);
        }
        if let Some(form) = Form::of(&start, &end) {
            return Ok(Self::Single(form));
        }
        match (&start[..], &*end) {
            ([], _) => refuse(path, "an empty file", "fetch the file again"),
            (b"\x89HDF\r\n\x1a\n", _) => refuse(path, "an HDF5 file", SAVE_ARRAYS),
            ([b'P', b'A', b'R', b'1', ..], _) => refuse(path, "a Parquet file", SAVE_ARRAYS),
            (_, "pt" | "pth") => refuse(path, "a file of PyTorch", SAVE_TENSORS),
            _ => refuse(path, "a file of another kind", SAVE_ARRAYS),
        }
    }
}

fn refuse<T>(path: &Path, found: &str, advice: &str) -> Result<T> {
    Err(Error::bad_file(path, found, FORMATS, advice))
}

const SAVE_TENSORS: &str =
    "load it with torch.load and save the tensors with safetensors.torch.save_file";
const SAVE_ARRAYS: &str = "load it in Python and save each array with numpy.save";
