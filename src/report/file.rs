//! Result files, whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::error::{Error, Result};
use crate::unfinished::unfinished;

/// A file that is there whole once it is finished and as it was before until
/// then. What is not a regular file, such as a pipe, is written to as it is.
pub struct ResultFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The temporary file that takes the place of the old one.
    temporary: Option<TempPath>,
}

impl ResultFile {
    /// Starts to write what will be `path`.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn create(path: &Path) -> Result<Self> {
        let (file, temporary) = open(path).map_err(|source| unwritable(path, source))?;
        Ok(Self {
            path: path.to_owned(),
            writer: BufWriter::new(file),
            temporary,
        })
    }

    /// Adds text at the end.
    ///
    /// # Errors
    /// When it cannot be written, as on a full disk.
    pub fn write(&mut self, text: &str) -> Result<()> {
        self.write_bytes(text.as_bytes())
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer
            .write_all(bytes)
            .map_err(|source| unwritable(&self.path, source))
    }

    /// Has all that was added leave memory, so that little is left to fail.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn flush(&mut self) -> Result<()> {
        self.writer
            .flush()
            .map_err(|source| unwritable(&self.path, source))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the rest cannot be written or the old file cannot be replaced.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        let Some(temporary) = self.temporary else {
            return Ok(());
        };
        // Through a link, so that the link stays one.
        let target = self
            .path
            .canonicalize()
            .unwrap_or_else(|_| self.path.clone());
        temporary
            .persist(target)
            .map_err(|error| unwritable(&self.path, error.error))
    }
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}

fn open(path: &Path) -> io::Result<(File, Option<TempPath>)> {
    let existing = path.metadata().ok();
    if existing
        .as_ref()
        .is_some_and(|existing| !existing.is_file())
    {
        return Ok((OpenOptions::new().write(true).open(path)?, None));
    }
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "there is no such folder",
        ));
    }
    let temporary = unfinished(folder, existing.map(|file| file.permissions()))?;
    let (file, path) = temporary.into_parts();
    Ok((file, Some(path)))
}
