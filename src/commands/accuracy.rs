//! `ncm accuracy`: how often the nearest class mean is right.

use std::path::{Path, PathBuf};

use super::predictions_file::PredictionsFile;
use super::session::{Session, SessionArguments};
use super::train_on::TrainOn;
use crate::backend::Backend;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;
use crate::model::{Model, Question};
use crate::pass::Pass;
use crate::report::{self, Progress};
use crate::timings::Timings;

/// Say how often the nearest class mean is right
///
/// Trains on the training images, classifies every test image and reports the
/// accuracy with its 95 % Wilson interval, the confusion matrix and precision,
/// recall and F1 of each class.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    /// Images that the means are made of
    #[arg(long, value_enum, default_value_t, value_name = "IMAGES")]
    train_on: TrainOn,

    /// Images that are classified
    #[arg(long, value_enum, default_value_t, value_name = "IMAGES")]
    evaluate_on: EvaluateOn,

    /// Take each image out of its own class before classifying it
    #[arg(long)]
    leave_one_out: bool,

    /// Also write index, label, predicted class, distance and margin of every image
    #[arg(long, value_name = "FILE.csv")]
    predictions: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum EvaluateOn {
    #[default]
    Test,
    Train,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    if arguments.leave_one_out && !arguments.trains_on_what_it_evaluates() {
        return Err(Error::Usage(
            "--leave-one-out needs the classified images among the training images; \
             add --train-on train+test or --evaluate-on train"
                .into(),
        ));
    }
    let mut session = Session::open(&arguments.session)?;
    if arguments
        .predictions
        .as_deref()
        .is_some_and(is_seen_at_once)
    {
        session.insist();
    }
    let (model, evaluation) = session.run(|backend, dataset, timings, progress| {
        evaluate(arguments, backend, dataset, timings, progress)
    })?;
    let total = session.milliseconds();
    let report = report::accuracy::Accuracy {
        dataset: &session.dataset,
        backend: &session.backend(),
        model: &model,
        leave_one_out: arguments.leave_one_out,
        evaluated_on: arguments.evaluated_name(),
        evaluation: &evaluation,
        timings: &session.timings,
        total,
    };
    Ok(if arguments.json {
        report.json()
    } else {
        report.text()
    })
}

/// Whether what is written to a path is read as it is written, as from a pipe.
fn is_seen_at_once(path: &Path) -> bool {
    path.exists() && !path.is_file()
}

impl Arguments {
    fn trains_on_what_it_evaluates(&self) -> bool {
        self.train_on == TrainOn::TrainAndTest || self.evaluate_on == EvaluateOn::Train
    }

    fn needs_test(&self) -> bool {
        self.train_on == TrainOn::TrainAndTest || self.evaluate_on == EvaluateOn::Test
    }

    fn evaluated_name(&self) -> &'static str {
        match self.evaluate_on {
            EvaluateOn::Test => "test",
            EvaluateOn::Train => "train",
        }
    }

    fn question<'a>(&self, model: &'a Model) -> Question<'a> {
        if self.leave_one_out {
            Question::leave_one_out(model)
        } else {
            Question::plain(model)
        }
    }
}

/// Trains and classifies on a backend; uploads only what is asked about.
fn evaluate(
    arguments: &Arguments,
    backend: &dyn Backend,
    dataset: &Dataset,
    timings: &mut Timings,
    progress: &Progress,
) -> Result<(Model, Evaluation)> {
    // Before the work, so that a bad path costs none.
    let mut file = arguments
        .predictions
        .as_deref()
        .map(PredictionsFile::create)
        .transpose()?;
    progress.stage("uploading");
    let train = Pass::new(backend, dataset.train(), timings)?;
    let test = match arguments.needs_test() {
        true => Some(Pass::new(backend, dataset.test(), timings)?),
        false => None,
    };
    progress.stage("summing the classes");
    let sums = train.class_sums(timings)?;
    let model = match (&test, arguments.train_on) {
        (Some(test), TrainOn::TrainAndTest) => Model::new(
            arguments.train_on.name(),
            &sums + &test.class_sums(timings)?,
        )?,
        _ => Model::new(arguments.train_on.name(), sums)?,
    };
    progress.stage("finding the nearest means");
    let evaluated = match (&test, arguments.evaluate_on) {
        (Some(test), EvaluateOn::Test) => test,
        _ => &train,
    };
    let question = arguments.question(&model);
    let mut evaluation = Evaluation::new(dataset.classes());
    evaluated.predictions(&[question], timings, |batch, predicted| {
        evaluation.add(batch.labels(), &predicted[0]);
        match &mut file {
            Some(file) => file.add(batch, &question, &predicted[0]),
            None => Ok(()),
        }
    })?;
    file.map_or(Ok(()), PredictionsFile::finish)?;
    Ok((model, evaluation))
}
