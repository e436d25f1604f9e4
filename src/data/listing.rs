//! What is in a folder.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result};

/// The most names that a message lists.
const SHOWN: usize = 4;

/// The names in a folder, hidden ones left out, in the order of their bytes.
/// Names that are not UTF-8 are no dataset's and are left out as well.
#[derive(Debug, Default)]
pub(super) struct Listing {
    names: Vec<String>,
}

impl Listing {
    /// Lists a folder.
    ///
    /// # Errors
    /// When there is none or it may not be read.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        // An empty path is the working directory.
        let opened = match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        };
        let unreadable = Error::unreadable(folder);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(opened).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            names.extend(name.into_string().ok());
        }
        names.retain(|name| !is_hidden(name));
        names.sort_unstable();
        Ok(Self { names })
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}

/// Whether a name is one that systems put beside the files of a user.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || ["__MACOSX", "Thumbs.db", "desktop.ini"].contains(&name)
}

/// Names for a message.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Whether an error is one of permission.
pub(super) fn is_denied(error: &Error) -> bool {
    matches!(error, Error::Read { source, .. } if source.kind() == ErrorKind::PermissionDenied)
}

/// The error about a folder, or what is in it, that this user may not read.
pub(super) fn may_not_be_read(path: &Path) -> Error {
    Error::bad_file(
        path,
        "what may not be read",
        "a folder or file that may be read",
        "change its permissions, or those of the folders above it",
    )
}
