//! The naive backend: every formula as written, in `f64`, one sample after another.
//! It is simple enough to check by reading, and the other backends are checked
//! against it.

mod images;
mod rows;

use images::ResidentImages;
use rows::ResidentRows;

use crate::backends::{Backend, Description, Kind, Resident};
use crate::data::{Split, View};
use crate::error::Result;

/// The reference backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference;

impl Backend for Reference {
    fn description(&self) -> Description {
        Description {
            kind: Kind::Reference,
            adapter: None,
        }
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        Ok(match split.view() {
            View::Images(images) => Box::new(ResidentImages { split, images }),
            View::Rows(rows) => Box::new(ResidentRows { split, rows }),
        })
    }
}
