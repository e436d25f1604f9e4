//! The cache has a folder for each dataset. File names include the start of the
//! checksum. Files are renamed into place only when complete, and verified on
//! every use.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::access::Access;
use super::catalog::{Entry, Published};
use super::download::{Download, Fetching};
use crate::data::checksum::sha256;
use crate::error::{Error, Result};

/// The lock file held by the process that writes to a dataset's folder.
const LOCK: &str = ".lock";

/// Stop waiting for the lock after this long without progress. Locks can get
/// stuck, for example on some network file systems. Going on without it is
/// safe, because files are put in place by atomic rename.
const STUCK: Duration = Duration::from_secs(600);

/// The path of a file in the cache.
fn place(folder: &Path, file: &Published) -> PathBuf {
    folder.join(format!("{}-{}", &file.sha256[..8], file.name))
}

/// Whether a file exists and has the expected length.
pub(super) fn has_length(folder: &Path, file: &Published) -> bool {
    let metadata = fs::metadata(place(folder, file));
    metadata.is_ok_and(|found| found.is_file() && found.len() == file.bytes)
}

/// Returns the paths of all files after verifying each; missing or damaged ones
/// are fetched first.
pub(super) fn complete(
    entry: &Entry,
    folder: &Path,
    files: &[Published],
    access: &Access,
    watch: &dyn Fn(Fetching<'_>),
) -> Result<Vec<PathBuf>> {
    let places: Vec<_> = files.iter().map(|file| place(folder, file)).collect();
    let faults = faults(folder, files)?;
    if faults.iter().all(Option::is_none) {
        return Ok(places);
    }
    if access.offline {
        let fault = faults.into_iter().flatten().next();
        return Err(fault.unwrap_or(Fault::Missing).offline(entry, folder));
    }
    let unwritable = Error::unwritable(folder);
    let download = Download::new(entry, access)?;
    fs::create_dir_all(folder).map_err(unwritable)?;
    let _lock = lock(folder, watch).map_err(unwritable)?;
    // Check again: another process may have fetched files in the meantime.
    for (file, place) in files.iter().zip(&places) {
        if fault(folder, file)?.is_some() {
            let received = download.file(file, folder, watch)?;
            let persisted = received.persist(place);
            if let Err(error) = persisted
                // If locks are unavailable, another process may have written
                // the file first.
                && fault(folder, file)?.is_some()
            {
                return Err(Error::unwritable(place)(error));
            }
        }
    }
    sync_folder(folder).map_err(unwritable)?;
    Ok(places)
}

/// What is wrong with a file in the cache.
enum Fault {
    Missing,
    Other {
        path: PathBuf,
        found: String,
        expected: String,
    },
}

impl Fault {
    fn offline(self, entry: &Entry, folder: &Path) -> Error {
        match self {
            Self::Missing => Error::Offline {
                dataset: entry.name,
                folder: folder.to_owned(),
            },
            Self::Other {
                path,
                found,
                expected,
            } => Error::DamagedCache {
                dataset: entry.name,
                path,
                found,
                expected,
            },
        }
    }
}

/// Checks the files in parallel and returns what is wrong with each.
fn faults(folder: &Path, files: &[Published]) -> Result<Vec<Option<Fault>>> {
    files.par_iter().map(|file| fault(folder, file)).collect()
}

fn fault(folder: &Path, file: &Published) -> Result<Option<Fault>> {
    let path = place(folder, file);
    let length = match fs::metadata(&path) {
        Ok(found) => found.len(),
        Err(error) if is_missing(&error) => return Ok(Some(Fault::Missing)),
        Err(source) => return Err(Error::UnreadableCache { path, source }),
    };
    let other = |found, expected| {
        Ok(Some(Fault::Other {
            path: path.clone(),
            found,
            expected,
        }))
    };
    if length != file.bytes {
        return other(format!("{length} bytes"), format!("{} bytes", file.bytes));
    }
    let sum = sha256(&path)?;
    match sum == file.sha256 {
        true => Ok(None),
        false => other(format!("SHA-256 {sum}"), file.sha256.to_owned()),
    }
}

/// Waits for the lock. Returns `None` if the file system has no locks or the lock
/// is stuck.
pub(super) fn lock(folder: &Path, watch: &dyn Fn(Fetching<'_>)) -> io::Result<Option<File>> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))?;
    let (mut changed, mut there) = (Instant::now(), bytes_in(folder));
    while changed.elapsed() < STUCK {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => {
                watch(Fetching::Waiting);
                let now = bytes_in(folder);
                if now != there {
                    (changed, there) = (Instant::now(), now);
                }
                thread::sleep(Duration::from_millis(50));
            }
            // This file system does not support locks.
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Ok(None)
}

/// Total bytes of the readable files in a folder.
fn bytes_in(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

/// Calls fsync on the folder, so that renames survive a power failure.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// `NotADirectory` also means missing: without the folder the file cannot exist.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
