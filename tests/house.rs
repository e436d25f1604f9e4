//! The rooms of `src/`. Data moves from left to right, and a room imports only
//! rooms to its left; backends never import each other, and one file selects
//! among them; only `app` speaks of the command line.

mod files;
mod planted;
mod source;

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{Outcome, ensure, failed};
use files::{Offence, Source, sources};
use source::{code, paths, words};

/// The rooms, from left to right.
const ROOMS: [&str; 6] = [
    "data",
    "classifier",
    "backends",
    "evaluation",
    "pictures",
    "app",
];

/// What every room may import.
const ERROR: &str = "error";

/// The most entries that `src/` has.
const MOST_ENTRIES: usize = 12;

const BACKENDS: [&str; 3] = ["cpu", "gpu", "reference"];

/// The files that know every backend: the one that selects, and the room's
/// own, which declares them.
const SELECT: &str = "backends/select.rs";
const DECLARED: &str = "backends/mod.rs";

/// What is `app`'s business alone, beside options: words, and advice to give a
/// command or other options, however it begins.
const OF_APP: [&str; 3] = ["ExitCode", "clap", "exit_code"];
const ADVICE: [&str; 2] = ["`ncm ", "Usage("];

const LISTS: &str = "lists the backends";

/// Where every backend may be named once more: `Kind`, the name that results
/// carry of the one that made them, which is data and decides nothing; and
/// `ncm bench`, which is about these very three, two against each other and
/// both checked by the third.
const MAY_LIST: [&str; 2] = ["backends/backend.rs", "app/commands/bench.rs"];

#[test]
fn rooms_import_rooms_to_their_left() -> Outcome {
    none(sources()?.iter().flat_map(wrong_imports))
}

#[test]
fn backends_are_known_to_one_file() -> Outcome {
    let sources = sources()?;
    none(sources.iter().flat_map(entangled))?;
    none(sources.iter().filter_map(list_of_backends))
}

#[test]
fn speaks_of_the_command_line_in_one_room() -> Outcome {
    none(sources()?.iter().flat_map(words_of_app))
}

#[test]
fn has_six_rooms_and_little_beside_them() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries: Vec<_> = std::fs::read_dir(&root)
        .map_err(failed)?
        .flatten()
        .collect();
    ensure(entries.len() <= MOST_ENTRIES, || {
        format!("src/ has {} entries", entries.len())
    })?;
    let folders = entries.iter().filter(|entry| entry.path().is_dir());
    let found: BTreeSet<_> = folders
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    // The error type, which is in no room, has a folder of its own.
    let expected = ROOMS.into_iter().chain([ERROR]).map(String::from);
    ensure(found == expected.collect(), || {
        format!("src/ has the folders {found:?}")
    })?;
    for room in ROOMS {
        let text = std::fs::read_to_string(root.join(room).join("mod.rs")).map_err(failed)?;
        ensure(text.starts_with("//! ") && text.contains("import"), || {
            format!("src/{room}/mod.rs does not say what the room may import")
        })?;
    }
    Ok(())
}

/// Imports of rooms to the right, and of what is in no room by its name.
fn wrong_imports(source: &Source) -> Vec<Offence> {
    let wrong = |path: &[String]| {
        let first = path.first()?;
        let of = ROOMS.iter().position(|room| room == first);
        match (of, source.room()) {
            (None, _) if first == ERROR => None,
            (None, _) => Some(format!("crate::{first} is in no room; say where it is")),
            (Some(of), Some(own)) if of <= own => None,
            (_, own) => {
                let own = own.map_or("what is beside the rooms", |own| ROOMS[own]);
                Some(format!("{own} imports {}", path.join("::")))
            }
        }
    };
    let named = paths(&source.place, &source.text).into_iter();
    let all = named.filter_map(|named| Some(source.offence(named.line, wrong(&named.path)?)));
    all.filter(|_| !source.is_root()).collect()
}

/// Uses of a backend beside its own and those of the file that selects.
fn entangled(source: &Source) -> Vec<Offence> {
    let wrong = |path: &[String]| {
        let [room, backend, ..] = path else {
            return None;
        };
        let is_backend = room == "backends" && BACKENDS.contains(&&**backend);
        let is_fine = source.is_of(backend) || [SELECT, DECLARED].contains(&&*source.place);
        (is_backend && !is_fine).then(|| format!("knows {}", path.join("::")))
    };
    let named = paths(&source.place, &source.text).into_iter();
    let all = named.filter_map(|named| Some(source.offence(named.line, wrong(&named.path)?)));
    all.collect()
}

/// A second list of all backends, by whatever kind of name.
fn list_of_backends(source: &Source) -> Option<Offence> {
    let code = code(&source.text, true);
    let lists = BACKENDS.map(|backend| {
        let mut named = words(&code).filter(|(_, word)| word.eq_ignore_ascii_case(backend));
        named.next()
    });
    let [Some((one, _)), Some((two, _)), Some((three, _))] = lists else {
        return None;
    };
    let is_fine =
        [SELECT, DECLARED].contains(&&*source.place) || MAY_LIST.contains(&&*source.place);
    (!is_fine).then(|| source.offence(one.max(two).max(three), LISTS))
}

/// What another room than `app` says of the command line.
fn words_of_app(source: &Source) -> Vec<Offence> {
    if source.place.starts_with("app/") || source.place == "main.rs" {
        return Vec::new();
    }
    let code = code(&source.text, true);
    let words = words(&code).filter(|(_, word)| OF_APP.contains(word));
    let mut found: Vec<_> = words
        .map(|(line, word)| source.offence(line, word))
        .collect();
    for (line, text) in (1..).zip(code.lines()) {
        let options = text.match_indices("--").map(|(at, _)| {
            let end = |next: char| !next.is_ascii_lowercase() && next != '-';
            let option = &text[at..];
            &option[..option.find(end).unwrap_or(option.len())]
        });
        let options = options.filter(|option| !option.trim_start_matches('-').is_empty());
        found.extend(options.map(|option| source.offence(line, option)));
        let advice = ADVICE.iter().filter(|advice| text.contains(**advice));
        found.extend(advice.map(|&advice| source.offence(line, advice)));
    }
    found
}

fn none(found: impl Iterator<Item = Offence>) -> Outcome {
    let found: Vec<_> = found.map(|offence| offence.to_string()).collect();
    ensure(found.is_empty(), || found.join("\n"))
}
