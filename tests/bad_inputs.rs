//! Hundreds of bad inputs given to the command as its users would: each gets
//! one clear line and exit code 3, in bounded memory.
//!
//! What the lines say, but for repetitions, is kept in `bad_inputs/messages.txt`, to be read as a
//! whole; `NCM_BLESS=1` writes it anew after a change of messages.

mod archives;
mod bytes;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command_line::{limited, ncm, run};
use crate::support::{Folder, Outcome, ensure, failed};

/// A bad input.
pub struct Case {
    name: String,
    /// Bytes under names in a folder; the rest of it is a good dataset.
    files: Vec<(String, Vec<u8>)>,
    /// What else is done to the folder.
    prepare: Option<fn(&Folder) -> Outcome>,
    /// What is named in the folder; the folder itself where that is empty.
    named: &'static str,
}

impl Case {
    /// A file of other content.
    fn file(name: String, file: impl Into<String>, content: Vec<u8>) -> Self {
        Self {
            name,
            files: vec![(file.into(), content)],
            prepare: None,
            named: "",
        }
    }
}

/// Memory that a run may have beyond twice its input.
const SPARE: u64 = 64_000_000;

fn cases() -> Vec<Case> {
    let mut cases = bytes::cases();
    cases.extend(archives::cases());
    cases.extend(places::cases());
    if cfg!(unix) {
        cases.extend(places::on_unix());
    }
    cases
}

#[test]
fn get_one_clear_line_each() -> Outcome {
    let mut messages = BTreeMap::new();
    for case in &cases() {
        let message = message(case).map_err(|error| format!("{}: {error}", case.name))?;
        let twice = messages.insert(case.name.clone(), message).is_some();
        ensure(!twice, || format!("{} is there twice", case.name))?;
    }
    ensure(messages.len() >= 200, || {
        format!("{} cases", messages.len())
    })?;
    let text: String = messages
        .iter()
        .filter(|(name, message)| is_kept(name, message, &messages))
        .map(|(name, message)| format!("{name}\n    {message}\n"))
        .collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_inputs/messages.txt");
    if std::env::var_os("NCM_BLESS").is_some() {
        std::fs::write(&golden, &text).map_err(failed)?;
    }
    let mut expected = std::fs::read_to_string(&golden).map_err(failed)?;
    if cfg!(not(unix)) {
        expected = without(&expected, &places::on_unix());
    }
    let differs = text.lines().zip(expected.lines()).find(|(a, b)| a != b);
    ensure(text == expected, || match differs {
        Some((found, expected)) => format!("found:    {found}\nexpected: {expected}"),
        None => "other lines than in messages.txt".into(),
    })
}

/// The expected messages, but for those of some cases.
fn without(messages: &str, cases: &[Case]) -> String {
    let lines: Vec<&str> = messages.lines().collect();
    let is_other = |pair: &&[&str]| cases.iter().all(|case| case.name != pair[0]);
    let kept = lines.chunks(2).filter(is_other);
    kept.flatten().map(|line| format!("{line}\n")).collect()
}

/// Test files get what training files get, and most gzipped ones what plain ones get.
fn is_kept(name: &str, message: &str, messages: &BTreeMap<String, String>) -> bool {
    let plain = name.strip_suffix(", gzipped");
    let like_plain = plain.and_then(|plain| messages.get(plain));
    !name.starts_with("t10k") && like_plain.is_none_or(|plain| plain != message)
}

/// Inputs are distinct, or there would be fewer than are counted.
#[test]
fn are_read_as_what_they_are() -> Outcome {
    let cases = cases();
    let distinct: BTreeSet<_> = cases
        .iter()
        .map(|case| {
            (
                &case.files,
                case.prepare.map(|prepare| prepare as usize),
                case.named,
            )
        })
        .collect();
    ensure(distinct.len() == cases.len(), || {
        format!("{} of {} are distinct", distinct.len(), cases.len())
    })
}

/// What the command says of a case, with DIR for the folder.
fn message(case: &Case) -> Result<String, String> {
    let folder = Folder::new();
    for (name, content) in &case.files {
        folder.write(name, content);
    }
    if let Some(prepare) = case.prepare {
        prepare(&folder)?;
    }
    let named = match case.named {
        "" => folder.path().to_owned(),
        named => folder.path().join(named),
    };
    let bytes = bytes_below(folder.path())?;
    let ran = run(&mut within(2 * bytes + SPARE, &named))?;
    let line = ran.stderr.trim_end().to_owned();
    ensure(ran.code == Some(3) && ran.stdout.is_empty(), || {
        format!("exit code {:?}: {}{line}", ran.code, ran.stdout)
    })?;
    let dir = folder.path().display().to_string();
    let says = line
        .strip_prefix("ncm: error: ")
        .filter(|says| says.starts_with(&dir) && says.lines().count() == 1)
        .ok_or_else(|| format!("not one line about the file: {line}"))?;
    let parts = ["found ", "; expected ", "; "];
    ensure(parts.iter().all(|part| says.contains(part)), || {
        format!("no found, expected and advice: {says}")
    })?;
    let says = says.replace(&dir, "DIR");
    // Windows has other separators.
    Ok(match cfg!(windows) {
        true => says.replace('\\', "/"),
        false => says,
    })
}

/// The command on a dataset, with so much memory of its own and no more.
fn within(bytes: u64, named: &Path) -> Command {
    let arguments = ["accuracy", "--backend", "cpu", "--offline", "--data"];
    let mut plain = ncm(&arguments);
    plain.arg(named).env("RAYON_NUM_THREADS", "2");
    match cfg!(target_os = "linux") {
        true => limited(&format!("ulimit -d {}", bytes / 1024), plain),
        false => plain,
    }
}

fn bytes_below(folder: &Path) -> Result<u64, String> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder).map_err(failed)? {
        let path: PathBuf = file.map_err(failed)?.path();
        // What a link leads to is not in the folder.
        let found = path.symlink_metadata().map_err(failed)?;
        bytes += if found.is_file() { found.len() } else { 0 };
    }
    Ok(bytes)
}
