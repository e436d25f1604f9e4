//! Result files, whole or not at all.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::destination::{Destination, Place};
use crate::app::stdout;
use crate::data::unfinished::UnfinishedFile;
use crate::error::{Error, Result};

/// A file that is there whole once it is finished and as it was before until
/// then. What is not a regular file, such as a pipe, is written to as it is.
pub struct ResultFile {
    /// As the user calls it, for messages.
    path: PathBuf,
    writer: BufWriter<Target>,
}

/// What is written to.
enum Target {
    /// The temporary file that takes the place of the old one.
    Replacing(UnfinishedFile, PathBuf),
    /// A pipe, a device or standard output.
    Stream(Box<dyn Write>),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Replacing(file, _) => file.write(bytes),
            Self::Stream(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Replacing(file, _) => file.flush(),
            Self::Stream(stream) => stream.flush(),
        }
    }
}

/// Writes a whole file.
///
/// # Errors
/// When nothing can be written there.
pub fn write_whole(destination: &Destination, bytes: &[u8]) -> Result<()> {
    let mut file = ResultFile::create(destination)?;
    file.write_bytes(bytes)?;
    file.finish()
}

impl ResultFile {
    /// Starts to write what will be at `destination`.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn create(destination: &Destination) -> Result<Self> {
        let path = destination.name();
        let target = match destination.place() {
            Place::Output => Target::Stream(Box::new(stdout::bytes())),
            Place::File(place) => open(place).map_err(Error::unwritable(path))?,
        };
        Ok(Self {
            path: path.to_owned(),
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
            Target::Replacing(file, place) => {
                let persisted = file.sync().and_then(|()| file.persist(&place));
                persisted.map_err(Error::unwritable(&self.path))
            }
            Target::Stream(_) => Ok(()),
        }
    }
}

fn open(place: &Path) -> io::Result<Target> {
    let existing = place.metadata().ok();
    if let Some(existing) = &existing {
        // Opened even where it will be replaced: a read-only file must not be.
        let file = OpenOptions::new().write(true).open(place)?;
        if !existing.is_file() {
            return Ok(Target::Stream(Box::new(file)));
        }
    }
    let folder = place.parent().unwrap_or(Path::new("/"));
    let file = UnfinishedFile::create(folder, existing.map(|file| file.permissions()));
    // An error without the temporary file's name, which would only confuse.
    let file = file.map_err(|error| error.kind())?;
    Ok(Target::Replacing(file, place.to_owned()))
}
