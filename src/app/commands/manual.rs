//! `ncm completions` and `ncm man`: what shells and `man` want to know of it.

use clap::CommandFactory;
use clap_complete::Shell;

use super::Arguments as All;
use crate::app::report::Results;
use crate::app::{Error, Result};
use crate::error::Error as LibraryError;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example, in bash: source <(ncm completions bash)")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page of ncm, or of one of its commands
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm man accuracy | man -l -")]
pub(super) struct Man {
    /// The command, as `accuracy` or `data fetch`
    command: Vec<String>,
}

pub(super) fn completions(arguments: &Completions) -> Result<Results> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut All::command(), "ncm", &mut script);
    as_text(script)
}

pub(super) fn man(arguments: &Man) -> Result<Results> {
    // So that a command is called by its whole name.
    let mut all = All::command().name("ncm");
    all.build();
    let unknown = || {
        let name = arguments.command.join(" ");
        Error::Usage(format!("there is no command {name:?}; see `ncm --help`"))
    };
    let mut words = arguments.command.iter();
    let command = words.try_fold(&all, |command, word| command.find_subcommand(word));
    let mut page = Vec::new();
    clap_mangen::Man::new(command.ok_or_else(unknown)?.clone())
        .source(concat!("ncm ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(Error::Output)?;
    as_text(page)
}

fn as_text(bytes: Vec<u8>) -> Result<Results> {
    let text = String::from_utf8(bytes);
    let text = text.map_err(|error| LibraryError::Invalid(error.to_string()))?;
    Ok(Results::Data(text))
}
