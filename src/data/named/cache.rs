//! The cache: a folder for each dataset, its files named by their checksums,
//! complete or not there, checked each time they are used.

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
use crate::data::unfinished;
use crate::error::{Error, Result};

/// Held by whoever writes to a dataset's folder.
const LOCK: &str = ".lock";

/// When nothing has come for so long others are not waited for any more: a lock
/// may be stuck, as on some network file systems, and files appear whole
/// without it.
const STUCK: Duration = Duration::from_secs(600);

/// Where a file is kept.
fn place(folder: &Path, file: &Published) -> PathBuf {
    folder.join(format!("{}-{}", &file.sha256[..8], file.name))
}

/// Whether a file is there and as long as it should be.
pub(super) fn has_length(folder: &Path, file: &Published) -> bool {
    let metadata = fs::metadata(place(folder, file));
    metadata.is_ok_and(|found| found.is_file() && found.len() == file.bytes)
}

/// The places of all files, each there and right, those fetched that are not.
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
    // Another process may have been here meanwhile.
    for (file, place) in files.iter().zip(&places) {
        if fault(folder, file)?.is_some() {
            let received = download.file(file, folder, watch)?;
            let persisted = received.persist(place);
            if let Err(error) = persisted
                // Without locks another process may have been quicker.
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

/// What is wrong with each file; they are read side by side.
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

/// Waits for the lock, and removes what runs that were killed have left; `None`
/// where there are no locks or it is stuck.
pub(super) fn lock(folder: &Path, watch: &dyn Fn(Fetching<'_>)) -> io::Result<Option<File>> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))?;
    let (mut changed, mut there) = (Instant::now(), bytes_in(folder));
    while changed.elapsed() < STUCK {
        match file.try_lock() {
            Ok(()) => {
                // Whoever writes holds the lock.
                unfinished::sweep(folder)?;
                return Ok(Some(file));
            }
            Err(TryLockError::WouldBlock) => {
                watch(Fetching::Waiting);
                let now = bytes_in(folder);
                if now != there {
                    (changed, there) = (Instant::now(), now);
                }
                thread::sleep(Duration::from_millis(50));
            }
            // Not on this file system.
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Ok(None)
}

/// Bytes in all files of a folder, as far as they can be seen.
fn bytes_in(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

/// Names are safe as well.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Where there is no folder there is no file.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
