//! Result files, whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::app;
use crate::data::unfinished::UnfinishedFile;
use crate::error::{Error, Result};

/// A path for a result that is none of the files which the result is made of.
pub struct Destination {
    /// As the user calls it.
    path: PathBuf,
    /// The same, with symbolic links followed.
    place: PathBuf,
}

impl Destination {
    /// Checks a path against the files that the command reads.
    ///
    /// # Errors
    /// When there is no such folder, or the path is that of such a file.
    pub fn new(path: &Path, inputs: &[PathBuf]) -> app::Result<Self> {
        let place = resolve(path).map_err(Error::unwritable(path))?;
        let is_it = |input: &PathBuf| input.canonicalize().is_ok_and(|input| input == place);
        if inputs.iter().any(is_it) {
            return Err(app::Error::Usage(format!(
                "{}: this file is read, and would be lost if it were written; choose another place",
                path.display()
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            place,
        })
    }

    /// Whether it is the same as another one.
    pub fn is(&self, other: &Self) -> bool {
        self.place == other.place
    }

    /// As the user calls it.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// A file that is there whole once it is finished and as it was before until
/// then. What is not a regular file, such as a pipe, is written to as it is.
pub struct ResultFile {
    path: PathBuf,
    place: PathBuf,
    writer: BufWriter<Target>,
}

/// What is written to.
enum Target {
    /// The temporary file that takes the place of the old one.
    Replacing(UnfinishedFile),
    /// A pipe or a device.
    Stream(File),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacing(file) => file.write(bytes),
            Self::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Replacing(file) => file.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}

impl ResultFile {
    /// Starts to write what will be at `destination`.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn create(destination: &Destination) -> Result<Self> {
        let Destination { path, place } = destination;
        let target = open(place).map_err(Error::unwritable(path))?;
        Ok(Self {
            path: path.clone(),
            place: place.clone(),
            writer: BufWriter::new(target),
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
        let written = self.writer.write_all(bytes);
        written.map_err(Error::unwritable(&self.path))
    }

    /// Flushes the buffer, so that little is left to fail in `finish`.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn flush(&mut self) -> Result<()> {
        let flushed = self.writer.flush();
        flushed.map_err(Error::unwritable(&self.path))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// When the rest cannot be written or the old file cannot be replaced.
    pub fn finish(mut self) -> Result<()> {
        self.flush()?;
        // Nothing is left in the buffer.
        match self.writer.into_parts().0 {
            Target::Stream(_) => Ok(()),
            Target::Replacing(file) => {
                let persisted = file.persist(&self.place);
                persisted.map_err(Error::unwritable(&self.path))
            }
        }
    }
}

/// Where a file is or will be, with links followed, so that links stay links.
fn resolve(path: &Path) -> io::Result<PathBuf> {
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

fn open(place: &Path) -> io::Result<Target> {
    let existing = place.metadata().ok();
    if let Some(existing) = &existing {
        // Opened even where it will be replaced: a read-only file must not be.
        let file = OpenOptions::new().write(true).open(place)?;
        if !existing.is_file() {
            return Ok(Target::Stream(file));
        }
    }
    let folder = place.parent().unwrap_or(Path::new("/"));
    let file = UnfinishedFile::create(folder, existing.map(|file| file.permissions()));
    // An error without the temporary file's name, which would only confuse.
    Ok(Target::Replacing(file.map_err(|error| error.kind())?))
}
