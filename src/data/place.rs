//! Where a dataset is, as given by `--data`.

use std::path::{Path, PathBuf};

use super::feature_files::{FeatureSets, SetFiles};
use super::format::Format;
use super::idx::FourFiles;
use super::named::{Access, Entry, Fetching, entries, entry};
use super::one_set::OneSet;
use super::synthetic::Synthetic;
use super::{Dataset, Memory, range};
use crate::error::{Error, Result};

/// Where a dataset comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file or folder, or one of several datasets in it.
    Path(PathBuf),
    /// Verified files in the cache.
    Cached(CachedFiles),
    /// Arrays of feature vectors and labels that were named one by one.
    Arrays {
        /// The training samples.
        train: SetFiles,
        /// The test samples, unless some of the others are to be those.
        test: Option<SetFiles>,
    },
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
        Ok(Self::Path(named.to_owned()))
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

    /// What the dataset is stored as, if it is not in the cache or generated.
    pub(super) fn format(&self) -> Result<Option<Format>> {
        Ok(match self {
            Self::Path(path) => Some(Format::of(path)?),
            Self::Cached(CachedFiles(files)) => Some(Format::Idx(Box::new(files.clone()))),
            Self::Arrays { .. } | Self::Synthetic(_) => None,
        })
    }

    /// Reads or generates the dataset. Of one set, every sixth sample of each
    /// class is a test sample.
    ///
    /// # Errors
    /// When it is nothing that is read, or turns out to be damaged.
    pub fn open(&self, memory: Memory) -> Result<Dataset> {
        self.open_as(memory, OneSet::Divided)
    }

    /// As [`open`](Self::open), with the choice of what to make of one set.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_as(&self, memory: Memory, one_set: OneSet) -> Result<Dataset> {
        let mut dataset = match self {
            Self::Path(path) => Format::of(path)?.read(path, memory, one_set)?,
            Self::Cached(CachedFiles(files)) => files.read(memory)?,
            Self::Arrays { train, test } => {
                let sets = FeatureSets::from_files_within(train, test.as_ref(), one_set, memory)?;
                let path = &train.features.path;
                let name = path.file_stem().unwrap_or(path.as_os_str());
                let (name, source) = (name.to_string_lossy().into(), path.display().to_string());
                Dataset::from_feature_sources(name, source, sets, memory)?
            }
            Self::Synthetic(digits) => return Dataset::synthetic(*digits, memory),
        };
        dataset.range_notes = range::notes(&dataset);
        dataset.notes.extend_from_slice(&dataset.range_notes);
        Ok(dataset)
    }
}
