//! Finds the four IDX files in a folder, for any known family of datasets.

use std::path::{Path, PathBuf};

use super::candidates::Candidates;
use super::files::Files;
use super::four_files::FourFiles;
use super::layout::{FAMILIES, Family};
use super::names::{PARTS, Part, is_unfinished, understand};
use crate::data::listing::{Listing, listed, may_not_be_read};
use crate::error::{Error, Result};

/// Subfolders in which torchvision and NIST store files.
const BELOW: [&str; 10] = [
    "",
    "MNIST/raw",
    "raw",
    "raw/gzip",
    "gzip",
    "FashionMNIST/raw",
    "KMNIST/raw",
    "QMNIST/raw",
    "EMNIST/raw",
    "EMNIST/raw/gzip",
];

/// Those of them that have MNIST, if any dataset.
const MNIST_BELOW: [&str; 3] = ["", "MNIST/raw", "raw"];

/// The folders with any file of a dataset, among a folder and torchvision's
/// subfolders of it. An incomplete dataset counts.
pub(in crate::data) fn holding(folder: &Path) -> Vec<PathBuf> {
    let holds = |folder: &PathBuf| Candidates::of(folder).is_ok_and(|it| !it.is_empty());
    places(folder).into_iter().filter(holds).collect()
}

/// Whether a folder that [`holding`] found below `folder` is one for MNIST.
pub(in crate::data) fn is_for_mnist(folder: &Path, holding: &Path) -> bool {
    let at = |below: &&str| join(folder, below) == holding;
    let is_named = Candidates::of(holding).is_ok_and(|candidates| {
        candidates
            .families()
            .first()
            .is_none_or(|it| *it == FAMILIES[0])
    });
    is_named && MNIST_BELOW.iter().any(at)
}

fn places(folder: &Path) -> Vec<PathBuf> {
    BELOW.iter().map(|below| join(folder, below)).collect()
}

fn join(folder: &Path, below: &str) -> PathBuf {
    match below {
        "" => folder.to_owned(),
        _ => folder.join(below),
    }
}

/// Finds the files in a folder or in the usual subfolders of it.
/// `FOLDER/DATASET` selects one of several datasets in a folder, and the name of
/// one of the four files its folder.
pub(in crate::data) fn find(named: &Path) -> Result<FourFiles> {
    if let Some((folder, family)) = one_of_several(named) {
        return four(&Candidates::of(&folder)?, family);
    }
    match std::fs::metadata(named) {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(may_not_be_read(named));
        }
        Err(_) => {
            return Err(Error::NoDataset {
                path: named.to_owned(),
                found: "nothing",
            });
        }
        Ok(metadata) if !metadata.is_dir() => return beside(named),
        Ok(_) => {}
    }
    let here = Candidates::of(named)?;
    let others = places(named).into_iter().skip(1);
    let others = others.filter_map(|folder| Candidates::of(&folder).ok());
    let all: Vec<_> = [here].into_iter().chain(others).collect();
    let holding = all.iter().find(|it| !it.families().is_empty());
    let candidates = holding
        .or_else(|| all.iter().find(|it| !it.is_empty()))
        .unwrap_or(&all[0]);
    match candidates.families()[..] {
        // No training images: report the missing files as for MNIST.
        [] => four(candidates, FAMILIES[0]),
        [family] => four(candidates, family),
        [family, ..] if family == FAMILIES[0] => four(candidates, family),
        ref several => Err(several_datasets(candidates.folder(), several)),
    }
}

/// Where a folder or an archive has several datasets.
pub(super) fn several_datasets(place: &Path, families: &[Family]) -> Error {
    let names: Vec<_> = families.iter().filter_map(|it| it.dataset()).collect();
    let first = names.first().copied().unwrap_or_default();
    Error::bad_file(
        place,
        format!("files of {}", names.join(", ")),
        "one dataset",
        format!("name one of them, as {}", place.join(first).display()),
    )
}

/// The dataset that one of the four files belongs to.
fn beside(file: &Path) -> Result<FourFiles> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let Some(understood) = understand(&name).filter(|_| file.is_file()) else {
        return Err(Error::NoDataset {
            path: file.to_owned(),
            found: "a file",
        });
    };
    let folder = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // In a folder of the same name there is nothing else, as Kaggle unpacks it.
    let is_alone = |part: Part| {
        folder.file_name().is_some_and(|name| {
            understand(&name.to_string_lossy()).is_some_and(|it| it.part == part)
        })
    };
    let folder = match folder.parent() {
        Some(above) if is_alone(understood.part) => above,
        _ => folder,
    };
    let mut found = four(&Candidates::of(folder)?, understood.part.family)?;
    found.notes.insert(
        0,
        format!("{name} is one of four files; the dataset in its folder was read"),
    );
    Ok(found)
}

/// Splits `FOLDER/DATASET` into folder and family, if it is not itself a folder.
fn one_of_several(named: &Path) -> Option<(PathBuf, Family)> {
    if named.exists() {
        return None;
    }
    let family = Family::named(named.file_name()?.to_str()?)?;
    let folder = match named.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let holds =
        |folder: &PathBuf| Candidates::of(folder).is_ok_and(|it| it.families().contains(&family));
    let folder = places(folder).into_iter().find(holds)?;
    Some((folder, family))
}

fn four(candidates: &Candidates, family: Family) -> Result<FourFiles> {
    let folder = candidates.folder();
    let mut notes = Vec::new();
    let chosen = PARTS.map(|(split, what)| {
        let part = Part {
            family,
            split,
            what,
        };
        match candidates.of_part(part) {
            Some(found) if found.path.is_dir() => Err(without_file(&found.path)),
            Some(found) => Ok(found),
            None => Err(missing(folder, part)),
        }
    });
    for found in chosen.iter().flatten() {
        let path = found.path.strip_prefix(folder).unwrap_or(&found.path);
        notes.extend(found.name.note(&path.display()));
    }
    let [train_images, train_labels, test_images, test_labels] =
        chosen.map(|found| found.map(|found| found.path.clone()));
    Ok(FourFiles {
        name: family
            .dataset()
            .map_or_else(|| folder_name(folder), str::to_owned),
        source: folder.to_owned(),
        train: Files {
            images: train_images?,
            labels: train_labels?,
            layout: family.layout,
        },
        test: Files {
            images: test_images?,
            labels: test_labels?,
            layout: family.layout,
        },
        notes,
    })
}

fn missing(folder: &Path, part: Part) -> Error {
    Error::MissingFile {
        folder: folder.to_owned(),
        part: part.contents(),
        file: part.usual_name(),
        instead: instead(folder),
    }
}

fn without_file(folder: &Path) -> Error {
    Error::bad_file(
        folder,
        "a folder without such a file",
        "a file, or a folder with a file of this name",
        "put the file there",
    )
}

/// What a folder has instead of the missing file, as a part of a sentence.
fn instead(folder: &Path) -> String {
    let listing = Listing::of(folder);
    let names = listing.as_ref().map_or(&[][..], Listing::names);
    match names.iter().find(|name| is_unfinished(name)) {
        Some(name) => format!(" but the unfinished download {name}"),
        None => match listed(names) {
            files if files.is_empty() => files,
            files => format!(" among {files}"),
        },
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

/// Whether a file is one of a dataset's four by its name.
pub(in crate::data) fn is_one_of_four(name: &str) -> bool {
    understand(name).is_some()
}
