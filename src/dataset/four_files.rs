//! Reads the four IDX files of a dataset.

use std::path::{Path, PathBuf};
use std::thread;

use super::files::Files;
use super::{Dataset, Images, Memory, Source, Split, stored};
use crate::error::{Error, Result};

/// The files of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FourFiles {
    pub name: String,
    /// The folder.
    pub source: PathBuf,
    pub train: Files,
    pub test: Files,
}

impl FourFiles {
    /// Reads both splits, as far as they are to be in memory.
    pub(super) fn read(&self, memory: Memory) -> Result<Dataset> {
        let (train, test) = thread::scope(|scope| {
            let test = scope.spawn(|| Part::read(&self.test, memory));
            let train = Part::read(&self.train, memory);
            (
                train,
                test.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        });
        let (train, test) = (train?, test?);
        same_shape(&self.train, &train, &self.test, &test)?;
        let classes = usize::from(train.highest_label.max(test.highest_label)) + 1;
        Ok(Dataset {
            name: self.name.clone(),
            source: self.source.display().to_string(),
            train: train.into_source(self.train.clone(), classes, memory)?,
            test: test.into_source(self.test.clone(), classes, memory)?,
        })
    }
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
            && match opened.are_plain() {
                true => !memory.reread,
                // Decompressing again would cost more than memory, but what
                // has nothing behind its promises gets none.
                false => opened.image_bytes() <= inflated(&files.images)?,
            };
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

/// Bytes of a compressed file's content that may be in memory at once: that
/// of MNIST, and of more what a file of pictures compresses to.
fn inflated(path: &Path) -> Result<u64> {
    let stored = path
        .metadata()
        .map_err(|error| stored::unreadable(path, &error))?
        .len();
    Ok(stored.saturating_mul(2).saturating_add(28 << 20))
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
