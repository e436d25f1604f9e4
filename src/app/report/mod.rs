//! Turns results into what people and programs read. Everything here but
//! [`print()`], [`note`], [`picture_file`], [`mod@file`], [`destination`],
//! [`predictions_file`], [`Progress`] and what [`terminal`], [`colours`] and `signs` say of
//! the terminal and the locale is a pure function of results.

mod about;
pub mod accuracy;
mod bars;
pub mod bench;
pub mod bootstrap;
mod classes;
pub mod classes_file;
pub mod colours;
pub mod compare;
pub mod confusion_picture;
pub mod curve;
mod curve_chart;
pub mod data;
pub mod dataset_report;
pub mod datasets;
pub mod destination;
pub mod devices;
pub mod distances;
pub mod draw;
pub mod drawn_curve;
pub mod file;
mod heat;
pub mod info;
mod json;
mod lettering;
pub mod means;
mod merged;
pub mod montage;
pub mod orders_file;
pub mod page;
pub mod part;
mod plot;
mod points;
pub mod predictions;
pub mod predictions_file;
mod print;
mod progress;
pub mod raster;
pub mod schema;
pub mod show;
mod signs;
mod table;
pub mod terminal;
mod text;
pub mod vectors;
mod verdict;
mod worded;
mod wrap;

use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::data::Shape;
use crate::error::Result;

use destination::Destination;
use file::write_whole;
pub use print::{Results, note, print};
pub use progress::Progress;
use raster::Raster;
pub use text::{next, written};
pub use verdict::verdict;
pub use worded::worded;

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

    /// What the samples look like that it is about, if it is about some.
    fn shape(&self) -> Option<Shape> {
        None
    }

    /// A text about images, or about samples where these are none.
    fn worded(&self, text: String) -> String {
        match self.shape() {
            Some(shape) => worded(text, shape),
            None => text,
        }
    }

    /// As one or the other; a text ends with what to ask next.
    fn rendered(&self, as_json: bool, next: &str) -> Results {
        if as_json {
            Results::Data(self.json())
        } else {
            Results::Text(self.worded(self.text() + next))
        }
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

/// Writes a picture as a PNG file, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn picture_file(destination: &Destination, raster: &Raster) -> Result<()> {
    write_whole(destination, &raster.png()?)
}
