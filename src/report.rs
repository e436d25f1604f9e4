//! Turns results into what people and programs read. Everything here but
//! [`print()`], [`note`], [`mod@file`] and [`Progress`] is a pure function of results.

pub mod accuracy;
pub mod bench;
mod classes;
pub mod compare;
pub mod csv;
pub mod data;
pub mod datasets;
pub mod devices;
pub mod distances;
pub mod file;
pub mod info;
mod json;
mod progress;
pub mod raster;
mod text;

use std::io::{ErrorKind, Write};

use crate::error::{Error, Result};

pub use progress::Progress;

/// Writes results to standard output. Style codes reach terminals only, and
/// only without `NO_COLOR`. A reader that stops reading is no failure.
///
/// # Errors
/// When standard output cannot be written, as on a full disk.
pub fn print(results: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(results.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Writes one line for the user to standard error.
pub fn note(line: impl std::fmt::Display) {
    // With nowhere to say it, there is nothing to do about it.
    let _ = writeln!(anstream::stderr(), "ncm: {line}");
}
