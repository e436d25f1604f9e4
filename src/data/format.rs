//! Tells by a path what a dataset is stored as.

use std::path::{Path, PathBuf};

use super::arrays::{self, NpyFiles};
use super::csv::{self, CsvFiles};
use super::feature_files::{self, FeatureSets};
use super::idx::{self, Family, FourFiles};
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
    Archive(PathBuf, Option<Family>),
    /// `.npy` files.
    Npy(NpyFiles),
    /// Arrays of feature vectors, in a file or a folder.
    Features(PathBuf),
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
            Err(_) => match in_archive(path) {
                Some(found) => Ok(found),
                None => Self::idx(path),
            },
            Ok(_) => Self::idx(path),
        }
    }

    fn idx(path: &Path) -> Result<Self> {
        Ok(Self::Idx(Box::new(idx::find(path)?)))
    }

    fn of_file(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if feature_files::has_nothing_else(path) || feature_files::are_features(path) {
            return Ok(Self::Features(path.to_owned()));
        }
        if archive::is_archive(path) {
            return Ok(Self::Archive(path.to_owned(), None));
        }
        if idx::is_one_of_four(&name) {
            return Self::idx(path);
        }
        if csv::begins_with_label(path) {
            return Ok(Self::Csv(CsvFiles::one(path)));
        }
        let folder = path.parent().unwrap_or(path);
        if feature_files::is_matrix(path) && feature_files::are_features(folder) {
            return Ok(Self::Features(folder.to_owned()));
        }
        let listing = Listing::of(folder).unwrap_or_default();
        match NpyFiles::of(folder, &listing) {
            Some(files) if files.paths().contains(&path.to_owned()) => Ok(Self::Npy(files)),
            _ => Err(strangers::refuse(path)),
        }
    }

    fn of_folder(folder: &Path) -> Result<Self> {
        let mut inner = folder.to_owned();
        for _ in 0..=DEEPEST {
            if !idx::holding(&inner).is_empty() {
                return Self::idx(&inner);
            }
            let listing = Listing::of(&inner).unwrap_or_default();
            if let Some(found) = Self::other_than_idx(&inner, &listing) {
                return Ok(found);
            }
            match only_folder(&inner, &listing) {
                Some(only) => inner = only,
                None => break,
            }
        }
        Self::idx(folder)
    }

    /// What can be read comes before what will be refused.
    fn other_than_idx(folder: &Path, listing: &Listing) -> Option<Self> {
        if feature_files::are_features(folder) {
            return Some(Self::Features(folder.to_owned()));
        }
        if let Some(files) = NpyFiles::of(folder, listing) {
            return Some(Self::Npy(files));
        }
        let archive = only_archive(folder, listing);
        if let Some(archive) = archive
            .as_ref()
            .filter(|it| feature_files::are_features(it))
        {
            return Some(Self::Features(archive.clone()));
        }
        if let Some(archive) = archive.as_ref().filter(|it| archive::has_dataset(it)) {
            return Some(Self::Archive(archive.clone(), None));
        }
        let tables = CsvFiles::of(folder, listing);
        if let Some(tables) = tables.as_ref().filter(|it| it.are_labelled()) {
            return Some(Self::Csv(tables.clone()));
        }
        #[cfg(feature = "pictures")]
        if let Some(pictures) = PictureFolders::of(folder, listing) {
            return Some(Self::Pictures(pictures));
        }
        let archive = archive.map(|archive| Self::Archive(archive, None));
        archive.or_else(|| tables.map(Self::Csv))
    }

    /// Reads the dataset at `path`.
    pub(super) fn read(self, path: &Path, memory: Memory, one_set: OneSet) -> Result<Dataset> {
        let make = |samples: Samples, files| samples.into_dataset(path, files, one_set);
        match self {
            Self::Idx(files) => files.read(memory),
            Self::Archive(archive, named) => archive::read_file(&archive, named, one_set),
            Self::Npy(mut files) => make(arrays::read(&mut files)?, files.paths()),
            Self::Features(features) => {
                let sets = FeatureSets::open_within(&features, one_set, memory)?;
                let name = path.file_stem().unwrap_or(path.as_os_str());
                let (name, source) = (name.to_string_lossy().into(), path.display().to_string());
                Dataset::from_feature_sources(name, source, sets, memory)
            }
            Self::Csv(files) => make(files.read()?, files.paths()),
            #[cfg(feature = "pictures")]
            Self::Pictures(pictures) => make(pictures.read()?, pictures.paths()),
        }
    }
}

/// One of several datasets in an archive, named as in `ARCHIVE/DATASET`.
fn in_archive(path: &Path) -> Option<Format> {
    let family = Family::named(path.file_name()?.to_str()?)?;
    let archive = path.parent().filter(|it| archive::is_archive(it))?;
    Some(Format::Archive(archive.to_owned(), Some(family)))
}

/// The only entry of a folder, if that is a folder.
fn only_folder(folder: &Path, listing: &Listing) -> Option<PathBuf> {
    match listing.names() {
        [name] => Some(folder.join(name)).filter(|inner| inner.is_dir()),
        _ => None,
    }
}

/// The archive in a folder that has only one.
fn only_archive(folder: &Path, listing: &Listing) -> Option<PathBuf> {
    let files = listing.names().iter().map(|name| folder.join(name));
    let mut archives = files.filter(|file| archive::is_archive(file));
    let only = archives.next()?;
    archives.next().is_none().then_some(only)
}
