//! Everything that can go wrong, as one type. Each message says what was
//! found, where, and what to do about it.

use std::path::{Path, PathBuf};

/// What this crate's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// An error a user can meet.
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
        /// What to do about it.
        advice: String,
    },
    /// Values that cannot form a dataset, a model or a question.
    #[error("{0}")]
    Invalid(String),
    /// Options that contradict each other.
    #[error("{0}")]
    Usage(String),
    /// No mirror has a file as it was published.
    #[error(
        "{what} could not be fetched: {}; try again later, or name a folder that has the dataset \
         with --data DIR",
        listed(failures)
    )]
    Download {
        /// The file.
        what: String,
        /// What went wrong at each mirror, in the order in which they were tried.
        failures: Vec<MirrorFailure>,
    },
    /// The network would be needed and is not to be used.
    #[error("{0}")]
    Offline(String),
    /// No adapter that can do the work.
    #[error("{0}")]
    NoGpu(String),
    /// The device failed after it was chosen.
    #[error("the GPU failed: {0}; run again with --backend cpu for the same answer without it")]
    Gpu(String),
    /// A result file could not be written.
    #[error("{}: could not be written: {source}; choose another place", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The page for drawing cannot be served.
    #[error("{0}")]
    Serve(String),
    /// Standard output could not be written.
    #[error("standard output: {0}")]
    Output(std::io::Error),
    /// A backend's answer is not the exact one.
    #[error("{0}")]
    WrongAnswer(String),
    /// A second reading of a dataset differs from the first.
    #[error("{0}")]
    Disagreement(String),
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

impl Error {
    /// A [`WrongAnswer`](Self::WrongAnswer) about an image.
    pub(crate) fn wrong_answer(image: usize, given: u16, exact: u16) -> Self {
        Self::WrongAnswer(format!(
            "image {image} was given class {given} but exact arithmetic finds {exact}; please \
             report this with `ncm devices`"
        ))
    }

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
}
