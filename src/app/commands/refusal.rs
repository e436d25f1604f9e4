//! Command lines that are wrong, where more can be said than what is wrong.

use std::ffi::OsString;
use std::path::Path;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Error};

use super::Arguments;
use crate::data::named;

/// The same error; with a tip where `--data` was forgotten before a dataset.
pub(super) fn with_tip(mut error: Error) -> Error {
    if let Some(dataset) = forgotten(&error) {
        let tip = StyledStr::from(tip(&dataset));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// What is to be said of a dataset that stands where a file is expected, if it is one: a
/// name or a folder.
pub(super) fn dataset_in_place_of_file(path: &Path) -> Option<String> {
    let word = path.to_str()?;
    let is_dataset = is_name(word) && !path.is_file() || path.is_dir();
    is_dataset.then(|| format!("{word} is no file; {}", tip(word)))
}

fn tip(dataset: &str) -> String {
    format!("a dataset is named with '--data {dataset}'")
}

fn is_name(word: &str) -> bool {
    named::entry(word).is_some() || word.split(':').next() == Some("synthetic")
}

/// A dataset that stands where the command takes no argument.
fn forgotten(error: &Error) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_dataset = || is_name(word) || Path::new(word).exists();
    let has_data = || takes_data(std::env::args_os().skip(1));
    (is_dataset() && !word.starts_with('-') && has_data()).then(|| word.clone())
}

/// Whether the command that these words begin with has `--data`.
fn takes_data(words: impl Iterator<Item = OsString>) -> bool {
    let all = Arguments::command();
    let command = words.scan(&all, |command: &mut &Command, word| {
        *command = command.find_subcommand(word)?;
        Some(*command)
    });
    let command = command.last();
    command.is_some_and(|command| command.get_arguments().any(|it| it.get_id() == "data"))
}
