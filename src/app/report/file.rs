//! Result files, whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::data::stored;
use crate::data::unfinished::unfinished;
use crate::error::{Error, Result};

/// A file that is there whole once it is finished and as it was before until
/// then. What is not a regular file, such as a pipe, is written to as it is.
pub struct ResultFile {
    /// As the user calls it.
    path: PathBuf,
    /// The same through links.
    place: PathBuf,
    writer: BufWriter<File>,
    /// The temporary file that takes the place of the old one.
    temporary: Option<TempPath>,
}

impl ResultFile {
    /// Starts to write what will be `path`.
    ///
    /// # Errors
    /// When nothing can be written there, or this run reads what is there.
    pub fn create(path: &Path) -> Result<Self> {
        let failed = |source| unwritable(path, source);
        let place = place(path).map_err(failed)?;
        if stored::is_in_use(&place) {
            return Err(Error::Usage(format!(
                "{}: this file is read, and would be lost if it were written; choose another place",
                path.display()
            )));
        }
        let (file, temporary) = open(&place).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            place,
            writer: BufWriter::new(file),
            temporary,
        })
    }

    /// Whether another file will be in the same place.
    pub fn is_where(&self, other: &Self) -> bool {
        self.place == other.place
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
        temporary
            .persist(self.place)
            .map_err(|error| unwritable(&self.path, error.error))
    }
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}

/// Where a file is or will be, through links, so that they stay links.
fn place(path: &Path) -> io::Result<PathBuf> {
    if let Ok(existing) = path.canonicalize() {
        return Ok(existing);
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let name = path.file_name();
    match folder.ok().filter(|folder| folder.is_dir()).zip(name) {
        Some((folder, name)) => Ok(folder.join(name)),
        None => Err(io::Error::new(
            io::ErrorKind::NotFound,
            "there is no such folder",
        )),
    }
}

fn open(target: &Path) -> io::Result<(File, Option<TempPath>)> {
    let existing = target.metadata().ok();
    if let Some(existing) = &existing {
        // Also of a file that will be replaced: it may be there to stay.
        let file = OpenOptions::new().write(true).open(target)?;
        if !existing.is_file() {
            return Ok((file, None));
        }
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let temporary = unfinished(folder, existing.map(|file| file.permissions()));
    // Without the temporary file's name, which means nothing to anybody.
    let (file, path) = temporary.map_err(|error| error.kind())?.into_parts();
    Ok((file, Some(path)))
}
