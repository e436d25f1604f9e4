//! The files of `src/`, and what is wrong in them.

use std::path::Path;

use super::ROOMS;
use crate::support::failed;

/// A file below `src/`.
pub struct Source {
    /// Its path from there.
    pub place: String,
    pub text: String,
}

/// Something that is not as it should be.
pub struct Offence {
    pub place: String,
    pub line: usize,
    pub what: String,
}

impl Source {
    pub fn new(place: &str, text: &str) -> Self {
        Self {
            place: place.into(),
            text: text.into(),
        }
    }

    /// The room, counted from the left; `None` beside the rooms.
    pub fn room(&self) -> Option<usize> {
        let first = self.place.split('/').next();
        ROOMS.iter().position(|&room| Some(room) == first)
    }

    /// Whether this is the crate's or the program's first file.
    pub fn is_root(&self) -> bool {
        ["lib.rs", "main.rs"].contains(&&*self.place)
    }

    /// Whether this is the file or in the folder of that backend.
    pub fn is_of(&self, backend: &str) -> bool {
        let inside = self.place.strip_prefix(&format!("backends/{backend}"));
        inside.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    }

    pub fn offence(&self, line: usize, what: impl Into<String>) -> Offence {
        Offence {
            place: self.place.clone(),
            line,
            what: what.into(),
        }
    }
}

impl std::fmt::Display for Offence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, line, what } = self;
        write!(formatter, "src/{place}:{line}: {what}")
    }
}

pub fn sources() -> Result<Vec<Source>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let inside = path.strip_prefix(&root).map_err(failed)?;
                let parts = inside.iter().map(|part| part.to_string_lossy());
                found.push(Source {
                    place: parts.collect::<Vec<_>>().join("/"),
                    text: std::fs::read_to_string(&path).map_err(failed)?,
                });
            }
        }
    }
    found.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(found)
}
