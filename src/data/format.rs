//! Tells by a path what a dataset is stored as.

use std::path::{Path, PathBuf};

use super::arrays::{self, NpyFiles};
use super::csv::{self, CsvFiles};
use super::idx::{self, FourFiles};
use super::listing::Listing;
use super::one_set::{OneSet, Samples};
#[cfg(feature = "pictures")]
use super::picture_folders::PictureFolders;
use super::{Dataset, Memory, archive, strangers};
use crate::error::Result;

/// Folders that are entered where a folder has nothing else.
const DEEPEST: usize = 3;

/// What a dataset is stored as.
pub(super) enum Format {
    /// Four IDX files.
    Idx(Box<FourFiles>),
    /// A zip archive of arrays or IDX files, and which of several datasets in it.
    Archive(PathBuf, Option<String>),
    /// `.npy` files.
    Npy(NpyFiles),
    /// Tables.
    Csv(CsvFiles),
    /// A folder of pictures for each class.
    #[cfg(feature = "pictures")]
    Pictures(PictureFolders),
}

impl Format {
    /// Looks at what is at a path.
    ///
    /// # Errors
    /// When it is nothing that is read.
    pub(super) fn of(path: &Path) -> Result<Self> {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => Self::of_folder(path),
            Ok(metadata) if metadata.is_file() => Self::of_file(path),
            Err(_) if path.parent().is_some_and(archive::is_archive) => {
                let named = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                let archive = path.parent().unwrap_or(path);
                Ok(Self::Archive(archive.to_owned(), named))
            }
            _ => Ok(Self::Idx(Box::new(idx::find(path)?))),
        }
    }

    fn of_file(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if archive::is_archive(path) {
            return Ok(Self::Archive(path.to_owned(), None));
        }
        if idx::is_one_of_four(&name) {
            return Ok(Self::Idx(Box::new(idx::find(path)?)));
        }
        if csv::begins_with_label(path) {
            return Ok(Self::Csv(CsvFiles::one(path)));
        }
        let folder = path.parent().unwrap_or(path);
        match NpyFiles::of(folder) {
            Some(files) if files.paths().contains(&path.to_owned()) => Ok(Self::Npy(files)),
            _ => Err(strangers::refuse(path)),
        }
    }

    fn of_folder(folder: &Path) -> Result<Self> {
        let mut inner = folder.to_owned();
        for _ in 0..DEEPEST {
            if !idx::holding(&inner).is_empty() {
                break;
            }
            if let Some(found) = Self::other_than_idx(&inner) {
                return Ok(found);
            }
            match only_folder(&inner) {
                Some(only) => inner = only,
                None => break,
            }
        }
        match idx::holding(&inner).is_empty() {
            true => Ok(Self::Idx(Box::new(idx::find(folder)?))),
            false => Ok(Self::Idx(Box::new(idx::find(&inner)?))),
        }
    }

    fn other_than_idx(folder: &Path) -> Option<Self> {
        if let Some(files) = NpyFiles::of(folder) {
            return Some(Self::Npy(files));
        }
        if let Some(archive) = only_archive(folder) {
            return Some(Self::Archive(archive, None));
        }
        if let Some(files) = CsvFiles::of(folder) {
            return Some(Self::Csv(files));
        }
        #[cfg(feature = "pictures")]
        if let Some(pictures) = PictureFolders::of(folder) {
            return Some(Self::Pictures(pictures));
        }
        None
    }

    /// The four files, if the dataset consists of IDX files.
    pub(super) fn four_files(self) -> Option<FourFiles> {
        match self {
            Self::Idx(files) => Some(*files),
            _ => None,
        }
    }

    /// Reads the dataset at `path`.
    pub(super) fn read(self, path: &Path, memory: Memory, one_set: OneSet) -> Result<Dataset> {
        let make = |samples: Samples, files| samples.into_dataset(path, files, one_set);
        match self {
            Self::Idx(files) => files.read(memory),
            Self::Archive(archive, dataset) => {
                archive::read_file(&archive, dataset.as_deref(), one_set)
            }
            Self::Npy(mut files) => make(arrays::read(&mut files)?, files.paths()),
            Self::Csv(files) => make(files.read()?, files.paths()),
            #[cfg(feature = "pictures")]
            Self::Pictures(pictures) => make(pictures.read()?, pictures.paths()),
        }
    }
}

/// The only entry of a folder, if that is a folder.
fn only_folder(folder: &Path) -> Option<PathBuf> {
    let listing = Listing::of(folder).ok()?;
    match listing.names() {
        [name] => Some(folder.join(name)).filter(|inner| inner.is_dir()),
        _ => None,
    }
}

/// The only archive in a folder without other files.
fn only_archive(folder: &Path) -> Option<PathBuf> {
    let listing = Listing::of(folder).ok()?;
    let files = listing.names().iter().map(|name| folder.join(name));
    let archives: Vec<PathBuf> = files.filter(|file| archive::is_archive(file)).collect();
    match &archives[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}
