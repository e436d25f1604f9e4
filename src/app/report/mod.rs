//! Turns results into what people and programs read. Everything here but
//! [`print()`], [`note`], [`picture_file`], [`mod@file`], [`predictions_file`],
//! [`Progress`] and what [`terminal`] says of the terminal is a pure function of
//! results.

pub mod accuracy;
mod bars;
pub mod bench;
mod classes;
pub mod compare;
pub mod confusion_picture;
pub mod data;
pub mod dataset_report;
pub mod datasets;
pub mod devices;
pub mod distances;
pub mod draw;
pub mod file;
mod heat;
pub mod info;
mod json;
mod lettering;
pub mod means;
pub mod montage;
pub mod page;
pub mod predictions;
pub mod predictions_file;
mod progress;
pub mod raster;
pub mod schema;
pub mod show;
mod table;
pub mod terminal;
mod text;
mod verdict;

use std::io::{ErrorKind, Write};

use crate::app::{self, stdout};
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::error::Result;

use file::{Destination, ResultFile};
pub use progress::Progress;
use raster::Raster;
pub use text::written;
pub use verdict::verdict;

/// Classes that a person is shown of very many.
pub(crate) const MOST_CLASSES: usize = 100;

/// Classes up to which a whole confusion matrix fits a terminal or a page.
const MATRIX_CLASSES: usize = 16;

/// A result that is shown as text or as JSON.
pub trait Report {
    /// As one JSON object.
    fn json(&self) -> String;

    /// For a person.
    fn text(&self) -> String;

    /// As one or the other.
    fn rendered(&self, as_json: bool) -> String {
        if as_json { self.json() } else { self.text() }
    }
}

/// Where a result was computed, and how long it took.
pub struct Run<'a> {
    /// Where.
    pub backend: Description,
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

/// Writes results to standard output. Style codes reach terminals only, and
/// only without `NO_COLOR`. A reader that stops reading is no failure.
///
/// # Errors
/// When standard output cannot be written, as on a full disk.
pub fn print(results: &str) -> app::Result<()> {
    let mut out = stdout::stdout();
    match out.write_all(results.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(app::Error::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a picture as a PNG file, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn picture_file(destination: &Destination, raster: &Raster) -> Result<()> {
    let bytes = raster.png()?;
    let mut file = ResultFile::create(destination)?;
    file.write_bytes(&bytes)?;
    file.finish()
}

/// Writes one line for the user to standard error.
pub fn note(line: impl std::fmt::Display) {
    // With nowhere to say it, there is nothing to do about it.
    let _ = writeln!(
        anstream::stderr(),
        "ncm: {}",
        text::printable(&line.to_string())
    );
}
