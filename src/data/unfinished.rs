//! Temporary files in the folder of their destination, because an atomic rename
//! only works within one file system. They are removed when they are dropped
//! and when the program is interrupted. Their owner holds a lock on them, so that
//! what a killed process has left can be told from what another one is writing.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// The temporary files that exist now. It is global because a signal handler
/// receives no context and must find them. Files leave the list when they are
/// renamed into place or dropped.
static IN_THE_MAKING: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Prefix of the temporary names.
const PREFIX: &str = ".ncm-unfinished-";

/// A temporary file that is removed unless it is renamed into place.
pub(crate) struct UnfinishedFile {
    file: NamedTempFile,
    // Fields drop in order: until the file is removed, an interruption must find it.
    _registration: Registration,
}

impl UnfinishedFile {
    /// Creates a file in `folder` with these permissions, or those of any new file.
    pub(crate) fn create(folder: &Path, permissions: Option<Permissions>) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        if let Some(permissions) = permissions.clone().or_else(new_file_permissions) {
            builder.permissions(permissions);
        }
        sweep(folder);
        // Hold the list while creating, so that an interruption misses no file.
        let mut in_the_making = in_the_making();
        let file = create_locked(&builder, folder)?;
        if let Some(permissions) = permissions {
            // The umask has been applied to those of the builder.
            file.as_file().set_permissions(permissions)?;
        }
        let path = file.path().to_owned();
        in_the_making.push(path.clone());
        Ok(Self {
            file,
            _registration: Registration(path),
        })
    }

    /// The temporary path.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Calls fsync, so that a power failure cannot leave a file with its final
    /// name but incomplete content.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Renames the file into place, replacing any existing file.
    pub(crate) fn persist(self, place: &Path) -> io::Result<()> {
        self.file.persist(place)?;
        Ok(())
    }

    /// Renames the file into place unless a file already exists there.
    pub(crate) fn persist_noclobber(self, place: &Path) -> io::Result<()> {
        self.file.persist_noclobber(place)?;
        Ok(())
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Write to the inner file, so that errors do not mention the temporary
        // name, which means nothing to the user.
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// A file's entry in the list of temporary files.
struct Registration(PathBuf);

impl Drop for Registration {
    fn drop(&mut self) {
        in_the_making().retain(|path| *path != self.0);
    }
}

fn in_the_making() -> MutexGuard<'static, Vec<PathBuf>> {
    IN_THE_MAKING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates a file and locks it. Between the two, another process may take it for
/// one that was left behind and remove it; then another is created.
fn create_locked(builder: &tempfile::Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = builder.tempfile_in(folder)?;
        let is_ours = match file.as_file().try_lock() {
            Ok(()) => file.path().exists(),
            Err(TryLockError::WouldBlock) => false,
            // This file system has no locks, so nobody can remove it either.
            Err(TryLockError::Error(_)) => true,
        };
        if is_ours {
            return Ok(file);
        }
    }
}

/// Removes the temporary files in a folder whose owner is gone. Those that cannot
/// be opened or removed, and those that others remove meanwhile, are left alone.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_temporary = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_temporary
            && entry.file_type().is_ok_and(|it| it.is_file())
            && let Ok(file) = File::options().write(true).open(entry.path())
            // Locked while it is removed, so that its owner, if it has just created
            // it, notices.
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes all temporary files and runs `end`, which does not return. No new
/// one can be created in the meantime.
pub fn remove_all_and_end(end: fn() -> !) -> ! {
    // Keep the lock to the end, so that no new file is created.
    let in_the_making = in_the_making();
    for path in &*in_the_making {
        // Ignore errors: the file may just have been renamed into place.
        let _ = fs::remove_file(path);
    }
    end()
}

/// Permissions of a new file before the umask; `tempfile` would set stricter ones.
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

    #[test]
    fn only_what_nobody_owns_is_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let left = folder.path().join(".ncm-unfinished-left");
        let other = folder.path().join("other");
        for path in [&left, &other] {
            fs::write(path, "bytes").expect("a file");
        }
        let owned = UnfinishedFile::create(folder.path(), None).expect("a file");
        assert!(!left.exists() && other.exists() && owned.path().exists());
        sweep(folder.path());
        assert!(owned.path().exists());
    }
}
