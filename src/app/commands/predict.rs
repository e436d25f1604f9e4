//! `ncm predict`: what pictures are read as.

use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use rayon::prelude::*;

use super::data_arguments::DataArguments;
use super::model_arguments::ModelArguments;
use super::outcome::Outcome;
use super::pictures::{self, FrameArguments};
use super::workplace::{BackendArguments, Workplace};
use crate::app;
use crate::app::report::predictions::{Prediction, Predictions};
use crate::app::report::terminal;
use crate::app::{exit_code, message};
use crate::classifier::exact;
use crate::classifier::model::{ModelFile, Question};
use crate::data::{Images, Split};
use crate::error::{Error, Result};
use crate::pictures::frame::Framed;

const DATA: &str = "Dataset to compute the means from, as for `ncm accuracy`";

/// Say what pictures are read as
///
/// Reads PNG, JPEG and PGM of any size, in colour or grey, light on dark or dark
/// on light, and raw images of one byte per pixel. Each picture is cropped to its
/// ink, scaled and centred as MNIST's digits are, and given the class whose mean
/// is nearest. The means are MNIST's, built into the program, unless --model or
/// --data is given.
///
/// A picture should show one digit on an even ground. Ink is whatever stands out
/// from the picture's edge, so shadows and other things are taken for ink.
#[derive(Debug, clap::Args)]
#[command(mut_arg("data", |data| data.help(DATA).long_help(Resettable::Reset)))]
pub(super) struct Arguments {
    /// Pictures to read; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    frame: FrameArguments,

    /// Also show how each picture became an image, and every distance
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    model: ModelArguments,

    #[command(flatten)]
    data: DataArguments,

    #[command(flatten)]
    backend: BackendArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// A file and what became of it.
type Read<'a> = (&'a Path, Result<Framed>);

pub(super) fn run(arguments: &Arguments) -> app::Result<Outcome> {
    let (mut workplace, model) = arguments.model.ready(&arguments.data, &arguments.backend)?;
    let read = workplace
        .timings
        .time("load", || read_all(arguments, &model));
    let mut framed = Vec::new();
    let mut failures = Vec::new();
    for (path, result) in read {
        match result {
            Ok(image) => framed.push((path, image)),
            Err(error) => failures.push((path, error)),
        }
    }
    let predictions = predictions(framed, &model, &mut workplace)?;
    let total = workplace.milliseconds();
    for (_, error) in &failures {
        workplace.note(&format!("error: {}", message(error)));
    }
    let report = Predictions {
        model: &model,
        backend: &workplace.backend(),
        frame: arguments.frame.frame(),
        predictions: &predictions,
        failures: &failures
            .iter()
            .map(|(path, error)| (*path, message(error)))
            .collect::<Vec<_>>(),
        timings: &workplace.timings,
        total,
    };
    let results = match (arguments.json, predictions.is_empty()) {
        (true, _) => report.json(arguments.explain),
        // There is nothing to say of none.
        (false, true) => String::new(),
        (false, false) => report.text(arguments.explain, terminal::shades(), terminal::width()),
    };
    let worst = failures.iter().map(|(_, error)| exit_code(error)).max();
    Ok(Outcome {
        results,
        exit_code: worst.unwrap_or(0),
    })
}

fn read_all<'a>(arguments: &'a Arguments, model: &ModelFile) -> Vec<Read<'a>> {
    let read = |path: &'a PathBuf| (&**path, arguments.frame.read(path, model));
    arguments.files.par_iter().map(read).collect()
}

/// What images are read as, all of them in one batch.
fn predictions<'a>(
    framed: Vec<(&'a Path, Framed)>,
    model: &ModelFile,
    workplace: &mut Workplace,
) -> Result<Vec<Prediction<'a>>> {
    if framed.is_empty() {
        return Ok(Vec::new());
    }
    let pixels = framed.iter().flat_map(|(_, framed)| &framed.pixels);
    let images = Images::new(model.rows, model.columns, pixels.copied().collect())?;
    // Nobody knows their labels, and nothing asks for them.
    let labels = vec![0; images.len()];
    let split = Split::new(images, labels, model.model.sums().classes())?;
    let question = Question::plain(&model.model);
    let predicted = workplace.run(|backend, timings, progress| {
        progress.stage("finding the nearest means");
        let resident = timings.time("upload", || backend.upload(&split))?;
        let mut predicted = timings.time("nearest", || resident.predictions(&[question]))?;
        Ok(predicted.remove(0))
    })?;
    let exact = |(place, (file, framed)): (usize, (&'a Path, Framed))| {
        let nearest = exact::nearest(&framed.pixels, 0, &question);
        if nearest.class != predicted.classes()[place] {
            return Err(Error::WrongAnswer {
                image: place,
                given: predicted.classes()[place],
                exact: nearest.class,
            });
        }
        Ok(Prediction {
            file,
            nearest,
            distances: pictures::distances(&framed.pixels, model),
            framed,
        })
    };
    workplace.timings.time("distances", || {
        framed.into_par_iter().enumerate().map(exact).collect()
    })
}
