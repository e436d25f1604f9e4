//! Finds and reads a folder of four IDX files.

use std::path::{Path, PathBuf};
use std::thread;

use super::files::Files;
use super::{Dataset, Images, Memory, Source, Split};
use crate::error::{Error, Result};

pub(super) fn read(folder: &Path, memory: Memory) -> Result<Dataset> {
    let (train_files, test_files) = find(folder)?;
    let (train, test) = thread::scope(|scope| {
        let test = scope.spawn(|| Part::read(&test_files, memory));
        let train = Part::read(&train_files, memory);
        (
            train,
            test.join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    });
    let (train, test) = (train?, test?);
    same_shape(&train_files, &train, &test_files, &test)?;
    let classes = usize::from(train.highest_label.max(test.highest_label)) + 1;
    Ok(Dataset {
        name: name(folder),
        source: folder.display().to_string(),
        train: train.into_source(train_files, classes, memory)?,
        test: test.into_source(test_files, classes, memory)?,
    })
}

/// A split as far as it can be known without the other one's labels.
struct Part {
    /// The images and labels, where they fit in memory.
    read: Option<(Images, Vec<u16>)>,
    len: usize,
    rows: usize,
    columns: usize,
    highest_label: u16,
}

impl Part {
    fn read(files: &Files, memory: Memory) -> Result<Self> {
        let mut opened = files.open()?;
        let (len, rows, columns) = (opened.len, opened.rows, opened.columns);
        let fits = opened.image_bytes() <= memory.whole as u64
            // Decompressing again would cost more than memory.
            && !(memory.reread && opened.are_plain());
        let read = if fits { opened.read(len)? } else { None };
        let highest_label = match &read {
            Some((_, labels)) => labels.iter().max().copied().unwrap_or(0),
            None => opened.highest_label()?,
        };
        Ok(Self {
            read,
            len,
            rows,
            columns,
            highest_label,
        })
    }

    fn into_source(self, files: Files, classes: usize, memory: Memory) -> Result<Source> {
        match self.read {
            Some((images, labels)) => Ok(Split::new(images, labels, classes)?.into()),
            None => Ok(Source::from_files(
                files,
                [self.len, self.rows, self.columns],
                classes,
                memory,
            )),
        }
    }
}

/// The train and test files of a folder.
pub(super) fn find(folder: &Path) -> Result<(Files, Files)> {
    if !folder.is_dir() {
        let found = if folder.exists() { "a file" } else { "nothing" };
        let expected = "a folder with the four IDX files, or an .npz archive";
        return Err(Error::bad_file(
            folder,
            found,
            expected,
            "name one with --data PATH",
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

fn same_shape(train_files: &Files, train: &Part, test_files: &Files, test: &Part) -> Result<()> {
    if (train.rows, train.columns) == (test.rows, test.columns) {
        return Ok(());
    }
    Err(Error::bad_file(
        &test_files.images,
        format!("images of {} × {}", test.rows, test.columns),
        format!(
            "{} × {} as in {}",
            train.rows,
            train.columns,
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
