//! Files in the making: temporary ones beside where they will be, since only
//! there they can be renamed to their place. They go when they are dropped, and
//! when the program is interrupted.

use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

/// Files that were begun; those that are finished are there no more.
static BEGUN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// How their names begin.
const PREFIX: &str = ".ncm-unfinished-";

/// A file in `folder` with these permissions, else those of any new file.
pub(crate) fn unfinished(
    folder: &Path,
    permissions: Option<Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    if let Some(permissions) = permissions.or_else(new_file_permissions) {
        builder.permissions(permissions);
    }
    // Locked meanwhile, so that an interruption finds every file there is.
    let mut begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    let file = builder.tempfile_in(folder)?;
    begun.push(file.path().to_owned());
    Ok(file)
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
    let begun = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    for path in &*begun {
        // Most are finished, and so not there.
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
