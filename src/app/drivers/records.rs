//! How the drivers of this machine opened, kept in the cache: a file for each set of
//! drivers, with a line for each opening that was tried.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use super::trial::Outcome;
use crate::data::named::Access;
use crate::data::unfinished::UnfinishedFile;

/// The name of a trial that concerns every opening: not even a list was had.
pub(super) const ALL: &str = "all";

const REAL: &str = "a real GPU";
const NONE: &str = "no real GPU";
const BAD: &str = "passed by, since ";
const HUNG: &str = "passed by after seconds ";

/// The records of one set of drivers; without a cache there are none.
pub(super) struct Records(Option<PathBuf>);

impl Records {
    pub(super) fn of(drivers: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (env!("CARGO_PKG_VERSION"), drivers).hash(&mut hasher);
        let access = Access::from_environment().ok();
        let cache = access.and_then(|access| access.cache);
        Self(cache.map(|cache| {
            cache
                .join("drivers")
                .join(format!("{:016x}", hasher.finish()))
        }))
    }

    /// How this opening went. One that hung for less than the present limit may be
    /// tried again.
    pub(super) fn find(&self, name: &str, limit: Duration) -> Option<Outcome> {
        let lines = self.lines();
        let of = |name: &str| {
            let line = lines.iter().find(|(_, opening)| *opening == line_of(name));
            line.and_then(|(outcome, _)| read(outcome))
        };
        let known = of(ALL).or_else(|| of(name));
        known.filter(|outcome| !matches!(outcome, Outcome::Hung(s) if *s < limit.as_secs()))
    }

    /// Keeps how an opening went, if that says something of the drivers.
    pub(super) fn keep(&self, name: &str, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Opened { real: true } => REAL.to_owned(),
            Outcome::Opened { real: false } => NONE.to_owned(),
            Outcome::Bad(reason) => format!("{BAD}{reason}"),
            Outcome::Hung(seconds) => format!("{HUNG}{seconds}"),
            Outcome::Ended(_) | Outcome::NotTried => return,
        };
        let mut lines = self.lines();
        // What is known of one opening says more than what was of all.
        lines.retain(|(_, opening)| ![ALL, name].map(line_of).contains(opening));
        lines.push((outcome, line_of(name)));
        let lines = lines.iter();
        let lines = lines.map(|(outcome, name)| format!("{outcome}: {name}\n"));
        // Where it cannot be kept, the next run tries the drivers again.
        let _ = self.write(&lines.collect::<String>());
    }

    pub(super) fn forget(&self) {
        if let Some(path) = &self.0 {
            // Where there is none, nothing is to be forgotten.
            let _ = fs::remove_file(path);
        }
    }

    /// How each opening went, and its name.
    fn lines(&self) -> Vec<(String, String)> {
        let text = self
            .0
            .as_ref()
            .and_then(|path| fs::read_to_string(path).ok());
        let text = text.unwrap_or_default();
        let parts = text.lines().filter_map(|line| line.split_once(": "));
        parts
            .map(|(outcome, name)| (outcome.into(), name.into()))
            .collect()
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        let Some((path, folder)) = self
            .0
            .as_ref()
            .and_then(|path| Some((path, path.parent()?)))
        else {
            return Ok(());
        };
        fs::create_dir_all(folder)?;
        let mut file = UnfinishedFile::create(folder, None)?;
        file.write_all(text.as_bytes())?;
        file.persist(path)
    }
}

/// An opening's name, which has an adapter's in it, so that it stays on its line.
fn line_of(name: &str) -> String {
    format!("{name:?}")
}

fn read(outcome: &str) -> Option<Outcome> {
    match outcome {
        REAL => Some(Outcome::Opened { real: true }),
        NONE => Some(Outcome::Opened { real: false }),
        _ if outcome.starts_with(HUNG) => outcome[HUNG.len()..].parse().ok().map(Outcome::Hung),
        _ => outcome
            .strip_prefix(BAD)
            .map(|reason| Outcome::Bad(reason.into())),
    }
}
