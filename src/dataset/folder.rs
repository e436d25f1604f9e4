//! Finds and reads a folder of four IDX files.

use std::path::{Path, PathBuf};
use std::thread;

use super::{Dataset, Images, idx};
use crate::error::{Error, Result};

/// The default folder, beside where the command runs.
const DEFAULT: &str = "data";

/// The files of one split.
pub(super) struct Files {
    pub images: PathBuf,
    pub labels: PathBuf,
}

pub(super) fn locate(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = named {
        return Ok(folder.to_owned());
    }
    match std::env::var_os("NCM_DATA") {
        Some(folder) if !folder.is_empty() => Ok(folder.into()),
        _ if Path::new(DEFAULT).is_dir() => Ok(DEFAULT.into()),
        _ => Err(Error::NoDataset {
            looked_in: Path::new(".").join(DEFAULT),
        }),
    }
}

pub(super) fn read(folder: &Path) -> Result<Dataset> {
    let (train_files, test_files) = find(folder)?;
    let (train, test) = thread::scope(|scope| {
        let test = scope.spawn(|| read_split(&test_files));
        let train = read_split(&train_files);
        (
            train,
            test.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    let (train, test) = (train?, test?);
    same_shape(&train_files, &train.0, &test_files, &test.0)?;
    Dataset::new(name(folder), folder.display().to_string(), train, test)
}

/// The train and test files of a folder.
pub(super) fn find(folder: &Path) -> Result<(Files, Files)> {
    if !folder.is_dir() {
        let found = if folder.exists() { "a file" } else { "nothing" };
        let expected = "a folder with the four IDX files";
        return Err(Error::bad_file(
            folder,
            found,
            expected,
            "name such a folder with --data DIR",
        ));
    }
    let files = |splits: &[&str]| {
        Ok(Files {
            images: find_file(folder, splits, "images", 3)?,
            labels: find_file(folder, splits, "labels", 1)?,
        })
    };
    Ok((files(&["train"])?, files(&["t10k", "test"])?))
}

/// The first file there is under the names in common use; plain before gzipped.
fn find_file(folder: &Path, splits: &[&str], what: &str, dimensions: u8) -> Result<PathBuf> {
    for end in ["", ".gz"] {
        for split in splits {
            for dot in ["-", "."] {
                let path = folder.join(format!("{split}-{what}{dot}idx{dimensions}-ubyte{end}"));
                if path.exists() {
                    return Ok(path);
                }
            }
        }
    }
    let expected = format!("{}-{what}-idx{dimensions}-ubyte, plain or .gz", splits[0]);
    let found = format!("no file of {} {what}", splits[0]);
    Err(Error::bad_file(
        folder,
        found,
        expected,
        "add the file or name another folder with --data DIR",
    ))
}

fn read_split(files: &Files) -> Result<(Images, Vec<u16>)> {
    let images = idx::read_images(&files.images)?;
    let labels = idx::read_labels(&files.labels)?;
    if images.len() != labels.len() {
        return Err(Error::bad_file(
            &files.labels,
            format!("{} labels", labels.len()),
            format!(
                "{}, one for each image of {}",
                images.len(),
                files.images.display()
            ),
            "use files of one dataset and split",
        ));
    }
    Ok((images, labels))
}

fn same_shape(
    train_files: &Files,
    train: &Images,
    test_files: &Files,
    test: &Images,
) -> Result<()> {
    if (train.rows(), train.columns()) == (test.rows(), test.columns()) {
        return Ok(());
    }
    Err(Error::bad_file(
        &test_files.images,
        format!("images of {} × {}", test.rows(), test.columns()),
        format!(
            "{} × {} as in {}",
            train.rows(),
            train.columns(),
            train_files.images.display()
        ),
        "use files of one dataset",
    ))
}

fn name(folder: &Path) -> String {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    absolute
        .file_name()
        .unwrap_or(absolute.as_os_str())
        .to_string_lossy()
        .into_owned()
}
