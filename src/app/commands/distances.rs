//! `ncm distances`: how far one image is from every class mean.

use std::path::{Path, PathBuf};

use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::pictures::{self, FrameArguments};
use super::session::{Session, SessionArguments};
use super::workplace::Workplace;
use crate::app::Result;
use crate::app::report::distances::{Distances, Origin};
use crate::app::report::terminal;
use crate::classifier::exact;
use crate::classifier::model::{ModelFile, Question};

/// Say how far one image is from every class mean
///
/// Prints the distance to the mean of each class, computed exactly, and marks the
/// nearest.
#[derive(Debug, clap::Args)]
#[command(mut_arg("resize", |resize| resize.requires("file")))]
pub(super) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Split that the image is in
    #[arg(long, value_enum, default_value_t = SplitName::Test)]
    split: SplitName,

    /// Index of the image, from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    index: usize,

    /// Take this picture instead, read as by `ncm predict`; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["split", "index"])]
    file: Option<PathBuf>,

    #[command(flatten)]
    frame: FrameArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    match &arguments.file {
        Some(path) => of_file(arguments, path),
        None => of_dataset(arguments),
    }
}

fn of_dataset(arguments: &Arguments) -> Result<String> {
    let mut session = Session::open(&arguments.session)?;
    // Before the work, so that a number that is none costs nothing.
    let image = arguments.split.of(&session.dataset).at(arguments.index)?;
    let model = arguments.model.of(&mut session)?;
    let origin = Origin::Dataset {
        dataset: &session.dataset,
        split: arguments.split.name(),
        index: arguments.index,
        label: image.label,
    };
    let pixels = image.image.image(0);
    Ok(arguments.report(origin, pixels, &model, &session.workplace))
}

fn of_file(arguments: &Arguments, path: &Path) -> Result<String> {
    let SessionArguments { data, backend } = &arguments.session;
    let (workplace, model) = arguments.model.ready(data, backend)?;
    let framed = arguments.frame.read(path, &model)?;
    let origin = Origin::File {
        path,
        frame: arguments.frame.frame(),
        framed: &framed,
    };
    Ok(arguments.report(origin, &framed.pixels, &model, &workplace))
}

impl Arguments {
    fn report(
        &self,
        origin: Origin<'_>,
        pixels: &[u8],
        model: &ModelFile,
        workplace: &Workplace,
    ) -> String {
        let report = Distances {
            origin,
            backend: &workplace.backend(),
            model,
            nearest: &exact::nearest(pixels, 0, &Question::plain(&model.model)),
            distances: &pictures::distances(pixels, model),
            timings: &workplace.timings,
            total: workplace.milliseconds(),
        };
        match self.json {
            true => report.json(),
            false => report.text(terminal::width()),
        }
    }
}
