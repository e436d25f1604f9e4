//! The words of the command line before and after they are parsed: what a shell
//! left undone, and what was probably forgotten.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use super::Arguments;
use crate::data::home;
use crate::data::named::entry;
use crate::data::synthetic::Synthetic;

impl Arguments {
    /// Parses the words that the program was started with; where they mean
    /// nothing, says so and ends it.
    pub fn from_command_line() -> Self {
        let words: Vec<OsString> = std::env::args_os().map(at_home).collect();
        let command = words
            .get(1)
            .and_then(|word| word.to_str())
            .map(str::to_owned);
        Self::try_parse_from(words).unwrap_or_else(|error| {
            with_forgotten_option(error, command.as_deref().unwrap_or_default()).exit()
        })
    }
}

/// A word with the home folder in place of a leading `~`, alone or as the value
/// of an option: no shell expands `--data=~/x`.
fn at_home(word: OsString) -> OsString {
    match word.to_str().and_then(|text| text.split_once('=')) {
        Some((option, value)) if option.starts_with("--") => {
            let mut whole = OsString::from(format!("{option}="));
            whole.push(home::expanded(PathBuf::from(value)));
            whole
        }
        _ => home::expanded(PathBuf::from(word)).into_os_string(),
    }
}

/// An error with a tip where a dataset was named without `--data`.
fn with_forgotten_option(mut error: clap::Error, command: &str) -> clap::Error {
    let word = match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(word))) => word.clone(),
        _ => return error,
    };
    let parser = Arguments::command();
    let takes_data = parser.find_subcommand(command).is_some_and(|command| {
        let mut options = command.get_arguments();
        options.any(|option| option.get_long() == Some("data"))
    });
    if takes_data && is_dataset(&word) {
        let tip = format!("to use that dataset say '--data {word}'");
        let tip = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

fn is_dataset(word: &str) -> bool {
    let is_name = entry(word).is_some() || Synthetic::parse(word).is_some();
    is_name || !word.starts_with('-') && Path::new(word).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_options_are_at_home_as_well() {
        let home = std::env::home_dir().expect("a home folder");
        let of = |word: &str| PathBuf::from(at_home(word.into()));
        assert_eq!(of("~/x"), home.join("x"));
        let whole = format!("--data={}", home.join("x").display());
        assert_eq!(of("--data=~/x"), PathBuf::from(whole));
        for word in [
            "--data=./~/x",
            "--adapter=~",
            "accuracy",
            "a=~/x",
            "--json",
            "--x=a=~/b",
        ] {
            let same = word.contains("adapter") || of(word) == PathBuf::from(word);
            assert!(same, "{word}");
        }
    }
}
