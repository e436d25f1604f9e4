//! `ncm info`: what is in a dataset.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::data_arguments::{DataArguments, SplitName};
use super::next;
use super::numbers::from_zero;
use super::refusal::dataset_in_place_of_file;
use crate::app::report::part::Part;
use crate::app::report::{self, Progress, Report, Results, terminal};
use crate::app::{self, Result};
use crate::classifier::model::ModelFile;
use crate::data::{Memory, content};
use crate::error::Error;
use crate::evaluation::score::Score;

const EXAMPLES: &str = "\
Examples:
  ncm info
  ncm info --split test --index 7
  ncm info part.npz";

/// Say what is in a dataset
///
/// Prints the shapes of its four arrays, the range of their values, the number of
/// images of each class, and one image as its label and its matrix of pixels. Of a
/// model file it prints which samples it has seen.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct InfoArguments {
    /// Say what is in this model file instead
    #[arg(value_name = "FILE.npz", conflicts_with_all = ["data", "train", "split", "index"])]
    model: Option<PathBuf>,

    #[command(flatten)]
    data: DataArguments,

    /// Split that the image is in
    #[arg(long, value_enum, default_value_t)]
    split: SplitName,

    /// Index of the image to print, from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = from_zero,
          allow_negative_numbers = true)]
    index: usize,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &InfoArguments) -> Result<Results> {
    if let Some(path) = &arguments.model {
        return of_model(path, arguments.json);
    }
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
        width: terminal::width(),
    };
    let data = &arguments.data;
    let next = next::of_same_data("how many of them are read rightly", &["accuracy"], data);
    Ok(info.rendered(arguments.json, &next))
}

/// Says what a model file holds.
fn of_model(path: &Path, as_json: bool) -> Result<Results> {
    if let Some(what) = dataset_in_place_of_file(path) {
        return Err(app::Error::Usage(what));
    }
    let open = || content::raw(path).map(BufReader::new);
    if Score::is_in(open()?, path)? {
        let advice = "print it with ncm merge";
        return Err(Error::bad_file(path, "a score", "a model", advice).into());
    }
    let file = ModelFile::part_in(open()?, path)?;
    let part = Part {
        file: &file,
        parts: None,
        notes: &[],
    };
    Ok(part.rendered(as_json, ""))
}
