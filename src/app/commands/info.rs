//! `ncm info`: what is in a dataset.

use super::data_arguments::{DataArguments, SplitName};
use crate::app::Result;
use crate::app::report::{self, Progress, Report};
use crate::data::Memory;

/// Say what is in a dataset
///
/// Prints the shapes of its four arrays, the range of their values, the number of
/// images of each class, and one image as its label and its matrix of pixels.
#[derive(Debug, clap::Args)]
pub(super) struct InfoArguments {
    #[command(flatten)]
    data: DataArguments,

    /// Split that the image is in
    #[arg(long, value_enum, default_value_t)]
    split: SplitName,

    /// Index of the image to print, from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    index: usize,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &InfoArguments) -> Result<String> {
    let progress = Progress::start("reading the images");
    let found = arguments.data.find(&progress)?;
    let dataset = found.place.open(Memory::in_passing())?;
    let surveys = [dataset.train().survey()?, dataset.test().survey()?];
    let image = arguments.split.of(&dataset).at(arguments.index)?;
    drop(progress);
    let info = report::info::Info {
        dataset: &dataset,
        surveys: &surveys,
        split: arguments.split.name(),
        index: arguments.index,
        image: &image,
    };
    Ok(info.rendered(arguments.json))
}
