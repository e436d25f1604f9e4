//! Every error of this library, as one type. A case says what was found and where,
//! and carries the details that a program may need. Advice about options and
//! commands is left to the program.

mod mirrors;
mod no_gpu;

use std::io;
use std::path::{Path, PathBuf};

pub use mirrors::MirrorFailure;
pub use no_gpu::NoGpu;
pub(crate) use no_gpu::in_seconds;

use mirrors::listed;

/// What is expected where no dataset is.
pub(crate) const A_DATASET: &str =
    "a folder of IDX files, .npy files or pictures, an archive, or a .csv file with labels";

/// The result type of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// An error. Its message is complete and takes one line; it already includes the
/// message of its [`source`](std::error::Error::source).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder does not have the expected content.
    #[error("{}: found {found}; expected {expected}; {advice}", path.display())]
    BadFile {
        /// The file or folder.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
        /// What to do about it.
        advice: String,
    },
    /// A file could not be read or decompressed.
    #[error("{}: {}", path.display(), unreadable(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system or the decompressor said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{}: could not be written: {source}; choose another place", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A path holds nothing that could be a dataset.
    #[error(
        "{}: found {found}; expected {A_DATASET}",
        path.display()
    )]
    NoDataset {
        /// The path.
        path: PathBuf,
        /// What was found.
        found: &'static str,
    },
    /// One of a dataset's files is missing from its folder.
    #[error("{}: found no file of {part}{instead}; expected {file}, plain or .gz", folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// What the file contains, such as `train images`.
        part: String,
        /// Its expected name.
        file: String,
        /// What is there instead, as a part of a sentence.
        instead: String,
    },
    /// A name is neither that of a dataset nor that of a file.
    #[error(
        "{}: found neither a path nor a dataset's name; expected a path, synthetic, or one of {}",
        name.display(),
        known.join(", ")
    )]
    UnknownDataset {
        /// The name.
        name: PathBuf,
        /// The names of the known datasets.
        known: Vec<&'static str>,
    },
    /// The text after `synthetic:` does not say which digits to draw.
    #[error("{name}: write synthetic[:TRAIN[,TEST[,SEED]]], numbers of images from 1 to {most}")]
    SyntheticName {
        /// The name.
        name: String,
        /// The largest number of images in a split.
        most: u64,
    },
    /// An archive of arrays is not a model file.
    #[error(
        "{}: found an archive without {array}; expected the arrays class_sums and counts",
        path.display()
    )]
    NoModel {
        /// The archive.
        path: PathBuf,
        /// The array that is missing.
        array: &'static str,
    },
    /// A file is no picture in a format that can be read.
    #[error("{}: found {found}; expected a picture in PNG, JPEG or PGM", path.display())]
    NoPicture {
        /// The file.
        path: PathBuf,
        /// What was found.
        found: String,
        /// Its length.
        bytes: usize,
    },
    /// A dataset's files changed between two passes over them.
    #[error("the dataset's files changed while they were read; run again")]
    Changed,
    /// Values do not form a valid dataset, model, question or picture.
    #[error("{0}")]
    Invalid(String),
    /// The requested image, class or model does not exist.
    #[error("there is no {0}")]
    NotThere(String),
    /// An environment variable is missing or has an invalid value.
    #[error("{problem}")]
    Environment {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No mirror has the file as it was published.
    #[error("{file} could not be fetched: {}", listed(failures))]
    Download {
        /// The file.
        file: String,
        /// What went wrong at each mirror, in the order tried.
        failures: Vec<MirrorFailure>,
    },
    /// A dataset is not in the cache, and using the network is not allowed.
    #[error(
        "{dataset} is not in {}, and the network is not to be used",
        folder.display()
    )]
    Offline {
        /// The dataset.
        dataset: &'static str,
        /// Its folder in the cache.
        folder: PathBuf,
    },
    /// A file in the cache is damaged, and using the network is not allowed.
    #[error("{}: found {found}; expected {expected}", path.display())]
    DamagedCache {
        /// The dataset.
        dataset: &'static str,
        /// Its file.
        path: PathBuf,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// The cache cannot be read.
    #[error(
        "{}: the cache cannot be read: {source}; set NCM_CACHE_DIR to another folder",
        path.display()
    )]
    UnreadableCache {
        /// The file in the cache.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A dataset could not be fetched whose name is also a path, which may have
    /// been meant.
    #[error("{source}; {}", taken_as_name(name))]
    NameOrPath {
        /// The name.
        name: PathBuf,
        /// Why it could not be fetched.
        source: Box<Error>,
    },
    /// No adapter can do the work.
    #[error(transparent)]
    NoGpu(#[from] NoGpu),
    /// The device failed after it was chosen.
    #[error("the GPU failed: {0}")]
    Gpu(String),
    /// A backend predicted a class that differs from the exact answer.
    #[error("image {image} was given class {given} but exact arithmetic finds {exact}")]
    WrongAnswer {
        /// The image, counted from 0.
        image: usize,
        /// The class that the backend predicted.
        given: u16,
        /// The exact answer.
        exact: u16,
    },
    /// A second pass over a dataset gave other results than the first.
    #[error("{0}")]
    Disagreement(String),
}

/// What was found, what was expected and what to do, for a file that cannot be
/// read.
fn unreadable(error: &io::Error) -> String {
    use io::ErrorKind::{InvalidData, InvalidInput, NotFound, PermissionDenied, UnexpectedEof};
    match error.kind() {
        UnexpectedEof => "found gzip data that ends early; expected a complete gzip file; \
                          fetch the file again"
            .into(),
        InvalidData | InvalidInput => format!(
            "found damaged gzip data ({error}); expected a complete gzip file; fetch the file again"
        ),
        NotFound => "found nothing; expected a file; check the path".into(),
        PermissionDenied => "found a file that may not be read; expected a readable file; \
                             change its permissions"
            .into(),
        _ => format!(
            "found an error while reading ({error}); expected a readable file; check the path"
        ),
    }
}

/// The advice to give when a name is both a dataset's and a path's.
pub(crate) fn taken_as_name(name: &Path) -> String {
    let name = name.display();
    format!("{name} is taken as a dataset's name; for the folder say ./{name}")
}

impl Error {
    /// A [`BadFile`](Self::BadFile) about `path`.
    pub(crate) fn bad_file(
        path: &Path,
        found: impl Into<String>,
        expected: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::BadFile {
            path: path.to_owned(),
            found: found.into(),
            expected: expected.into(),
            advice: advice.into(),
        }
    }

    /// Returns a function that turns a system error into a [`Write`](Self::Write)
    /// about `path`.
    pub(crate) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// Returns a function that turns a system error into a [`Read`](Self::Read)
    /// about `path`.
    pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}
