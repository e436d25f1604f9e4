//! The files of a folder that may be one of a dataset's four.

use std::path::{Path, PathBuf};

use super::layout::{FAMILIES, Family};
use super::names::{PARTS, Part, Split, Understood, What, understand};
use crate::data::listing::{Listing, is_denied, may_not_be_read};
use crate::error::Result;

/// A file whose name is that of one of the four files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub name: Understood,
    pub path: PathBuf,
    place: Place,
}

/// Where a candidate is; what is in an earlier place is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A regular file in the folder itself.
    Here,
    /// A regular file in a subfolder that is named like a file. Kaggle unpacks
    /// each file into one.
    InItsFolder,
    /// A folder, pipe or device, which cannot be read.
    NoFile,
}

/// All candidates in a folder.
#[derive(Debug)]
pub(super) struct Candidates {
    folder: PathBuf,
    found: Vec<Candidate>,
}

impl Candidates {
    /// Looks into a folder.
    ///
    /// # Errors
    /// When it may not be read. Where there is none there are no candidates.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let mut found = Vec::new();
        match Listing::of(folder) {
            Ok(listing) => {
                for name in listing.names() {
                    found.extend(candidates(folder, name));
                }
            }
            // A folder may be closed to listing and open to whoever knows a name.
            Err(error) if is_denied(&error) => {
                let names = FAMILIES.into_iter().flat_map(published_names);
                found.extend(names.flat_map(|name| candidates(folder, &name)));
                if found.is_empty() {
                    return Err(may_not_be_read(folder));
                }
            }
            Err(_) => {}
        }
        // Regular files under published names first, in the order of preference.
        found.sort_by_cached_key(|candidate: &Candidate| {
            let spelling = candidate.name.published.unwrap_or(usize::MAX);
            (candidate.place, spelling, candidate.path.clone())
        });
        Ok(Self {
            folder: folder.to_owned(),
            found,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The preferred file of a part.
    pub(super) fn of_part(&self, part: Part) -> Option<&Candidate> {
        self.found
            .iter()
            .find(|candidate| candidate.name.part == part)
    }

    /// The families whose training images are here.
    pub(super) fn families(&self) -> Vec<Family> {
        let held = |&family: &Family| {
            let (split, what) = (Split::Train, What::Images);
            let part = Part {
                family,
                split,
                what,
            };
            self.of_part(part).is_some()
        };
        FAMILIES.into_iter().filter(held).collect()
    }
}

fn published_names(family: Family) -> impl Iterator<Item = String> {
    PARTS.into_iter().flat_map(move |(split, what)| {
        let part = Part {
            family,
            split,
            what,
        };
        part.published_names()
    })
}

/// What an entry of a folder may stand for: itself, or a file in it.
fn candidates(folder: &Path, name: &str) -> Vec<Candidate> {
    let Some(understood) = understand(name) else {
        return Vec::new();
    };
    let path = folder.join(name);
    // Links that lead nowhere are passed over.
    let Ok(metadata) = path.metadata() else {
        return Vec::new();
    };
    let candidate = |path: PathBuf, name: Understood, place| Candidate { name, path, place };
    if metadata.is_file() {
        return vec![candidate(path, understood, Place::Here)];
    }
    let mut found = Vec::new();
    if metadata.is_dir()
        && let Ok(listing) = Listing::of(&path)
    {
        for name in listing.names() {
            let file = path.join(name);
            let inner = understand(name).filter(|inner| inner.part == understood.part);
            if let Some(inner) = inner.filter(|_| file.is_file()) {
                found.push(candidate(file, inner, Place::InItsFolder));
            }
        }
    }
    found.push(candidate(path, understood, Place::NoFile));
    found
}
