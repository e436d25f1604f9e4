//! Pictures that are given to be read.

use std::io;
use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::app::advice;
use crate::data::picture::Picture;
use crate::error::{Error, Result};
use crate::pictures::frame::{Frame, Framed, Target};

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

    /// Read files as raw images, one byte a pixel, without asking for a name that ends in .raw
    #[arg(long)]
    raw: bool,
}

impl FrameArguments {
    /// What a model is shown of a picture's file, or of standard input for `-`.
    pub(super) fn read(self, path: &Path, target: &Target) -> Result<Framed> {
        let has_raw_name = path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("raw"));
        let raw = (self.raw || has_raw_name).then_some(target.size());
        let picture = if path == Path::new("-") {
            Picture::from_reader(io::stdin().lock(), Path::new("standard input"), raw)?
        } else {
            is_file(path)?;
            Picture::read(path, raw)?
        };
        let framed = target.framed(self.resize, &picture);
        framed.ok_or_else(|| match target.has_ground() {
            true => Error::bad_file(
                path,
                "a blank picture or an uneven ground",
                "a digit that stands out from a ground of one shade, with some of it around",
                "draw one, or crop away what is beside it",
            ),
            false => {
                let [rows, columns] = target.size();
                Error::bad_file(
                    path,
                    format!(
                        "a picture of {} × {} pixels",
                        picture.rows(),
                        picture.columns()
                    ),
                    format!(
                        "one of {rows} × {columns}, since the model's images have no ground of \
                         one shade to find ink on"
                    ),
                    advice::RESIZED,
                )
            }
        })
    }
}

/// Refuses folders and pipes with what to name instead.
fn is_file(path: &Path) -> Result<()> {
    let (found, advice) = match path.metadata() {
        Ok(metadata) if metadata.is_dir() => ("a folder", advice::pictures_in(path)),
        Ok(metadata) if !metadata.is_file() => ("a pipe or device", advice::piped()),
        // What cannot be read is told of by the reader.
        _ => return Ok(()),
    };
    Err(Error::bad_file(path, found, "a picture", advice))
}
