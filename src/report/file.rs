//! Result files, whole or not at all.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// Writes a result file so that it is there whole or as it was before. What is
/// not a regular file, such as a pipe, is written to as it is.
///
/// # Errors
/// When the file cannot be written.
pub fn write_file(path: &Path, content: &str) -> Result<()> {
    write_whole(path, content.as_bytes()).map_err(|source| Error::Write {
        path: path.to_owned(),
        source,
    })
}

fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let existing = path.metadata().ok();
    if existing
        .as_ref()
        .is_some_and(|existing| !existing.is_file())
    {
        return OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(content);
    }
    // Through a link, so that the link stays one.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    if let Some(permissions) = existing
        .map(|file| file.permissions())
        .or(new_file_permissions())
    {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// What a new file gets before the umask; a temporary one gets less.
#[cfg(unix)]
fn new_file_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}
