//! Everything that can go wrong in this library, as one type. A case says what
//! was found and where, and holds what a program may want to know of it; what
//! to type instead is for the program to say that asked.

use std::io;
use std::path::{Path, PathBuf};

/// What this crate's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// An error. Its message is whole, in one line: what its
/// [`source`](std::error::Error::source) says is in it already.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder does not hold what it should.
    #[error("{}: found {found}; expected {expected}; {advice}", path.display())]
    BadFile {
        /// The file or folder.
        path: PathBuf,
        /// What is there.
        found: String,
        /// What should be there.
        expected: String,
        /// What to do about the file.
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
    /// Nothing at a path could be a dataset.
    #[error(
        "{}: found {found}; expected a folder with the four IDX files, or an .npz archive",
        path.display()
    )]
    NoDataset {
        /// The path.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// One of a dataset's files is missing from its folder.
    #[error("{}: found no file of {part}; expected {file}, plain or .gz", folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// What the file would hold, such as `train images`.
        part: String,
        /// What it would be called.
        file: String,
    },
    /// A name is neither a dataset's nor that of a file.
    #[error(
        "{}: found neither a path nor a dataset's name; expected a path, synthetic, or one of {}",
        name.display(),
        known.join(", ")
    )]
    UnknownDataset {
        /// The name.
        name: PathBuf,
        /// The names of datasets that there are.
        known: Vec<&'static str>,
    },
    /// What follows `synthetic:` does not say which digits to draw.
    #[error("{name}: write synthetic[:TRAIN[,TEST[,SEED]]], numbers of images from 1 to {most}")]
    SyntheticName {
        /// The name.
        name: String,
        /// The most images that a split may have.
        most: u64,
    },
    /// An archive of arrays is not a model.
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
    /// Files changed between two readings.
    #[error("the dataset's files changed while they were read; run again")]
    Changed,
    /// Values that cannot form a dataset, a model, a question or a picture.
    #[error("{0}")]
    Invalid(String),
    /// An image, class or model that is asked for does not exist.
    #[error("there is no {0}")]
    NotThere(String),
    /// An environment variable is missing, or its value means nothing.
    #[error("{problem}")]
    Environment {
        /// The variable.
        variable: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No mirror has a file as it was published.
    #[error("{file} could not be fetched: {}", listed(failures))]
    Download {
        /// The file.
        file: String,
        /// What went wrong at each mirror, in the order in which they were tried.
        failures: Vec<MirrorFailure>,
    },
    /// A dataset is not in the cache, and the network is not to be used.
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
    /// A file in the cache is damaged, and the network is not to be used.
    #[error("{}: found {found}; expected {expected}", path.display())]
    DamagedCache {
        /// The dataset.
        dataset: &'static str,
        /// Its file.
        path: PathBuf,
        /// What is there.
        found: String,
        /// What should be there.
        expected: String,
    },
    /// The cache cannot be read.
    #[error(
        "{}: the cache cannot be read: {source}; set NCM_CACHE_DIR to another folder",
        path.display()
    )]
    UnreadableCache {
        /// The file in it.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A dataset could not be fetched whose name is a path as well: perhaps
    /// that was meant.
    #[error("{source}; {}", taken_as_name(name))]
    NameOrPath {
        /// The name.
        name: PathBuf,
        /// Why it could not be fetched.
        source: Box<Error>,
    },
    /// No adapter that can do the work.
    #[error(transparent)]
    NoGpu(#[from] NoGpu),
    /// The device failed after it was chosen.
    #[error("the GPU failed: {0}")]
    Gpu(String),
    /// A backend gave an image another class than exact arithmetic does.
    #[error("image {image} was given class {given} but exact arithmetic finds {exact}")]
    WrongAnswer {
        /// The image, counted from 0.
        image: usize,
        /// The class that the backend found.
        given: u16,
        /// The class that is right.
        exact: u16,
    },
    /// A second reading of a dataset differs from the first.
    #[error("{0}")]
    Disagreement(String),
}

/// Why no adapter can do the work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoGpu {
    /// There is none.
    #[error("no GPU adapter found")]
    NoAdapter,
    /// None is taken unless it is asked for.
    #[error("{reason}")]
    NoneChosen {
        /// Why.
        reason: String,
    },
    /// None has the index or the name that was asked for.
    #[error(
        "no adapter is or contains {wanted:?}; there {} {}",
        if found.len() == 1 { "is" } else { "are" },
        numbered(found)
    )]
    Unknown {
        /// What was asked for.
        wanted: String,
        /// The names of those there are.
        found: Vec<String>,
    },
    /// The driver does not open it.
    #[error("the adapter {adapter} cannot be used: {reason}")]
    Refused {
        /// The adapter.
        adapter: String,
        /// What the driver said.
        reason: String,
    },
    /// It computes wrongly what is known.
    #[error("the adapter {adapter} computes {stage} wrongly")]
    ComputesWrongly {
        /// The adapter.
        adapter: String,
        /// What it computes wrongly.
        stage: &'static str,
    },
    /// It cannot hold the work.
    #[error("{what} take {bytes} bytes, more than the {most} this adapter can bind")]
    TooLarge {
        /// What is too large.
        what: String,
        /// Its bytes.
        bytes: u64,
        /// The most bytes of one binding.
        most: u64,
    },
}

/// What went wrong at a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorFailure {
    /// The file there.
    pub url: String,
    /// What went wrong.
    pub reason: String,
}

impl MirrorFailure {
    /// The mirror's name.
    pub fn host(&self) -> &str {
        let rest = self
            .url
            .split_once("://")
            .map_or(&*self.url, |(_, rest)| rest);
        rest.split_once('/').map_or(rest, |(host, _)| host)
    }
}

fn listed(failures: &[MirrorFailure]) -> String {
    let each = failures
        .iter()
        .map(|MirrorFailure { url, reason }| format!("{url}: {reason}"));
    each.collect::<Vec<_>>().join("; ")
}

fn numbered(names: &[String]) -> String {
    let each = (0..)
        .zip(names)
        .map(|(index, name)| format!("{index}: {name}"));
    each.collect::<Vec<_>>().join(", ")
}

/// What is found, what was expected and what to do, of a file that cannot be read.
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

/// What to say where a name is that of a dataset and of a path.
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

    /// What makes a [`Write`](Self::Write) about `path` of the system's error.
    pub(crate) fn unwritable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// What makes a [`Read`](Self::Read) about `path` of the system's error.
    pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Read {
            path: path.to_owned(),
            source,
        }
    }
}
