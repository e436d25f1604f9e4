//! The rooms of `src/`. Data moves from left to right, and a room imports only
//! rooms to its left; backends never import each other, and one file selects
//! among them; only `app` speaks of the command line.

mod files;
mod planted;
mod source;

use std::collections::BTreeSet;
use std::path::Path;

use libtest_mimic::Trial;

use crate::support::{Outcome, ensure, failed, trial};
use files::{Offence, Source, sources};
use planted::planted;
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

/// Words of `app` that stand elsewhere as yet: a file, and what it says.
const KNOWN: &[(&str, &str)] = &[
    ("backends/gpu/choose.rs", "--backend"),
    ("backends/gpu/device.rs", "--adapter"),
    ("backends/gpu/device.rs", "--backend"),
    ("backends/known_answer.rs", "--adapter"),
    ("backends/known_answer.rs", "--backend"),
    ("backends/select.rs", "--adapter"),
    ("backends/select.rs", "--backend"),
    ("backends/select.rs", "Usage("),
    ("backends/select.rs", "`ncm "),
    ("classifier/model/file.rs", "--save"),
    ("classifier/model/file.rs", "`ncm "),
    ("data/from_bytes.rs", "--data"),
    ("data/idx/folder.rs", "--data"),
    ("data/idx/folder.rs", "`ncm "),
    ("data/named/access.rs", "Usage("),
    ("data/named/cache.rs", "`ncm "),
    ("data/place.rs", "`ncm "),
    ("data/survey.rs", "Usage("),
    ("data/synthetic/mod.rs", "--data"),
    ("data/synthetic/mod.rs", "Usage("),
    ("error.rs", "--backend"),
    ("error.rs", "--data"),
    ("error.rs", "Usage("),
    ("error.rs", "`ncm "),
    ("pictures/drawing.rs", "Usage("),
];

const LISTS: &str = "lists the backends";

/// Second lists of backends that are there as yet.
const KNOWN_LISTS: &[(&str, &str)] = &[
    ("app/commands/bench.rs", LISTS),
    ("app/commands/mod.rs", LISTS),
    ("backends/backend.rs", LISTS),
];

pub fn trials() -> Vec<Trial> {
    vec![
        trial("house has six rooms and little beside them", six_rooms),
        trial("house rooms import rooms to their left", || {
            none(sources()?.iter().flat_map(wrong_imports))
        }),
        trial("house backends are known to one file", || {
            let sources = sources()?;
            none(sources.iter().flat_map(entangled))?;
            unknown(sources.iter().filter_map(list_of_backends), KNOWN_LISTS)
        }),
        trial("house speaks of the command line in one room", || {
            unknown(sources()?.iter().flat_map(words_of_app), KNOWN)
        }),
        trial("house checks find what is planted", planted),
    ]
}

fn six_rooms() -> Outcome {
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
    ensure(found == ROOMS.map(String::from).into(), || {
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
    let is_fine = [SELECT, DECLARED].contains(&&*source.place);
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

/// As [`none`], but for what is known; what is known must be there.
fn unknown(found: impl Iterator<Item = Offence>, known: &[(&str, &str)]) -> Outcome {
    let (mut new, mut seen) = (Vec::new(), BTreeSet::new());
    for offence in found {
        let is_it =
            |&&(place, what): &&(&str, &str)| place == offence.place && what == offence.what;
        match known.iter().find(is_it) {
            Some(entry) => drop(seen.insert(entry)),
            None => new.push(offence.to_string()),
        }
    }
    let gone = known.iter().filter(|entry| !seen.contains(entry));
    new.extend(gone.map(|(place, what)| format!("src/{place} has no {what:?} any more")));
    ensure(new.is_empty(), || new.join("\n"))
}
