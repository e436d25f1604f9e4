//! Joins one set or two with their classes.

use std::path::{Path, PathBuf};

use super::divided::Divide;
use super::labels::Classes;
use super::sets::FeatureSets;
use crate::data::one_set::{OneSet, divided_note};
use crate::error::{Error, Result};

/// A set with what is said of it.
pub(super) struct Loaded<S> {
    pub set: S,
    pub values: &'static str,
    pub notes: Vec<String>,
}

/// What is known beside the sets.
pub(super) struct Beside {
    /// The classes, without the labels, which are the sets'.
    pub classes: Classes,
    pub notes: Vec<String>,
    pub files: Vec<PathBuf>,
}

/// Joins one set or two; `path` is for messages.
pub(super) fn joined<S: Divide>(
    loaded: Vec<Loaded<S>>,
    beside: Beside,
    path: &Path,
    one_set: OneSet,
) -> Result<FeatureSets<S>> {
    let Beside {
        classes,
        mut notes,
        mut files,
    } = beside;
    let mut sets = Vec::new();
    let mut values: Option<&'static str> = None;
    for loaded in loaded {
        values = match values {
            Some(other) if other != loaded.values => Some("f32"),
            _ => Some(loaded.values),
        };
        notes.extend(loaded.notes);
        sets.push(loaded.set);
    }
    notes.extend(classes.notes);
    let mut sets = sets.into_iter();
    let nothing = || Error::Invalid("no arrays were chosen".into());
    let (mut train, mut test) = (sets.next().ok_or_else(nothing)?, sets.next());
    if test.is_none() && one_set == OneSet::Divided {
        let (first, second) = train.divided(path)?;
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
