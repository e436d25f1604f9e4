//! `ncm accuracy`: how often the nearest class mean is right.

use std::path::{Path, PathBuf};

use super::session::{Session, SessionArguments, add_kernels, class_sums, predictions, upload};
use crate::dataset::Split;
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;
use crate::exact;
use crate::model::{Model, Question};
use crate::predictions::Predictions;
use crate::report;

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
enum TrainOn {
    #[default]
    Train,
    #[value(name = "train+test")]
    TrainAndTest,
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
    let (model, predicted) = evaluate(&mut session, arguments)?;
    let split = arguments.evaluated(&session);
    let evaluation = Evaluation::new(split, &predicted);
    if let Some(path) = &arguments.predictions {
        session.progress.stage("writing the predictions");
        write_predictions(path, split, &arguments.question(&model), &predicted)?;
    }
    let total = session.milliseconds();
    let report = report::accuracy::Accuracy {
        dataset: &session.dataset,
        backend: &session.backend.description(),
        trained_on: model.trained_on(),
        leave_one_out: arguments.leave_one_out,
        images: model.sums().images(),
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

impl Arguments {
    fn trains_on_what_it_evaluates(&self) -> bool {
        self.train_on == TrainOn::TrainAndTest || self.evaluate_on == EvaluateOn::Train
    }

    fn needs_test(&self) -> bool {
        self.train_on == TrainOn::TrainAndTest || self.evaluate_on == EvaluateOn::Test
    }

    fn evaluated<'a>(&self, session: &'a Session) -> &'a Split {
        match self.evaluate_on {
            EvaluateOn::Test => session.dataset.test(),
            EvaluateOn::Train => session.dataset.train(),
        }
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

/// Trains and classifies on the session's backend; uploads only what is asked about.
fn evaluate(session: &mut Session, arguments: &Arguments) -> Result<(Model, Predictions)> {
    let Session {
        dataset,
        backend,
        timings,
        progress,
        ..
    } = session;
    progress.stage("uploading");
    let train = upload(&**backend, dataset.train(), timings)?;
    let test = match arguments.needs_test() {
        true => Some(upload(&**backend, dataset.test(), timings)?),
        false => None,
    };
    progress.stage("summing the classes");
    let sums = class_sums(&*train, timings)?;
    let model = match (&test, arguments.train_on) {
        (Some(test), TrainOn::TrainAndTest) => {
            Model::new("train+test", &sums + &class_sums(&**test, timings)?)?
        }
        _ => Model::new("train", sums)?,
    };
    progress.stage("finding the nearest means");
    let evaluated = match (&test, arguments.evaluate_on) {
        (Some(test), EvaluateOn::Test) => test,
        _ => &train,
    };
    let mut predicted = predictions(&**evaluated, &[arguments.question(&model)], timings)?;
    [Some(&train), test.as_ref()]
        .into_iter()
        .flatten()
        .for_each(|resident| add_kernels(timings, &**resident));
    let predicted = predicted
        .pop()
        .ok_or_else(|| Error::Invalid("no answer to the question".into()))?;
    Ok((model, predicted))
}

/// Writes the predictions with exact distances; that checks every one of them.
fn write_predictions(
    path: &Path,
    split: &Split,
    question: &Question<'_>,
    predicted: &Predictions,
) -> Result<()> {
    let nearest = exact::nearest_of_all(split, question);
    let differs = nearest
        .iter()
        .zip(predicted.classes())
        .position(|(nearest, &class)| nearest.class != class);
    if let Some(index) = differs {
        return Err(Error::Disagreement(format!(
            "image {index} was given class {} but exact arithmetic finds {}; please report this with `ncm devices`",
            predicted.classes()[index],
            nearest[index].class
        )));
    }
    report::write_file(path, &report::csv::predictions(split.labels(), &nearest))
}
