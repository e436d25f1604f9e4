//! Where a dataset is, as given by `--data`.

use std::path::{Path, PathBuf};

use super::idx::{self, FourFiles};
use super::named::{Access, Entry, Fetching, entries, entry};
use super::synthetic::Synthetic;
use super::{Dataset, Memory, keras};
use crate::error::{Error, Result};

/// Where a dataset comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of files, or one dataset in a folder of several.
    Folder(PathBuf),
    /// An `.npz` archive.
    Archive(PathBuf),
    /// Verified files in the cache.
    Cached(CachedFiles),
    /// Not stored: it is generated.
    Synthetic(Synthetic),
}

/// The files of a dataset with a well-known name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedFiles(FourFiles);

impl Place {
    /// The place that a name or a path refers to. A named dataset is downloaded
    /// if it is not in the cache.
    ///
    /// # Errors
    /// When a name is not understood or its dataset cannot be fetched. A path
    /// is checked only when the dataset is opened.
    pub fn named(named: &Path, access: &Access, watch: &dyn Fn(Fetching<'_>)) -> Result<Self> {
        let name = named.to_str().unwrap_or_default();
        if let Some(digits) = Synthetic::parse(name) {
            return digits.map(Self::Synthetic);
        }
        if let Some(entry) = entry(name) {
            return Self::cached(entry, access, watch);
        }
        // Report a misspelt name instead of treating it as a path.
        let is_a_name = named.components().count() == 1 && !name.contains('.');
        if is_a_name && !named.exists() {
            return Err(Error::UnknownDataset {
                name: named.to_owned(),
                known: entries().iter().map(|entry| entry.name).collect(),
            });
        }
        Ok(match keras::is_archive(named) {
            true => Self::Archive(named.to_owned()),
            false => Self::Folder(named.to_owned()),
        })
    }

    /// A named dataset, from the cache or a mirror.
    pub(super) fn cached(
        entry: &Entry,
        access: &Access,
        watch: &dyn Fn(Fetching<'_>),
    ) -> Result<Self> {
        let files = entry.find(access, watch)?;
        Ok(Self::Cached(CachedFiles(files)))
    }

    /// The four files, if the dataset consists of IDX files.
    pub(super) fn files(&self) -> Result<Option<FourFiles>> {
        match self {
            Self::Folder(folder) => Ok(Some(idx::find(folder)?)),
            Self::Cached(CachedFiles(files)) => Ok(Some(files.clone())),
            Self::Archive(_) | Self::Synthetic(_) => Ok(None),
        }
    }

    /// Reads or generates the dataset.
    ///
    /// # Errors
    /// As [`Dataset::from_folder`], [`Dataset::from_npz`] and [`Dataset::synthetic`].
    pub fn open(&self, memory: Memory) -> Result<Dataset> {
        match self {
            Self::Folder(folder) => Dataset::from_folder_within(folder, memory),
            Self::Archive(archive) => Dataset::from_npz(archive),
            Self::Cached(CachedFiles(files)) => files.read(memory),
            Self::Synthetic(digits) => Dataset::synthetic(*digits, memory),
        }
    }
}
