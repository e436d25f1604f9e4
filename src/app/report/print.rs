//! What reaches standard output and standard error.

use std::fmt::Display;
use std::io::Write;

use super::wrap::wrapped;
use super::{signs, terminal, text};
use crate::app::{Error, Result, stdout};

/// What a command has found.
#[derive(Debug)]
pub enum Results {
    /// For a person.
    Text(String),
    /// For a person while a file goes to standard output: on standard error.
    Aside(String),
    /// For a program: the same bytes in every locale.
    Data(String),
}

/// Before each line of a message.
const NAME: &str = "ncm: ";

/// Writes results. Style codes reach terminals only, and only without
/// `NO_COLOR`. A reader that stops reading is no failure.
///
/// # Errors
/// When standard output cannot be written, as on a full disk.
pub fn print(results: &Results) -> Result<()> {
    match results {
        Results::Text(text) => output(&signs::for_locale(text)),
        Results::Data(data) => output(data),
        Results::Aside(text) => {
            message(text);
            Ok(())
        }
    }
}

fn output(text: &str) -> Result<()> {
    let mut out = stdout::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(Error::Output)
}

/// Writes a message for the user to standard error: one line, which a terminal
/// is given in pieces that fit it.
pub fn note(line: impl Display) {
    let line = format!("{NAME}{}", text::printable(&line.to_string()));
    let line = match terminal::width_of_messages() {
        Some(width) => wrapped(&line, [0, NAME.len()], width),
        None => line,
    };
    message(&(line + "\n"));
}

fn message(text: &str) {
    // With nowhere to say it, there is nothing to do about it.
    let _ = anstream::stderr().write_all(signs::for_locale(text).as_bytes());
}
