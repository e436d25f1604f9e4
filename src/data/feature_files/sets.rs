//! Training and test features: from a folder or file that has both, or from files
//! that are named one by one.

use std::ffi::OsStr;
use std::io::{Read, Seek};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::divided::{Divide, LabelledFeatures};
use super::joined::{Beside, Loaded, joined};
use super::labels::{self, Stored};
use super::matrix::{self, Planned};
use super::named;
use super::safetensors::Safetensors;
use super::source::FeatureSource;
use super::store::{self, ARRAYS, Store};
use crate::data::Memory;
use crate::data::arrays::{Kind, Role, choose};
use crate::data::from_bytes::NO_PATH;
use crate::data::npz::Archive;
use crate::data::one_set::OneSet;
use crate::error::Result;

/// Training and test samples of the same number of values.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSets<Set = LabelledFeatures> {
    /// The training samples.
    pub train: Set,
    /// The test samples; none where one set was found and not to be divided.
    pub test: Option<Set>,
    /// Number of classes, the highest label and 1.
    pub classes: usize,
    /// The names of the classes; empty where they are known by numbers alone.
    pub class_names: Vec<String>,
    /// The type of the values as stored: `f16`, `bf16`, `f32` or `u8`, or `f32` where
    /// the sets differ.
    pub values: &'static str,
    /// What was interpreted or passed over, a line each.
    pub notes: Vec<String>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
}

/// An array in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayAt {
    /// The file.
    pub path: PathBuf,
    /// The name of the array, where the file has several that may be meant.
    pub array: Option<String>,
}

/// The files of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetFiles {
    /// Samples × values: `.npy`, `.npz`, `.safetensors`, `.fbin`, `.f16bin`, `.u8bin`.
    pub features: ArrayAt,
    /// A label for each sample: one of these, `.ibin`, or a text with one a line.
    pub labels: ArrayAt,
}

impl FeatureSets {
    /// Reads a folder, an `.npz` or a `.safetensors` whose arrays are called
    /// `train_features`, `train_labels`, `test_features` and `test_labels`, or in
    /// other usual ways, or `features` and `labels`, which are one set. Of one set,
    /// every sixth sample of each class is a test sample, or none.
    ///
    /// # Errors
    /// When there are no such arrays or they are not labelled features.
    pub fn open(path: &Path, one_set: OneSet) -> Result<Self> {
        named_arrays(
            &mut *store::open(path)?,
            path,
            one_set,
            LabelledFeatures::load,
        )
    }

    /// As [`open`](Self::open), from an `.npz` archive in any reader.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_npz(source: impl Read + Seek, one_set: OneSet) -> Result<Self> {
        let path = Path::new(NO_PATH);
        let mut archive = Archive::open(source, path, ARRAYS)?;
        named_arrays(&mut archive, path, one_set, LabelledFeatures::load)
    }

    /// As [`open`](Self::open), from a `.safetensors` file in any reader.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_safetensors(source: impl Read + Seek, one_set: OneSet) -> Result<Self> {
        let path = Path::new(NO_PATH);
        let mut tensors = Safetensors::open(source, path)?;
        named_arrays(&mut tensors, path, one_set, LabelledFeatures::load)
    }

    /// Reads files that are named one by one. Without `test` the training files are
    /// one set, of which every sixth sample of each class is a test sample, or none.
    ///
    /// # Errors
    /// When a file has no such array or the arrays do not belong together.
    pub fn from_files(train: &SetFiles, test: Option<&SetFiles>, one_set: OneSet) -> Result<Self> {
        named_files(train, test, one_set, LabelledFeatures::load)
    }
}

impl<Set> FeatureSets<Set> {
    /// The same with other sets.
    pub(in crate::data) fn map<Other>(self, of: impl Fn(Set) -> Other) -> FeatureSets<Other> {
        FeatureSets {
            train: of(self.train),
            test: self.test.map(of),
            classes: self.classes,
            class_names: self.class_names,
            values: self.values,
            notes: self.notes,
            files: self.files,
        }
    }
}

impl FeatureSets<FeatureSource> {
    /// As [`open`](FeatureSets::open), but a set that is larger than `memory` allows
    /// stays in its file; so does, where `memory` says so, any that is stored in rows
    /// and not compressed. Its values have not been looked at.
    pub(in crate::data) fn open_within(
        path: &Path,
        one_set: OneSet,
        memory: Memory,
    ) -> Result<Self> {
        let load = |store: &mut dyn Store, planned: &Arc<Planned>, labels| {
            FeatureSource::load(store, planned, labels, memory)
        };
        named_arrays(&mut *store::open(path)?, path, one_set, load)
    }

    /// As [`from_files`](FeatureSets::from_files), but sets may stay in their files as
    /// of [`open_within`](Self::open_within).
    pub(in crate::data) fn from_files_within(
        train: &SetFiles,
        test: Option<&SetFiles>,
        one_set: OneSet,
        memory: Memory,
    ) -> Result<Self> {
        let load = |store: &mut dyn Store, planned: &Arc<Planned>, labels| {
            FeatureSource::load(store, planned, labels, memory)
        };
        named_files(train, test, one_set, load)
    }
}

/// Reads arrays by their names; `path` is for messages.
fn named_arrays<S: Divide>(
    store: &mut dyn Store,
    path: &Path,
    one_set: OneSet,
    load: impl Fn(&mut dyn Store, &Arc<Planned>, Vec<u16>) -> Result<Loaded<S>>,
) -> Result<FeatureSets<S>> {
    let chosen = choose(store, Kind::Features)?;
    // All headers of features are checked before any values are read, and
    // labels are read and numbered before features, which take longer.
    let plan = |name: &String| matrix::plan(store, name);
    let planned = chosen.samples.iter().map(plan);
    let planned = planned.collect::<Result<Vec<_>>>()?;
    same_dim(&planned)?;
    let pairs = chosen.labels.iter().zip(&planned);
    let read = |(name, planned): (&String, &Arc<Planned>)| array_or_lines(store, name, planned);
    let mut classes = labels::number(pairs.map(read).collect::<Result<_>>()?)?;
    let mut loaded = Vec::new();
    for (planned, labels) in planned.iter().zip(mem::take(&mut classes.labels)) {
        loaded.push(load(store, planned, labels)?);
    }
    let names = chosen.samples.iter().chain(&chosen.labels);
    let beside = Beside {
        classes,
        notes: chosen.notes,
        files: names.map(|name| store.spot(name).path).collect(),
    };
    joined(loaded, beside, path, one_set)
}

/// Reads files that are named one by one.
fn named_files<S: Divide>(
    train: &SetFiles,
    test: Option<&SetFiles>,
    one_set: OneSet,
    load: impl Fn(&mut dyn Store, &Arc<Planned>, Vec<u16>) -> Result<Loaded<S>>,
) -> Result<FeatureSets<S>> {
    let given = [Some(train), test].into_iter().flatten();
    let mut planned = Vec::new();
    for SetFiles { features, .. } in given.clone() {
        let mut store = store::open(&features.path)?;
        let name = named(&mut *store, features.array.as_deref(), Role::Samples)?;
        planned.push(matrix::plan(&mut *store, &name)?);
    }
    same_dim(&planned)?;
    let mut labels = Vec::new();
    for (SetFiles { labels: at, .. }, planned) in given.clone().zip(&planned) {
        labels.push(labels_of(at, planned)?);
    }
    let mut classes = labels::number(labels)?;
    let (mut loaded, mut files) = (Vec::new(), Vec::new());
    let labels = mem::take(&mut classes.labels);
    for ((set, planned), labels) in given.zip(&planned).zip(labels) {
        let mut store = store::open(&set.features.path)?;
        loaded.push(load(&mut *store, planned, labels)?);
        files.extend([set.features.path.clone(), set.labels.path.clone()]);
    }
    let beside = Beside {
        classes,
        notes: Vec::new(),
        files,
    };
    joined(loaded, beside, &train.features.path, one_set)
}

/// Labels that are an array, or lines of a text.
fn array_or_lines(store: &mut dyn Store, name: &str, planned: &Planned) -> Result<Stored> {
    let spot = store.spot(name);
    match spot.path.extension() == Some(OsStr::new("txt")) {
        true => labels::read_lines(&spot.path, planned.rows),
        false => labels::read(store, name, planned.rows),
    }
}

/// Labels in a file that was named.
fn labels_of(at: &ArrayAt, planned: &Planned) -> Result<Stored> {
    if at.array.is_none() && !store::is_arrays(&at.path)? {
        return labels::read_lines(&at.path, planned.rows);
    }
    let mut store = store::open(&at.path)?;
    let name = named(&mut *store, at.array.as_deref(), Role::Labels)?;
    array_or_lines(&mut *store, &name, planned)
}

fn same_dim(planned: &[Arc<Planned>]) -> Result<()> {
    match planned {
        [train, test] if train.dim != test.dim => Err(test.spot.refuse(
            &format!("{} values in each sample", test.dim),
            &format!("{}, as the training samples have", train.dim),
            "save features of one network for both sets",
        )),
        _ => Ok(()),
    }
}
