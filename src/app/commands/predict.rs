//! `ncm predict`: what pictures are read as.

use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use rayon::prelude::*;

use super::backend_arguments::Chosen;
use super::colour::ColourArguments;
use super::data_arguments::DataArguments;
use super::model_arguments::ModelArguments;
use super::outcome::Outcome;
use super::pictures::FrameArguments;
use super::predict_vectors;
use super::recipe_arguments::RecipeArguments;
use super::session::Session;
use crate::app;
use crate::app::report::predictions::{Prediction, Predictions};
use crate::app::report::{Results, terminal};
use crate::app::{exit_code, message};
use crate::classifier::exact::Measured;
use crate::classifier::model::{LevelQuestion, ModelFile, Question};
use crate::error::Result;
use crate::pictures::frame::{Framed, Target};

const DATA: &str = "Dataset to compute the means from, as for `ncm accuracy`";

const EXAMPLES: &str = "\
Examples:
  ncm predict digit.png
  ncm predict --explain photo.jpg
  ncm predict new.npy --model means.npz";

/// Say what pictures are read as
///
/// Reads PNG, JPEG and PGM of any size, in colour or grey, light on dark or dark
/// on light, and raw images of one byte per pixel (--raw, or a name in .raw). Each
/// picture is cropped to its ink, scaled and centred as the images are that the
/// means were made of, and given the class whose mean is nearest. The means are
/// MNIST's, built into the program, unless --model or --data is given.
///
/// The table has the distance to the nearest mean, which is not squared, and the
/// margin: the second least squared distance minus the least.
///
/// Of one file of feature vectors (.npy, .npz, .safetensors, .fbin) it gives the
/// nearest class of each row as CSV: index, predicted, distance, margin. They are
/// prepared as those of the model were.
///
/// A picture should show one digit. Dust, noise, frames, ruled and squared paper
/// are passed over; hard shadows and large things beside the digit are not.
#[derive(Debug, clap::Args)]
#[command(mut_arg("data", |data| data.help(DATA).long_help(Resettable::Reset)))]
#[command(after_help = EXAMPLES)]
pub(super) struct PredictArguments {
    /// Pictures to read; - is standard input. Or one file of feature vectors
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    #[command(flatten)]
    frame: FrameArguments,

    /// Also show how each picture became an image, and every distance
    #[arg(long)]
    pub(super) explain: bool,

    #[command(flatten)]
    model: ModelArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    #[command(flatten)]
    data: DataArguments,

    #[command(flatten)]
    colour: ColourArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(arguments: &PredictArguments) -> app::Result<Outcome> {
    if let Some(vectors) = predict_vectors::named(arguments)? {
        return predict_vectors::run(arguments, &vectors).map(Outcome::from);
    }
    let (mut session, model) = arguments.ready()?;
    let target = Target::of(&model)?;
    let question = Question::plain(&model.model).of_levels()?;
    session.progress.stage("reading the pictures");
    let read = session
        .timings
        .time("load", || read_all(arguments, &target));
    let (mut framed, mut failures) = (Vec::new(), Vec::new());
    for (path, result) in read {
        match result {
            Ok(image) => framed.push((path, image)),
            Err(error) => failures.push((path, error)),
        }
    }
    session.progress.stage("finding the nearest means");
    let predictions = session
        .timings
        .time("distances", || predict_all(framed, &question));
    for (_, error) in &failures {
        session
            .progress
            .note(format_args!("error: {}", message(error)));
    }
    let worst = failures.iter().map(|(_, error)| exit_code(error)).max();
    let failures = failures.iter();
    let failures = failures.map(|(path, error)| (*path, message(error)));
    let report = Predictions {
        model: &model,
        frame: arguments.frame.resize,
        predictions: &predictions,
        notes: target.notes(),
        failures: &failures.collect::<Vec<_>>(),
        run: session.so_far(),
    };
    let results = if arguments.json {
        Results::Data(report.json(arguments.explain))
    } else if predictions.is_empty() {
        // There is nothing to say of none.
        Results::Text(String::new())
    } else {
        let (shades, width) = (arguments.colour.shades(), terminal::width());
        Results::Text(report.text(arguments.explain, shades, width))
    };
    Ok(Outcome {
        results,
        exit_code: worst.unwrap_or(0),
    })
}

impl PredictArguments {
    /// The model that is asked.
    pub(super) fn ready(&self) -> app::Result<(Session, ModelFile)> {
        (self.model).ready(&self.data, &self.recipe, Chosen::CPU)
    }
}

/// Each file and what a model is shown of it.
fn read_all<'a>(
    arguments: &'a PredictArguments,
    target: &Target,
) -> Vec<(&'a Path, Result<Framed>)> {
    let read = |path: &'a PathBuf| (&**path, arguments.frame.read(path, target));
    arguments.files.par_iter().map(read).collect()
}

/// What images are read as, all of them by exact arithmetic.
fn predict_all<'a>(
    framed: Vec<(&'a Path, Framed)>,
    question: &LevelQuestion<'_>,
) -> Vec<Prediction<'a>> {
    let predict = |(file, framed): (&'a Path, Framed)| Prediction {
        file,
        // The label matters only for leave-one-out.
        measured: Measured::new(&framed.pixels, 0, question),
        framed,
    };
    framed.into_par_iter().map(predict).collect()
}
