//! Arrays in `.npy` files of one folder.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::roles::understand;
use super::{Arrays, Headers};
use crate::data::content::{self, inflated};
use crate::data::listing::Listing;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// How the names of such files end.
const END: &str = ".npy";

/// Advice for errors about such a file.
const SAVE_AGAIN: &str = "save it again with numpy.save";

/// The arrays of a folder.
pub(in crate::data) struct NpyFiles {
    folder: PathBuf,
    names: Vec<String>,
}

impl NpyFiles {
    /// The `.npy` files of a folder, if their names tell of images and labels.
    pub(in crate::data) fn of(folder: &Path, listing: &Listing) -> Option<Self> {
        let names = listing.names().iter();
        let names: Vec<String> = names
            .filter_map(|name| Some(name.strip_suffix(END)?.to_owned()))
            .collect();
        let are_known = names.iter().any(|name| understand(name).is_some());
        are_known.then(|| Self {
            folder: folder.to_owned(),
            names,
        })
    }

    /// The files, in the order of their names.
    pub(in crate::data) fn paths(&self) -> Vec<PathBuf> {
        self.names.iter().map(|name| self.file(name)).collect()
    }

    /// The files with descriptions of their headers for the user.
    /// Files of the folder that are no dataset's may have none.
    pub(in crate::data) fn headers(&self) -> Vec<(PathBuf, Option<String>)> {
        let header = |name: &String| Some(self.open(name).ok()?.0.to_string());
        let names = self.names.iter();
        names.map(|name| (self.file(name), header(name))).collect()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}{END}"))
    }

    /// Reads the header of a file, and what follows it.
    fn open(&self, name: &str) -> Result<(Header, Box<dyn Read + Send>)> {
        let path = self.file(name);
        let mut bytes = content::open(&path)?.bytes;
        let refuse = |found: &str| {
            let expected = "an array of numbers";
            Err(Error::bad_file(&path, found, expected, SAVE_AGAIN))
        };
        match Header::read(&mut bytes) {
            Ok(Some(header)) => Ok((header, bytes)),
            Ok(None) => refuse("a file that is no plain NumPy array"),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                refuse("a file that ends in its header")
            }
            Err(error) => Err(Error::unreadable(&path)(error)),
        }
    }
}

impl Headers for NpyFiles {
    fn path(&self) -> &Path {
        &self.folder
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    fn header(&mut self, name: &str) -> Result<Header> {
        Ok(self.open(name)?.0)
    }
}

impl Arrays for NpyFiles {
    fn values(&mut self, name: &str, header: &Header) -> Result<Vec<u8>> {
        let path = self.file(name);
        let refuse = |found: String| {
            let expected = format!("the values of {header}");
            Error::bad_file(&path, found, expected, SAVE_AGAIN)
        };
        let promised = header
            .bytes()
            .ok_or_else(|| refuse("too many to count".into()))?;
        // A header may lie: no more than the file can hold is reserved.
        let most = inflated(content::length(&path)?);
        let mut values = Vec::new();
        let reserved = usize::try_from(promised.min(most)).unwrap_or(0);
        let enough = values.try_reserve_exact(reserved.saturating_add(1));
        enough.map_err(|_| refuse("more than memory holds".into()))?;
        let (_, bytes) = self.open(name)?;
        let limit = promised.saturating_add(1).min(most.saturating_add(1));
        let read = bytes.take(limit).read_to_end(&mut values);
        read.map_err(Error::unreadable(&path))?;
        match values.len() as u64 {
            found if found == promised => Ok(values),
            found if found > most => Err(refuse(format!(
                "more than {most} bytes, which is not expected of a file this small"
            ))),
            found if found < promised => Err(refuse(format!("{found} bytes"))),
            _ => Err(refuse(format!("more than {promised} bytes"))),
        }
    }
}
