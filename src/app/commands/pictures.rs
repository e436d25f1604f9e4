//! Pictures that are given to be read.

use std::io;
use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::classifier::model::ModelFile;
use crate::data::picture::Picture;
use crate::error::{Error, Result};
use crate::pictures::frame::{Frame, Framed};

impl ValueEnum for Frame {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let meaning = match self {
            Self::Canonical => {
                "Crop to the ink, scale to MNIST's size, put the centre of mass in the middle"
            }
            Self::Plain => "Only resize, as the notebook does",
        };
        Some(PossibleValue::new(self.name()).help(meaning))
    }
}

/// How pictures become images.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct FrameArguments {
    /// How to turn a picture into an image
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    pub(super) resize: Frame,
}

impl FrameArguments {
    /// What a model is shown of a picture's file, or of standard input for `-`.
    pub(super) fn read(self, path: &Path, model: &ModelFile) -> Result<Framed> {
        let (rows, columns) = (model.rows, model.columns);
        let picture = if path == Path::new("-") {
            let name = Path::new("standard input");
            Picture::from_reader(io::stdin().lock(), name, [rows, columns])?
        } else {
            Picture::read(path, [rows, columns])?
        };
        let blank = || {
            Error::bad_file(
                path,
                "a blank picture or an uneven ground",
                "a digit that stands out from a ground of one shade, with some of it around",
                "draw one, or crop away what is beside it",
            )
        };
        let framed = self.resize.of_picture(&picture, rows, columns);
        framed.ok_or_else(blank)
    }
}
