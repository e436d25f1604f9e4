//! Pictures that are given to be read.

use std::io;
use std::path::Path;

use crate::classifier::exact;
use crate::classifier::model::{ModelFile, Question};
use crate::data::picture::Picture;
use crate::error::{Error, Result};
use crate::pictures::frame::{Frame, Framed};

/// How pictures become images.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(super) struct FrameArguments {
    /// How to turn a picture into an image
    #[arg(long, value_enum, default_value_t, value_name = "HOW")]
    resize: Resize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Resize {
    /// Crop to the ink, scale to MNIST's size, put the centre of mass in the middle
    #[default]
    Canonical,
    /// Only resize, as the notebook does
    Plain,
}

impl FrameArguments {
    pub(super) fn frame(self) -> Frame {
        match self.resize {
            Resize::Canonical => Frame::Canonical,
            Resize::Plain => Frame::Plain,
        }
    }

    /// What a model is shown of a picture's file, or of standard input for `-`.
    pub(super) fn read(self, path: &Path, model: &ModelFile) -> Result<Framed> {
        let (rows, columns) = (model.rows, model.columns);
        let picture = match path == Path::new("-") {
            true => Picture::from_reader(
                io::stdin().lock(),
                Path::new("standard input"),
                [rows, columns],
            ),
            false => Picture::read(path, [rows, columns]),
        }?;
        let blank = || {
            Error::bad_file(
                path,
                "a blank picture or an uneven ground",
                "a digit that stands out from a ground of one shade, with some of it around",
                "draw one, or crop away what is beside it",
            )
        };
        self.frame()
            .of_picture(&picture, rows, columns)
            .ok_or_else(blank)
    }
}

/// The distance of an image to each class mean; `None` for a class without images.
pub(super) fn distances(image: &[u8], model: &ModelFile) -> Vec<Option<f64>> {
    let question = Question::plain(&model.model);
    // Its label matters only where an image is left out of its class.
    exact::squared_distances(image, 0, &question)
        .map(|squared| Some(squared?.to_f64().sqrt()))
        .collect()
}
