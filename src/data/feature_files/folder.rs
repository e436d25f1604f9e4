//! A folder of files that hold one array each, or one label in each line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::single::{Form, body};
use super::store::{Spot, Store};
use crate::data::arrays::{Headers, Role, understand};
use crate::data::content;
use crate::data::listing::Listing;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// How the name of a file of labels ends that is no array.
const TEXT: &str = ".txt";

/// The arrays of a folder, each called as its file without the ending.
pub(super) struct Folder {
    path: PathBuf,
    /// The files by the names of their arrays.
    files: BTreeMap<String, String>,
}

impl Folder {
    /// Lists the files whose names end as those of arrays, and texts whose names
    /// are those of labels.
    ///
    /// # Errors
    /// When the folder cannot be read, or two files have one name but for its end.
    pub(super) fn of(path: &Path) -> Result<Self> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for file in Listing::of(path)?.names() {
            let Some((name, _)) = file.rsplit_once('.') else {
                continue;
            };
            let is_labels = understand(name).is_some_and(|(role, _)| role == Role::Labels);
            if Form::of_name(file).is_none() && !(is_labels && file.ends_with(TEXT)) {
                continue;
            }
            if let Some(other) = files.insert(name.to_owned(), file.clone()) {
                return Err(Error::bad_file(
                    path,
                    format!("{other} and {file}"),
                    "one of the two",
                    "name the files of features and of labels",
                ));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            files,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path
            .join(self.files.get(name).map_or(name, String::as_str))
    }

    fn opened(&self, name: &str) -> Result<(PathBuf, File, Form)> {
        let path = self.file(name);
        let form = path
            .to_str()
            .and_then(Form::of_name)
            .ok_or_else(|| Error::bad_file(&path, "a text", "an array", "name an array"))?;
        let file = content::raw(&path)?;
        Ok((path, file, form))
    }
}

impl Headers for Folder {
    fn path(&self) -> &Path {
        &self.path
    }

    fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    fn header(&mut self, name: &str) -> Result<Header> {
        let (path, mut file, form) = self.opened(name)?;
        form.header(&mut file, &path)
    }
}

impl Store for Folder {
    fn spot(&self, name: &str) -> Spot {
        Spot::file(&self.file(name))
    }

    fn body(&mut self, name: &str, _: &Header) -> Result<Box<dyn Read + '_>> {
        let (path, mut file, form) = self.opened(name)?;
        body(&mut file, &path, form)?;
        Ok(Box::new(file))
    }
}
