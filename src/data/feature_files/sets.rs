//! Training and test features: from a folder or file that has both, or from files
//! that are named one by one.

use std::ffi::OsStr;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::labels::{self, Classes, Stored};
use super::matrix::{self, Planned};
use super::named;
use super::safetensors::Safetensors;
use super::store::{self, ARRAYS, Store};
use super::whole::{self, FileFeatures};
use crate::data::Features;
use crate::data::arrays::{Kind, Role, choose};
use crate::data::from_bytes::NO_PATH;
use crate::data::npz::Archive;
use crate::data::one_set::{OneSet, are_tests, divided_note};
use crate::error::{Error, Result};

/// Samples with one label each.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledFeatures {
    /// A row for each sample.
    pub features: Features,
    /// A class for each row, below [`FeatureSets::classes`].
    pub labels: Vec<u16>,
}

/// Training and test samples of the same number of values.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSets {
    /// The training samples.
    pub train: LabelledFeatures,
    /// The test samples; none where one set was found and not to be divided.
    pub test: Option<LabelledFeatures>,
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
        Self::of(&mut *store::open(path)?, path, one_set)
    }

    /// As [`open`](Self::open), from an `.npz` archive in any reader.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_npz(source: impl Read + Seek, one_set: OneSet) -> Result<Self> {
        let path = Path::new(NO_PATH);
        Self::of(&mut Archive::open(source, path, ARRAYS)?, path, one_set)
    }

    /// As [`open`](Self::open), from a `.safetensors` file in any reader.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_safetensors(source: impl Read + Seek, one_set: OneSet) -> Result<Self> {
        let path = Path::new(NO_PATH);
        Self::of(&mut Safetensors::open(source, path)?, path, one_set)
    }

    /// Reads arrays by their names; `path` is for messages.
    fn of(store: &mut dyn Store, path: &Path, one_set: OneSet) -> Result<Self> {
        let chosen = choose(store, Kind::Features)?;
        // All headers of features are checked before any values are read, and
        // labels are read and numbered before features, which take longer.
        let plan = |name: &String| matrix::plan(store, name);
        let planned = chosen
            .samples
            .iter()
            .map(plan)
            .collect::<Result<Vec<_>>>()?;
        same_dim(&planned)?;
        let pairs = chosen.labels.iter().zip(&planned);
        let read = |(name, planned): (&String, &Arc<Planned>)| array_or_lines(store, name, planned);
        let classes = labels::number(pairs.map(read).collect::<Result<_>>()?)?;
        let read = planned.iter().map(|planned| whole::read(store, planned));
        let sets = read.collect::<Result<_>>()?;
        let names = chosen.samples.iter().chain(&chosen.labels);
        let files = names.map(|name| store.spot(name).path).collect();
        made(sets, classes, chosen.notes, files, path, one_set)
    }

    /// Reads files that are named one by one. Without `test` the training files are
    /// one set, of which every sixth sample of each class is a test sample, or none.
    ///
    /// # Errors
    /// When a file has no such array or the arrays do not belong together.
    pub fn from_files(train: &SetFiles, test: Option<&SetFiles>, one_set: OneSet) -> Result<Self> {
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
        let classes = labels::number(labels)?;
        let (mut sets, mut files) = (Vec::new(), Vec::new());
        for (SetFiles { features, labels }, planned) in given.zip(&planned) {
            sets.push(whole::read(&mut *store::open(&features.path)?, planned)?);
            files.extend([features.path.clone(), labels.path.clone()]);
        }
        made(
            sets,
            classes,
            Vec::new(),
            files,
            &train.features.path,
            one_set,
        )
    }
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

/// Joins one set or two; `path` is for messages.
fn made(
    sets: Vec<FileFeatures>,
    classes: Classes,
    mut notes: Vec<String>,
    mut files: Vec<PathBuf>,
    path: &Path,
    one_set: OneSet,
) -> Result<FeatureSets> {
    let mut features = Vec::new();
    let mut values: Option<&'static str> = None;
    for read in sets {
        values = match values {
            Some(other) if other != read.values => Some("f32"),
            _ => Some(read.values),
        };
        notes.extend(read.notes);
        features.push(read.features);
    }
    notes.extend(classes.notes);
    let mut sets = features.into_iter().zip(classes.labels);
    let mut set = || {
        let (features, labels) = sets.next()?;
        Some(LabelledFeatures { features, labels })
    };
    let nothing = || Error::Invalid("no arrays were chosen".into());
    let (mut train, mut test) = (set().ok_or_else(nothing)?, set());
    if test.is_none() && one_set == OneSet::Divided {
        let (first, second) = divided(train, path)?;
        (train, test) = (first, Some(second));
        notes.push(divided_note());
    }
    files.sort_unstable();
    files.dedup();
    Ok(FeatureSets {
        train,
        test,
        classes: classes.classes,
        class_names: classes.names,
        values: values.unwrap_or("f32"),
        notes,
        files,
    })
}

/// Takes every sixth sample of each class for testing. The others move up in place,
/// so that no second copy of them is made.
fn divided(all: LabelledFeatures, path: &Path) -> Result<(LabelledFeatures, LabelledFeatures)> {
    let are_tests = are_tests(&all.labels, path)?;
    let dim = all.features.dim();
    let mut values = all.features.into_values();
    let tests = are_tests.iter().filter(|&&is_test| is_test).count();
    let mut test_values = Vec::new();
    let reserved = test_values.try_reserve_exact(tests * dim);
    reserved.map_err(|_| {
        let found = format!("{tests} samples to set apart");
        Error::bad_file(
            path,
            found,
            "what memory holds",
            "save test samples of their own",
        )
    })?;
    let mut labels = [Vec::new(), Vec::new()];
    let mut kept = 0;
    for (index, (&is_test, label)) in are_tests.iter().zip(all.labels).enumerate() {
        let row = index * dim..(index + 1) * dim;
        match is_test {
            true => test_values.extend_from_slice(&values[row]),
            false => {
                values.copy_within(row, kept);
                kept += dim;
            }
        }
        labels[usize::from(is_test)].push(label);
    }
    values.truncate(kept);
    let [train_labels, test_labels] = labels;
    let labelled = |values, labels| {
        let features = Features::new(dim, values)?;
        Ok::<_, Error>(LabelledFeatures { features, labels })
    };
    Ok((
        labelled(values, train_labels)?,
        labelled(test_values, test_labels)?,
    ))
}
