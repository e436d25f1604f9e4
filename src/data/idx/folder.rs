//! Finds the four IDX files of a folder, whatever family of datasets they are of.

use std::path::{Path, PathBuf};

use super::files::Files;
use super::four_files::FourFiles;
use super::layout::{FAMILIES, Family};
use crate::error::{Error, Result};

/// Folders under the one that is named in which torchvision keeps files.
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

/// How the splits are called in file names.
const TRAIN: &[&str] = &["train"];
const TEST: &[&str] = &["t10k", "test"];

/// How images and labels are stored by file names.
const IMAGES: &[&str] = &["idx3-ubyte"];
const LABELS: &[&str] = &["idx1-ubyte", "idx2-int"];

/// Whether there is any file of a dataset in a folder, or where torchvision
/// keeps them below it: a part that is missing is no reason to look elsewhere.
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

/// Finds the files of a folder, of a folder of torchvision's, or, of several
/// datasets in one folder, those that `FOLDER/DATASET` names.
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
        // What is missing from a folder of MNIST is said of that.
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

/// The folder and family of `FOLDER/DATASET` that is no folder itself.
fn one_of_several(named: &Path) -> Option<(PathBuf, Family)> {
    let family = Family::of(named.file_name()?.to_str()?);
    family.dataset()?;
    let folder = named.parent()?;
    let holds = |folder: &PathBuf| families(folder).contains(&family);
    let places = BELOW.map(|below| folder.join(below));
    let folder = places.into_iter().find(holds)?;
    (!named.exists()).then_some((folder, family))
}

/// The families of which a folder holds training images.
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

/// The first file there is under the names in common use; plain before gzipped.
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

/// A folder's name; of torchvision's `raw` that of the one above.
fn folder_name(folder: &Path) -> String {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut names = absolute.iter().rev();
    names
        .find(|&name| name != "raw" && name != "gzip")
        .unwrap_or(absolute.as_os_str())
        .to_string_lossy()
        .into_owned()
}
