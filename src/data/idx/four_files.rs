//! Reads the four IDX files of a dataset.

use std::path::PathBuf;

use super::files::Files;
use crate::data::content;
use crate::data::content::inflated;
use crate::data::dataset::LEVELS;
use crate::data::recipe::Preparation;
use crate::data::{Dataset, Images, Memory, Source, Split};
use crate::error::{Error, Result};

/// The four files of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct FourFiles {
    pub name: String,
    /// The folder.
    pub source: PathBuf,
    pub train: Files,
    pub test: Files,
    /// What to say of how the files were found.
    pub notes: Vec<String>,
}

impl FourFiles {
    /// Reads both splits; those that are too large for memory stay in their files.
    pub(in crate::data) fn read(&self, memory: Memory) -> Result<Dataset> {
        let (train, test) = rayon::join(
            || Part::read(&self.train, memory),
            || Part::read(&self.test, memory),
        );
        let (train, test) = (train?, test?);
        same_shape(&self.train, &train, &self.test, &test)?;
        let classes = usize::from(train.highest_label.max(test.highest_label)) + 1;
        Ok(Dataset {
            values: LEVELS,
            preparation: Preparation::default(),
            name: self.name.clone(),
            source: self.source.display().to_string(),
            files: [&self.train, &self.test]
                .into_iter()
                .flat_map(|files| [files.images.clone(), files.labels.clone()])
                .collect(),
            train: train.into_source(self.train.clone(), classes, memory)?,
            test: test.into_source(self.test.clone(), classes, memory)?,
            notes: [&self.notes[..], &self.train.layout.notes()].concat(),
            range_notes: Vec::new(),
            class_names: Vec::new(),
        })
    }
}

/// What is known of a split without the labels of the other one.
struct Part {
    /// The images and labels, if they fit in memory.
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
                // Keep compressed splits in memory, because decompressing them
                // on every pass is slow. To guard against decompression bombs,
                // read the data once before allocating a large size.
                false => {
                    opened.image_bytes() <= inflated(content::length(&files.images)?)
                        || files.images_are_there()?
                }
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
