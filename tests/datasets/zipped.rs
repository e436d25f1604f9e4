//! IDX files in zip archives: which are taken where there are several, and what
//! is said of those that lack something.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ncm::Dataset;
use zip::write::SimpleFileOptions;

use super::digits::{Digits, open, stored};
use crate::support::{Folder, Outcome, ensure, failed, gzip};

const FILES: [&str; 4] = [
    Folder::TRAIN_IMAGES,
    Folder::TRAIN_LABELS,
    Folder::TEST_IMAGES,
    Folder::TEST_LABELS,
];

type Members = Vec<(String, Vec<u8>)>;

/// The usual small dataset under other names.
fn members(name: impl Fn(&str) -> String) -> Members {
    let folder = Folder::new();
    FILES.map(|file| (name(file), folder.read(file))).into()
}

fn packed(members: &Members) -> Result<(tempfile::TempDir, PathBuf), String> {
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("some.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).map_err(failed)?);
    for (name, bytes) in members {
        zip.start_file(name, SimpleFileOptions::default())
            .map_err(failed)?;
        zip.write_all(bytes).map_err(failed)?;
    }
    zip.finish().map_err(failed)?;
    Ok((folder, path))
}

fn same(what: &str, members: &Members) -> Result<Dataset, String> {
    let expected = Dataset::from_folder(Folder::new().path()).map_err(failed)?;
    let (_folder, path) = packed(members)?;
    let found = open(&path).map_err(|error| format!("{what}: {error}"))?;
    ensure(
        found.train() == expected.train() && found.test() == expected.test(),
        || format!("{what}: other content"),
    )?;
    Ok(found)
}

fn refused(path: &Path, says: &[&str]) -> Outcome {
    let error = open(path)
        .err()
        .ok_or_else(|| format!("read, without {says:?}"))?;
    for says in says {
        ensure(error.contains(says), || {
            format!("{error} does not say {says:?}")
        })?;
    }
    Ok(())
}

/// What stands behind an archive's path is a dataset in it, or nothing at all.
#[test]
fn hold_what_is_named_or_nothing() -> Outcome {
    let (_folder, arrays) = stored(&Digits::new().arrays())?;
    refused(&arrays.join("typo"), &["found nothing"])?;
    refused(
        &arrays.join("emnist-letters"),
        &["found arrays; expected files of emnist-letters"],
    )?;
    let (_folder, idx) = packed(&members(str::to_owned))?;
    refused(&idx.join("typo"), &["found nothing"])?;
    refused(
        &idx.join("qmnist"),
        &[
            "found an archive of t10k-images-idx3-ubyte",
            "expected files of qmnist",
        ],
    )?;
    let (_folder, others) = packed(&vec![("a.txt".into(), vec![1])])?;
    refused(&others.join("qmnist"), &["found an archive of a.txt"])
}

/// The files of two datasets are never mixed, nor is one of them picked.
#[test]
fn of_several_datasets_in_folders_are_told_apart() -> Outcome {
    let mut both = members(|file| format!("FashionMNIST/raw/{file}"));
    both.extend(members(|file| format!("MNIST/raw/{file}")));
    let (_folder, path) = packed(&both)?;
    refused(
        &path,
        &[
            "found files of several datasets, in FashionMNIST/raw, MNIST/raw",
            "expected one dataset",
        ],
    )?;
    // A file that one of them lacks is not taken from the other.
    let mut halves = members(|file| format!("FashionMNIST/raw/{file}"));
    let (lacking, rest) = (halves.remove(3), members(|file| format!("raw/{file}")));
    halves.extend(rest.into_iter().filter(|(name, _)| name.contains("labels")));
    let (_folder, path) = packed(&halves)?;
    let says = format!("found no file of t10k labels among {}", halves[2].0);
    refused(&path, &[&says, &format!("expected {}", FILES[3])])?;
    // Kaggle packs a file, and a folder of its name with the same file.
    let mut kaggles = members(|file| format!("{file}/{file}"));
    kaggles.extend(members(|file| file.replace("-idx", ".idx")));
    same("Kaggle's", &kaggles)?;
    halves.push(lacking);
    same("with labels elsewhere", &halves).map(drop)
}

/// The same names are preferred, and the same is said, as in a folder.
#[test]
fn under_names_that_others_gave_them() -> Outcome {
    let mut copied: Members = members(|file| format!("{file}.gz"));
    for (_, bytes) in &mut copied {
        *bytes = gzip(bytes);
    }
    let name = format!("{} (1).gz", FILES[0]);
    copied.push((name.clone(), b"something else".to_vec()));
    let found = same("a copy beside it", &copied)?;
    ensure(found.notes().is_empty(), || format!("{:?}", found.notes()))?;
    let renamed = members(|file| format!("mnist/{file} (1)"));
    let notes = same("renamed", &renamed)?.notes().join("; ");
    let says = format!("mnist/{0} (1) was read as {0}", FILES[0]);
    ensure(notes.contains(&says), || notes.clone())?;
    // As `zip -r some.zip .` may write them.
    same(
        "below the folder itself",
        &members(|file| format!("./{file}")),
    )
    .map(drop)
}

#[test]
fn in_a_way_that_is_not_read_are_not_called_damaged() -> Outcome {
    let (folder, path) = packed(&members(str::to_owned))?;
    let whole = fs::read(&path).map_err(failed)?;
    // The flags and the method stand in each local header and in the directory.
    for (at, value, says) in [
        (2, 93, "compressed by Zstandard"),
        (0, 1, "encrypted with a password"),
    ] {
        let mut other = whole.clone();
        for place in 0..other.len() - 12 {
            match &other[place..place + 4] {
                b"PK\x03\x04" => other[place + 6 + at] = value,
                b"PK\x01\x02" => other[place + 8 + at] = value,
                _ => {}
            }
        }
        let path = folder.path().join("other.zip");
        fs::write(&path, other).map_err(failed)?;
        let says = format!("found {} {says}", FILES[0]);
        refused(&path, &[&says])?;
    }
    Ok(())
}
