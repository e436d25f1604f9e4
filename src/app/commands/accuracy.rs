//! `ncm accuracy`: how often the nearest class mean is right.

use std::path::{Path, PathBuf};

use super::model_arguments::ModelArguments;
use super::predictions_file::PredictionsFile;
use super::session::{Session, SessionArguments};
use super::train_on::TrainOn;
use crate::app::report::{self, Progress};
use crate::backends::Backend;
use crate::backends::pass::Pass;
use crate::backends::timings::Timings;
use crate::classifier::model::{Model, Question};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;

/// Say how often the nearest class mean is right
///
/// Trains on the training images, classifies every test image and reports the
/// accuracy with its 95 % Wilson interval, the confusion matrix and precision,
/// recall and F1 of each class.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Images that are classified
    #[arg(long, value_enum, default_value_t, value_name = "IMAGES")]
    evaluate_on: EvaluateOn,

    /// Take each image out of its own class before classifying it
    #[arg(long, conflicts_with = "model")]
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
        session.workplace.insist();
    }
    let given = arguments.model.in_file(&session.dataset)?;
    let given = given.map(|file| file.model);
    let (model, evaluation) = session.run(|backend, dataset, timings, progress| {
        evaluate(
            arguments,
            given.as_ref(),
            backend,
            dataset,
            timings,
            progress,
        )
    })?;
    let total = session.workplace.milliseconds();
    let report = report::accuracy::Accuracy {
        dataset: &session.dataset,
        backend: &session.workplace.backend(),
        model: &model,
        leave_one_out: arguments.leave_one_out,
        evaluated_on: arguments.evaluated_name(),
        evaluation: &evaluation,
        timings: &session.workplace.timings,
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
        self.model.train_on() == TrainOn::TrainAndTest || self.evaluate_on == EvaluateOn::Train
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

/// Trains, unless a model is given, and classifies on a backend.
fn evaluate(
    arguments: &Arguments,
    given: Option<&Model>,
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
    let train = Pass::new(backend, dataset.train());
    let test = Pass::new(backend, dataset.test());
    progress.stage("summing the classes");
    let model = match given {
        Some(model) => model.clone(),
        None => arguments.model.train_on().model(&train, &test, timings)?,
    };
    progress.stage("finding the nearest means");
    let evaluated = match arguments.evaluate_on {
        EvaluateOn::Test => test,
        EvaluateOn::Train => train,
    };
    let question = arguments.question(&model);
    let mut evaluation = Evaluation::new(dataset.classes());
    evaluated.predictions(&[question], timings, |batch, predicted| {
        evaluation.add(batch.labels(), &predicted[0])?;
        match &mut file {
            Some(file) => file.add(batch, &question, &predicted[0]),
            None => Ok(()),
        }
    })?;
    file.map_or(Ok(()), PredictionsFile::finish)?;
    Ok((model, evaluation))
}
