//! Files in the making: temporary ones beside where they will be, since only
//! there they can be renamed to their place, and gone if that never happens.

use std::fs::Permissions;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// A file in `folder` with these permissions, else those of any new file.
pub(crate) fn unfinished(
    folder: &Path,
    permissions: Option<Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ncm-unfinished-");
    if let Some(permissions) = permissions.or_else(new_file_permissions) {
        builder.permissions(permissions);
    }
    builder.tempfile_in(folder)
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
