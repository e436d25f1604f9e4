//! Datasets by name: downloaded once, kept in a cache and verified on every use.

mod access;
mod archive;
mod cache;
mod catalog;
mod download;

use std::path::PathBuf;

use super::idx::{Family, Files, FourFiles};
use crate::error::{Error, Result};

pub use access::{Access, Patience};
pub(super) use catalog::recognise;
pub use catalog::{Contents, Entry, Published, entries, entry};
pub use download::Fetching;

/// Whether a dataset is in the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cached {
    /// Every file exists with the expected length, or has been unpacked.
    Whole,
    /// Some file is missing or has another length.
    No,
}

impl Entry {
    /// The cache folder of this dataset.
    ///
    /// # Errors
    /// As [`Access::cache`].
    pub fn folder(&self, access: &Access) -> Result<PathBuf> {
        Ok(access.cache()?.join(self.cached_under))
    }

    /// Whether the dataset's files are in the cache. Checks their lengths, not
    /// their checksums.
    ///
    /// # Errors
    /// As [`Access::cache`].
    pub fn cached(&self, access: &Access) -> Result<Cached> {
        let folder = self.folder(access)?;
        let mut published = self.contents.published().iter();
        let is_there = published.all(|file| cache::has_length(&folder, file))
            || archive::is_unpacked(&folder, self.name);
        Ok(if is_there { Cached::Whole } else { Cached::No })
    }

    /// Verifies the checksums of the dataset's files in the cache and downloads
    /// those that are missing or damaged.
    ///
    /// # Errors
    /// When a file is missing and `access` is offline or no mirror has it, or
    /// when the cache cannot be written.
    pub fn fetch(&self, access: &Access, watch: &dyn Fn(Fetching<'_>)) -> Result<Vec<PathBuf>> {
        let folder = self.folder(access)?;
        let complete = |files| cache::complete(self, &folder, files, access, watch);
        match &self.contents {
            Contents::Files(files) => complete(files),
            Contents::Archive(archive) => match archive::unpacked(&folder, self.name) {
                Some(files) => Ok(files),
                None => archive::unpack(&complete(archive)?[0], &folder, self.name, watch),
            },
        }
    }

    /// As [`fetch`](Self::fetch), but returns the files ready to be read.
    pub(super) fn find(&self, access: &Access, watch: &dyn Fn(Fetching<'_>)) -> Result<FourFiles> {
        let files = self.fetch(access, watch)?;
        let [train_images, train_labels, test_images, test_labels] =
            <[PathBuf; 4]>::try_from(files)
                .map_err(|files| Error::Invalid(format!("{} files, not four", files.len())))?;
        let layout = Family::of(self.name).layout;
        Ok(FourFiles {
            name: self.name.to_owned(),
            source: self.folder(access)?,
            train: Files {
                images: train_images,
                labels: train_labels,
                layout,
            },
            test: Files {
                images: test_images,
                labels: test_labels,
                layout,
            },
            notes: Vec::new(),
        })
    }
}
