//! Where a dataset is: what `--data` names.

use std::path::{Path, PathBuf};

use super::idx::{self, FourFiles};
use super::named::{Access, Entry, Fetching, entries, entry};
use super::synthetic::Synthetic;
use super::{Dataset, Memory, keras};
use crate::error::{Error, Result};

/// Where a dataset comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of files, or one dataset of several in it.
    Folder(PathBuf),
    /// An `.npz` archive.
    Archive(PathBuf),
    /// Files in the cache, complete and right.
    Cached(CachedFiles),
    /// Nowhere: it is drawn.
    Synthetic(Synthetic),
}

/// The files of a dataset that is known by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedFiles(FourFiles);

impl Place {
    /// The place that a name or a path means; what is published under a name
    /// is fetched where it is not in the cache.
    ///
    /// # Errors
    /// When a name is not understood or cannot be fetched. Whether there is a
    /// dataset at a path shows when it is opened.
    pub fn named(named: &Path, access: &Access, watch: &dyn Fn(Fetching<'_>)) -> Result<Self> {
        let name = named.to_str().unwrap_or_default();
        if let Some(digits) = Synthetic::parse(name) {
            return digits.map(Self::Synthetic);
        }
        if let Some(entry) = entry(name) {
            return Self::cached(entry, access, watch);
        }
        // A misspelt name is no path.
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

    /// What is published under a name, from the cache or a mirror.
    pub(super) fn cached(
        entry: &Entry,
        access: &Access,
        watch: &dyn Fn(Fetching<'_>),
    ) -> Result<Self> {
        let files = entry.find(access, watch)?;
        Ok(Self::Cached(CachedFiles(files)))
    }

    /// The four files, where it has such.
    pub(super) fn files(&self) -> Result<Option<FourFiles>> {
        match self {
            Self::Folder(folder) => Ok(Some(idx::find(folder)?)),
            Self::Cached(CachedFiles(files)) => Ok(Some(files.clone())),
            Self::Archive(_) | Self::Synthetic(_) => Ok(None),
        }
    }

    /// Reads or draws the dataset.
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
