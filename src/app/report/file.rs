//! Result files, whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::data::stored;
use crate::data::unfinished::unfinished;
use crate::error::{Error, Result};

/// A file that is replaced atomically: it has its old content until it is finished,
/// and the whole new content from then on. What is not a regular file, such as a
/// pipe, is written to directly.
pub struct ResultFile {
    /// As the user calls it.
    path: PathBuf,
    /// The same, with symbolic links followed.
    place: PathBuf,
    writer: BufWriter<File>,
    /// The temporary file that takes the place of the old one.
    temporary: Option<TempPath>,
}

impl ResultFile {
    /// Starts to write what will be `path`.
    ///
    /// # Errors
    /// When it cannot be written, or this run reads the file that is there.
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

    /// Flushes the buffer, so that little is left to fail in `finish`.
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

/// Where a file is or will be, with links followed, so that links stay links.
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
        // Opened even where it will be replaced: a read-only file must not be.
        let file = OpenOptions::new().write(true).open(target)?;
        if !existing.is_file() {
            return Ok((file, None));
        }
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let temporary = unfinished(folder, existing.map(|file| file.permissions()));
    // An error without the temporary file's name, which would only confuse.
    let (file, path) = temporary.map_err(|error| error.kind())?.into_parts();
    Ok((file, Some(path)))
}
