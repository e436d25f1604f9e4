//! `ncm distances`: how far one image is from every class mean.

use super::data_arguments::SplitName;
use super::session::{Session, SessionArguments};
use super::train_on::TrainOn;
use crate::backend::Backend;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::exact;
use crate::model::{Model, Question};
use crate::pass::Pass;
use crate::report::{self, Progress};
use crate::timings::Timings;

/// Say how far one image is from every class mean
///
/// Trains, then prints the image's distance to the mean of each class, exactly
/// rounded, and which is the least.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    /// Images that the means are made of
    #[arg(long, value_enum, default_value_t, value_name = "IMAGES")]
    train_on: TrainOn,

    /// Images that one is taken of
    #[arg(long, value_enum, default_value_t = SplitName::Test)]
    split: SplitName,

    /// The image, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    index: usize,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    let mut session = Session::open(&arguments.session)?;
    // Before the work, so that a number that is none costs nothing.
    let image = arguments.split.of(&session.dataset).at(arguments.index)?;
    let model = session.run(|backend, dataset, timings, progress| {
        train(arguments.train_on, backend, dataset, timings, progress)
    })?;
    let question = Question::plain(&model);
    let pixels = image.image.image(0);
    let squared = exact::squared_distances(pixels, image.label, &question);
    let distances: Vec<Option<f64>> = squared
        .map(|squared| Some(squared?.to_f64().sqrt()))
        .collect();
    let total = session.milliseconds();
    let report = report::distances::Distances {
        dataset: &session.dataset,
        backend: &session.backend(),
        model: &model,
        split: arguments.split.name(),
        index: arguments.index,
        label: image.label,
        nearest: &exact::nearest(pixels, image.label, &question),
        distances: &distances,
        timings: &session.timings,
        total,
    };
    Ok(if arguments.json {
        report.json()
    } else {
        report.text()
    })
}

fn train(
    train_on: TrainOn,
    backend: &dyn Backend,
    dataset: &Dataset,
    timings: &mut Timings,
    progress: &Progress,
) -> Result<Model> {
    progress.stage("summing the classes");
    let sums = Pass::new(backend, dataset.train(), timings)?.class_sums(timings)?;
    match train_on {
        TrainOn::Train => Model::new(train_on.name(), sums),
        TrainOn::TrainAndTest => {
            let test = Pass::new(backend, dataset.test(), timings)?.class_sums(timings)?;
            Model::new(train_on.name(), &sums + &test)
        }
    }
}
