//! Labelled features in memory or in their file, by how much memory may be used.

use std::path::Path;
use std::sync::Arc;

use super::divided::{Divide, LabelledFeatures};
use super::files::FeatureFiles;
use super::joined::Loaded;
use super::matrix::Planned;
use super::store::Store;
use super::whole;
use crate::data::Memory;
use crate::error::Result;

/// One set of labelled features.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) enum FeatureSource {
    /// All rows are in memory.
    Memory(LabelledFeatures),
    /// The rows stay in their file.
    Files(FeatureFiles),
}

impl FeatureSource {
    /// Reads a set if it is to be in memory. Columns always are, since no part of them
    /// has whole rows.
    pub(super) fn load(
        store: &mut dyn Store,
        planned: &Arc<Planned>,
        labels: Vec<u16>,
        memory: Memory,
    ) -> Result<Loaded<Self>> {
        // Too many to be counted are refused where the file's length is known.
        let counted = planned.counted();
        let bytes = counted.map_or(usize::MAX, |(_, count)| count * size_of::<f32>());
        let stays = !planned.is_by_columns()
            && (bytes > memory.whole || memory.reread && store.is_plain(&planned.name)?);
        if stays {
            return Ok(Loaded {
                set: Self::Files(FeatureFiles::new(planned, labels)?),
                values: planned.value.name(),
                notes: planned.notes(None),
            });
        }
        let loaded = LabelledFeatures::load(store, planned, labels)?;
        Ok(Loaded {
            set: Self::Memory(loaded.set),
            values: loaded.values,
            notes: loaded.notes,
        })
    }
}

impl LabelledFeatures {
    /// Reads a set whole.
    pub(super) fn load(
        store: &mut dyn Store,
        planned: &Arc<Planned>,
        labels: Vec<u16>,
    ) -> Result<Loaded<Self>> {
        let read = whole::read(store, planned)?;
        let features = read.features;
        Ok(Loaded {
            set: Self { features, labels },
            values: read.values,
            notes: read.notes,
        })
    }
}

impl Divide for FeatureSource {
    fn divided(self, path: &Path) -> Result<(Self, Self)> {
        Ok(match self {
            Self::Memory(set) => {
                let (train, test) = set.divided(path)?;
                (Self::Memory(train), Self::Memory(test))
            }
            Self::Files(set) => {
                let (train, test) = set.divided(path)?;
                (Self::Files(train), Self::Files(test))
            }
        })
    }
}
