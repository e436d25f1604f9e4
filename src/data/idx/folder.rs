//! Finds the four IDX files in a folder, for any known family of datasets.

use std::path::{Path, PathBuf};

use super::files::Files;
use super::four_files::FourFiles;
use super::layout::{FAMILIES, Family};
use crate::error::{Error, Result};

/// Subfolders in which torchvision stores files.
const BELOW: [&str; 9] = [
    "",
    "MNIST/raw",
    "raw",
    "raw/gzip",
    "FashionMNIST/raw",
    "KMNIST/raw",
    "QMNIST/raw",
    "EMNIST/raw",
    "EMNIST/raw/gzip",
];

/// Names of the splits in file names.
const TRAIN: &[&str] = &["train"];
const TEST: &[&str] = &["t10k", "test"];

/// Suffixes of image and label files.
const IMAGES: &[&str] = &["idx3-ubyte"];
const LABELS: &[&str] = &["idx1-ubyte", "idx2-int"];

/// Whether a folder, or one of torchvision's subfolders, has any file of a
/// dataset. An incomplete dataset counts, so that it is reported instead of
/// skipped.
pub(in crate::data) fn holds_dataset(folder: &Path) -> bool {
    let parts = [
        (TRAIN, "images", IMAGES),
        (TRAIN, "labels", LABELS),
        (TEST, "images", IMAGES),
        (TEST, "labels", LABELS),
    ];
    BELOW.iter().any(|below| {
        let folder = folder.join(below);
        let holds = |family| {
            parts
                .iter()
                .any(|(splits, what, kinds)| file(&folder, family, splits, what, kinds).is_some())
        };
        FAMILIES.into_iter().any(holds)
    })
}

/// Finds the files in a folder or in torchvision's subfolders of it.
/// `FOLDER/DATASET` selects one of several datasets in a folder.
pub(in crate::data) fn find(named: &Path) -> Result<FourFiles> {
    if let Some((folder, family)) = one_of_several(named) {
        return four(&folder, family);
    }
    if !named.is_dir() {
        let found = if named.exists() { "a file" } else { "nothing" };
        return Err(Error::NoDataset {
            path: named.to_owned(),
            found,
        });
    }
    let places = BELOW.map(|below| match below {
        "" => named.to_owned(),
        _ => named.join(below),
    });
    let holds_any = |folder: &&PathBuf| !families(folder).is_empty();
    let folder = places.iter().find(holds_any).unwrap_or(&places[0]);
    match families(folder)[..] {
        // No training images: report the missing files as for MNIST.
        [] => four(folder, FAMILIES[0]),
        [family] => four(folder, family),
        [family, ..] if family == FAMILIES[0] => four(folder, family),
        ref several => {
            let names: Vec<_> = several
                .iter()
                .filter_map(|family| family.dataset())
                .collect();
            Err(Error::bad_file(
                folder,
                format!("files of {}", names.join(", ")),
                "one dataset",
                format!("name one of them, as {}", folder.join(names[0]).display()),
            ))
        }
    }
}

/// Splits `FOLDER/DATASET` into folder and family, if it is not itself a folder.
fn one_of_several(named: &Path) -> Option<(PathBuf, Family)> {
    let family = Family::of(named.file_name()?.to_str()?);
    family.dataset()?;
    let folder = named.parent()?;
    let holds = |folder: &PathBuf| families(folder).contains(&family);
    let places = BELOW.map(|below| folder.join(below));
    let folder = places.into_iter().find(holds)?;
    (!named.exists()).then_some((folder, family))
}

/// The families whose training images are in a folder.
fn families(folder: &Path) -> Vec<Family> {
    let held = |family: &Family| file(folder, *family, TRAIN, "images", IMAGES).is_some();
    FAMILIES.into_iter().filter(held).collect()
}

fn four(folder: &Path, family: Family) -> Result<FourFiles> {
    let named = |splits: &[&str], what: &str, kinds: &[&str]| {
        file(folder, family, splits, what, kinds)
            .ok_or_else(|| missing(folder, family, splits[0], what, kinds[0]))
    };
    let files = |splits: &[&str]| -> Result<Files> {
        Ok(Files {
            images: named(splits, "images", IMAGES)?,
            labels: named(splits, "labels", LABELS)?,
            layout: family.layout,
        })
    };
    let name = family
        .dataset()
        .map_or_else(|| folder_name(folder), str::to_owned);
    Ok(FourFiles {
        name,
        source: folder.to_owned(),
        train: files(TRAIN)?,
        test: files(TEST)?,
    })
}

/// The first existing file among the usual names; uncompressed before gzipped.
fn file(
    folder: &Path,
    family: Family,
    splits: &[&str],
    what: &str,
    kinds: &[&str],
) -> Option<PathBuf> {
    for end in ["", ".gz"] {
        for kind in kinds {
            for split in splits {
                for dot in ["-", "."] {
                    let prefix = family.prefix;
                    let path = folder.join(format!("{prefix}{split}-{what}{dot}{kind}{end}"));
                    if path.exists() {
                        return Some(path);
                    }
                }
            }
        }
    }
    None
}

fn missing(folder: &Path, family: Family, split: &str, what: &str, kind: &str) -> Error {
    let prefix = family.prefix;
    Error::MissingFile {
        folder: folder.to_owned(),
        part: format!("{split} {what}"),
        file: format!("{prefix}{split}-{what}-{kind}"),
    }
}

/// A folder's name; for torchvision's `raw`, the name of its parent.
fn folder_name(folder: &Path) -> String {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut names = absolute.iter().rev();
    names
        .find(|&name| name != "raw" && name != "gzip")
        .unwrap_or(absolute.as_os_str())
        .to_string_lossy()
        .into_owned()
}
