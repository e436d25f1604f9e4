//! What can go wrong in the program, and the exit code of each case.

use std::io;

use super::advice::message;
use crate::error::Error as LibraryError;

/// What the program's functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// An error as the user reads it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Options or arguments that contradict each other or mean nothing.
    #[error("{0}")]
    Usage(String),
    /// Standard output could not be written.
    #[error("standard output: {0}")]
    Output(#[source] io::Error),
    /// The page for drawing cannot be served.
    #[cfg(feature = "page")]
    #[error(transparent)]
    Page(#[from] super::page::Error),
    /// Backends disagree on what was to be timed.
    #[error("the {backend} backend gives other labels than {other}; nothing was timed")]
    NothingTimed {
        /// The backend that is wrong.
        backend: &'static str,
        /// What it differs from.
        other: &'static str,
    },
    /// An error of the library, with advice.
    #[error("{}", message(_0))]
    Library(#[from] LibraryError),
}

impl Error {
    /// The exit code that stands for it.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Output(_) | Self::NothingTimed { .. } => 1,
            #[cfg(feature = "page")]
            Self::Page(_) => 1,
            Self::Usage(_) => 2,
            Self::Library(error) => exit_code(error),
        }
    }
}

/// The exit code that stands for an error of the library.
pub fn exit_code(error: &LibraryError) -> u8 {
    use LibraryError::*;
    match error {
        Write { .. } | WrongAnswer { .. } => 1,
        NotThere(_) | SyntheticName { .. } | Environment { .. } => 2,
        BadFile { .. }
        | Read { .. }
        | NoDataset { .. }
        | MissingFile { .. }
        | UnknownDataset { .. }
        | NoModel { .. }
        | NoPicture { .. }
        | DamagedCache { .. }
        | UnreadableCache { .. }
        | Changed
        | Invalid(_)
        | Disagreement(_) => 3,
        Download { .. } | Offline { .. } | NameOrPath { .. } => 4,
        NoGpu(_) | Gpu(_) => 5,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn exit_codes_are_what_the_help_says() {
        let io = || io::Error::other("full");
        let (path, text) = (PathBuf::new, String::new);
        let written = LibraryError::unwritable(&path())(io());
        let codes = [
            (written.into(), 1),
            (Error::Output(io()), 1),
            (super::super::page::Error::Serve(io()).into(), 1),
            (Error::Usage(text()), 2),
            (LibraryError::NotThere(text()).into(), 2),
            (LibraryError::bad_file(&path(), "", "", "").into(), 3),
            (LibraryError::unreadable(&path())(io()).into(), 3),
            (LibraryError::Invalid(text()).into(), 3),
            (LibraryError::Changed.into(), 3),
            (LibraryError::Disagreement(text()).into(), 3),
            (
                LibraryError::Download {
                    file: text(),
                    failures: Vec::new(),
                }
                .into(),
                4,
            ),
            (LibraryError::from(crate::error::NoGpu::NoAdapter).into(), 5),
            (LibraryError::Gpu(text()).into(), 5),
        ];
        codes
            .iter()
            .for_each(|(error, code)| assert_eq!(error.exit_code(), *code, "{error:?}"));
    }
}
