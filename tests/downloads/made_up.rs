//! A dataset of four small files under a name that only this test knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ncm::internals::data::named::{Access, Contents, Entry, Patience, Published};
use tempfile::TempDir;

use crate::support::{
    Answer, Folder, Mirror, Outcome, authority, ensure, failed, files_of, sha256,
};

/// The folder of the cache and of mirrors that the dataset is in.
pub const UNDER: &str = "made-up";

/// Files by name, and the dataset that they are.
pub struct MadeUp {
    pub files: BTreeMap<String, Vec<u8>>,
    pub entry: Entry,
}

/// A file as the catalog describes it; what is leaked is small.
pub fn published(name: &str, bytes: &[u8]) -> Published {
    let digits = sha256(bytes);
    Published {
        name: String::leak(name.to_owned()),
        bytes: bytes.len() as u64,
        sha256: String::leak(digits),
    }
}

impl MadeUp {
    pub fn new() -> Self {
        Self::of(files_of(&Folder::new(), UNDER))
    }

    /// A dataset of these four files.
    pub fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let described = Folder::FILES.map(|name| {
            let name = format!("{name}.gz");
            published(&name, &files[&format!("{UNDER}/{name}")])
        });
        Self {
            files,
            entry: entry(UNDER, Contents::Files(described)),
        }
    }

    pub fn mirror(&self, answer: Answer) -> Result<Mirror, String> {
        Mirror::start(self.files.clone(), answer)
    }
}

/// A dataset of these contents.
pub fn entry(name: &'static str, contents: Contents) -> Entry {
    Entry {
        name,
        about: "for this test",
        images: [6, 4],
        classes: 3,
        mirrors: &[],
        contents,
        cached_under: UNDER,
    }
}

/// Mirrors in this order, and a cache.
pub fn access(cache: &Path, mirrors: &[&str]) -> Access {
    access_trusting(cache, mirrors, authority())
}

/// As [`access`], with certificates of the caller's.
pub fn access_trusting(cache: &Path, mirrors: &[&str], certificates: PathBuf) -> Access {
    Access {
        cache: Some(cache.to_owned()),
        offline: false,
        patience: Patience::Usual,
        mirrors: Some(mirrors.iter().map(|&url| url.to_owned()).collect()),
        silence: Duration::from_secs(1),
        certificates: Some(certificates),
    }
}

pub fn cache() -> Result<TempDir, String> {
    tempfile::tempdir().map_err(failed)
}

/// Fetches, and reads what came.
pub fn fetch(made_up: &MadeUp, access: &Access) -> Result<(), String> {
    let files = made_up.entry.fetch(access, &|_| ()).map_err(failed)?;
    for (file, published) in files.iter().zip(made_up.entry.contents.published()) {
        let there = std::fs::read(file).map_err(failed)?;
        let right = &made_up.files[&format!("{UNDER}/{}", published.name)];
        ensure(&there == right, || format!("{} is another", published.name))?;
    }
    nothing_unfinished(&made_up.entry.folder(access).map_err(failed)?)
}

/// Only files and the lock are in a folder.
pub fn nothing_unfinished(folder: &Path) -> Outcome {
    let Ok(there) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    let names = there.flatten().map(|file| file.file_name());
    let unfinished: Vec<_> = names
        .filter(|name| name.to_string_lossy().starts_with(".ncm-unfinished"))
        .collect();
    ensure(unfinished.is_empty(), || format!("{unfinished:?} is left"))
}
