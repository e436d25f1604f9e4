//! Files in the making: temporary ones beside where they will be, since only
//! there they can be renamed to their place. They go when they are dropped, and
//! when the program is interrupted.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// The files that are in the making now. A signal handler is given no context
/// and must find them, so this is for the whole process; what is put in its
/// place or dropped leaves it.
static IN_THE_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How their names begin.
const PREFIX: &str = ".ncm-unfinished-";

/// A temporary file that is removed unless it is put in its place.
pub(crate) struct UnfinishedFile {
    file: NamedTempFile,
    // Dropped after the file: until then an interruption must find it.
    _registration: Registration,
}

impl UnfinishedFile {
    /// A file in `folder` with these permissions, else those of any new file.
    pub(crate) fn create(folder: &Path, permissions: Option<Permissions>) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        if let Some(permissions) = permissions.or_else(new_file_permissions) {
            builder.permissions(permissions);
        }
        // Locked meanwhile, so that an interruption finds every file there is.
        let mut in_the_making = in_the_making();
        let file = builder.tempfile_in(folder)?;
        let path = file.path().to_owned();
        in_the_making.push(path.clone());
        Ok(Self {
            file,
            _registration: Registration(path),
        })
    }

    /// Where it is until it is in its place.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Has the disk hold what was written, so that a power cut cannot leave a
    /// file that is whole in name only.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Puts it in its place, over what is there.
    pub(crate) fn persist(self, place: &Path) -> io::Result<()> {
        self.file.persist(place)?;
        Ok(())
    }

    /// Puts it in its place unless there is a file.
    pub(crate) fn persist_noclobber(self, place: &Path) -> io::Result<()> {
        self.file.persist_noclobber(place)?;
        Ok(())
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Straight to the file: the temporary name, which means nothing to
        // anybody, stays out of errors.
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// A file's entry among those in the making.
struct Registration(PathBuf);

impl Drop for Registration {
    fn drop(&mut self) {
        in_the_making().retain(|path| *path != self.0);
    }
}

fn in_the_making() -> MutexGuard<'static, Vec<PathBuf>> {
    IN_THE_MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what runs that were killed have left in a folder in which nobody
/// else writes now.
pub(crate) fn sweep(folder: &Path) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

/// Removes all unfinished files and runs `end`, which does not return; none is
/// begun meanwhile.
pub fn remove_all_and_end(end: fn() -> !) -> ! {
    // Held until the end: no file is begun any more.
    let in_the_making = in_the_making();
    for path in &*in_the_making {
        // One may have been put in its place just now.
        let _ = fs::remove_file(path);
    }
    end()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_and_dropped_files_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let is_known = |path: &Path| in_the_making().iter().any(|known| known == path);
        let create = || UnfinishedFile::create(folder.path(), None).expect("a file");
        let (kept, dropped) = (create(), create());
        let paths = [&kept, &dropped].map(|file| file.path().to_owned());
        assert!(paths.iter().all(|path| is_known(path)));
        kept.persist(&folder.path().join("kept"))
            .expect("in its place");
        drop(dropped);
        assert!(!paths.iter().any(|path| is_known(path) || path.exists()));
        assert!(folder.path().join("kept").exists());
    }
}
