//! Checks a dataset's files without using them.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::format::Format;
use super::idx::FourFiles;
use super::named::recognise;
use super::{Dataset, Memory, Place, Survey, archive, checksum, second_reader};
use crate::data::content;
use crate::error::{Error, Result};

/// What [`verify`] found.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The dataset as read by this crate.
    pub dataset: Dataset,
    /// The files of the dataset.
    pub files: Vec<CheckedFile>,
    /// Statistics of the training and the test split.
    pub surveys: [Survey; 2],
    /// Number of bytes on which the `mnist` crate agrees; `None` if the dataset
    /// is not stored like MNIST, since that crate cannot read it.
    pub compared: Option<usize>,
}

/// A file of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    /// The file's path.
    pub path: PathBuf,
    /// The file's length in bytes.
    pub bytes: u64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// Length and SHA-256 of the decompressed content, if the file is compressed.
    pub content: Option<(u64, String)>,
    /// The file's header, or the headers of the arrays in it, if it has one.
    pub header: Option<String>,
    /// The published file with this content, if there is one.
    pub known: Option<String>,
}

/// Reads a dataset strictly to its end and identifies its files. If the dataset
/// has MNIST's shape, also reads it with the `mnist` crate.
///
/// # Errors
/// What [`Place::open`] reports, or
/// [`Disagreement`](crate::Error::Disagreement) where the two readings differ.
pub fn verify(place: &Place) -> Result<Verification> {
    let dataset = place.open(Memory::default())?;
    let surveys = [dataset.train().survey()?, dataset.test().survey()?];
    let mut compared = None;
    let files = match place.format()? {
        Some(Format::Idx(four)) => {
            compared = second_reader::compared(&four, &dataset)?;
            check_four(&four)?
        }
        Some(Format::Archive(path, _)) => {
            vec![check(&path, Some(archive::headers(&path)?.join("; ")))?]
        }
        Some(Format::Npy(arrays)) => {
            let files = arrays.headers().into_iter();
            let checked = files.map(|(file, header)| check(&file, header));
            checked.collect::<Result<_>>()?
        }
        _ => {
            let files = dataset.files().iter();
            files.map(|file| check(file, None)).collect::<Result<_>>()?
        }
    };
    Ok(Verification {
        dataset,
        files,
        surveys,
        compared,
    })
}

fn check_four(four: &FourFiles) -> Result<Vec<CheckedFile>> {
    let mut checked = Vec::new();
    for files in [&four.train, &four.test] {
        let [images, labels] = files.open()?.headers();
        checked.push(check(&files.images, Some(images))?);
        checked.push(check(&files.labels, Some(labels))?);
    }
    Ok(checked)
}

fn check(path: &Path, header: Option<String>) -> Result<CheckedFile> {
    let sums = |source: &mut dyn Read| checksum::of(source).map_err(Error::unreadable(path));
    let (sha256, bytes) = sums(&mut content::raw(path)?)?;
    let content = match content::is_gzipped(path)? {
        true => Some(sums(&mut content::open(path)?.bytes)?),
        false => None,
    };
    let known = recognise(&sha256);
    let known = known.or_else(|| recognise(&content.as_ref()?.0));
    Ok(CheckedFile {
        path: path.to_owned(),
        bytes,
        sha256,
        content: content.map(|(sum, bytes)| (bytes, sum)),
        header,
        known,
    })
}
