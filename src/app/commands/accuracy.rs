//! `ncm accuracy`: how often the nearest class mean is right.

use std::path::PathBuf;

use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::next;
use super::outcome::Outcome;
use super::recipe_arguments::RecipeArguments;
use super::rows_arguments::RowsArguments;
use super::session::{SessionArguments, Work};
use super::training::{Splits, TrainOn, shard};
use crate::app::report::destination::{Destination, Outputs};
use crate::app::report::file::write_whole;
use crate::app::report::predictions_file::PredictionsFile;
use crate::app::report::{self, Report, Results, classes_file};
use crate::app::{self, exit_code, message};
use crate::backends::select::Choice;
use crate::classifier::look::Look;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::{Dataset, OneSet, Split};
use crate::error::{Error, Result};
use crate::evaluation::score::{Answers, Asked, Score};
use crate::evaluation::{Evaluation, FEWEST_FOR_PLACES, PLACES};

const EXAMPLES: &str = "\
Examples:
  ncm accuracy
  ncm accuracy --data fashion-mnist --backend gpu
  ncm accuracy --predictions predictions.csv
  ncm accuracy --model model.npz --data tests-1 --save score-1.npz";

/// Say how often the nearest class mean is right
///
/// Trains on the training images, classifies every test image and reports the
/// accuracy with its 95 % Wilson interval, the confusion matrix and precision,
/// recall and F1 of each class.
#[derive(Debug, clap::Args)]
#[command(mut_arg("rows", |it| it.requires("model")))]
#[command(after_help = EXAMPLES)]
pub(super) struct AccuracyArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Images to classify
    #[arg(long, value_enum, default_value_t = SplitName::Test, value_name = "IMAGES")]
    evaluate_on: SplitName,

    #[command(flatten)]
    rows: RowsArguments,

    /// Leave each image out of the mean of its own class when classifying it
    #[arg(long, conflicts_with = "model")]
    leave_one_out: bool,

    /// Also write a CSV file with the index, label, predicted class, distance and margin of every
    /// image
    ///
    /// `distance` is the distance to the nearest mean. `margin` is a difference of squared
    /// distances: the second least minus the least. Every distance is computed exactly, so the
    /// file is the same from every backend. The run fails if a label disagrees. - writes the file
    /// to standard output, and the results to standard error.
    #[arg(long, value_name = "FILE.csv")]
    predictions: Option<PathBuf>,

    /// Also write a CSV file with the support, right answers, precision, recall and F1 of every
    /// class; - is standard output
    #[arg(long, value_name = "FILE.csv")]
    classes: Option<PathBuf>,

    /// Also write a file of the counts of right answers, which `ncm merge` adds to others;
    /// - is standard output
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &AccuracyArguments) -> app::Result<Outcome> {
    if arguments.leave_one_out && !arguments.trains_on_what_it_evaluates() {
        return Err(app::Error::Usage(
            "--leave-one-out needs the classified images among the training images; \
             add --train-on train+test or --evaluate-on train"
                .into(),
        ));
    }
    // A model needs no training samples, so that all of one set can be tested.
    let one_set = match arguments.model.model {
        Some(_) => OneSet::Whole,
        None => OneSet::Divided,
    };
    let predictions = arguments.predictions.as_deref();
    let classes = arguments.classes.as_deref();
    let save = arguments.save.as_deref();
    let outputs = Outputs::new([predictions, classes, save], arguments.json)?;
    let (mut session, dataset) = arguments.session.open(Choice::Auto, one_set)?;
    let given = arguments.model.read()?;
    let (dataset, rows) = arguments.rows.cut(arguments.evaluate_on, dataset)?;
    if rows.is_some_and(|rows| rows.first == rows.end) {
        return Err(app::Error::Usage("--rows names none; name some".into()));
    }
    let shard = save.map(|_| shard(arguments.evaluate_on, rows, &dataset, |_| {}));
    let shard = shard.transpose()?;
    let dataset = (arguments.recipe).prepare(dataset, given.as_ref(), &mut session)?;
    let (dataset, given) = arguments.model.fitting(given, dataset)?;
    let given = given.map(|file| file.model);
    let inputs = arguments.model.inputs(Some(&dataset));
    let [destination, classes, save] =
        [predictions, classes, save].map(|path| path.map(|path| Destination::new(path, &inputs)));
    let (destination, classes) = (destination.transpose()?, classes.transpose()?);
    let save = save.transpose()?;
    if destination.as_ref().is_some_and(Destination::is_stream) {
        session.insist();
    }
    let Evaluated {
        model,
        evaluation,
        look,
        unwritten,
    } = session.run(|work| {
        evaluate(
            arguments,
            given.as_ref(),
            destination.as_ref(),
            &dataset,
            work,
        )
    })?;
    if let Some(classes) = &classes {
        classes_file::write(classes, &evaluation, dataset.class_names())?;
    }
    let mut score = Score::of_dataset(&dataset, arguments.evaluate_on.name());
    score.looks = model.look().cloned().zip(look).map(<[Look; 2]>::from);
    score.shards.extend(shard);
    score.answers.push(Answers {
        asked: Asked::new(&model, arguments.leave_one_out, dataset.class_names()),
        evaluation,
    });
    if let Some(save) = &save {
        write_whole(save, &score.of_rows().bytes()?)?;
    }
    let report = report::accuracy::Accuracy {
        score: &score,
        source: Some(dataset.source()),
        run: Some(session.so_far()),
        parts: None,
        notes: &[],
    };
    let exit_code = unwritten.as_ref().map_or(0, exit_code);
    if let Some(failure) = &unwritten {
        let failure = message(failure);
        session.progress.note(format_args!("error: {failure}"));
    }
    if arguments.json {
        let results = Results::Data(report.json());
        return Ok(Outcome { results, exit_code });
    }
    let data = &arguments.session.data;
    let words = arguments.recipe.with(&["compare"]);
    let next = next::of_same_data("does training on the test images help", &words, data);
    let results = outputs.beside(report.worded(report.text() + &next));
    Ok(Outcome { results, exit_code })
}

impl AccuracyArguments {
    fn trains_on_what_it_evaluates(&self) -> bool {
        self.model.train_on() == TrainOn::TrainAndTest || self.evaluate_on == SplitName::Train
    }

    fn question<'a>(&self, model: &'a Model) -> Question<'a> {
        if self.leave_one_out {
            Question::leave_one_out(model)
        } else {
            Question::plain(model)
        }
    }
}

/// The file of predictions, if any. Where it cannot be written the rest goes on, since
/// the accuracy does not depend on it.
struct Writing {
    file: Option<PredictionsFile>,
    failure: Option<Error>,
}

impl Writing {
    /// Starts the file, whose first line is that of image number `first`.
    fn start(destination: Option<&Destination>, first: usize) -> Result<Self> {
        let start = |destination| PredictionsFile::create(destination, first);
        Ok(Self {
            file: destination.map(start).transpose()?,
            failure: None,
        })
    }

    fn add(&mut self, batch: &Split, question: &Question<'_>, answers: &Predictions) -> Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        match file.add(batch, question, answers) {
            Err(failure @ Error::Write { .. }) => {
                self.file = None;
                self.failure = Some(failure);
                Ok(())
            }
            added => added,
        }
    }

    /// What kept the file from being written, if anything.
    fn finish(self) -> Option<Error> {
        let finished = self.file.map_or(Ok(()), PredictionsFile::finish);
        self.failure.or(finished.err())
    }
}

/// What an evaluation has found.
struct Evaluated {
    model: Model,
    evaluation: Evaluation,
    /// What the images look like, where a model was given.
    look: Option<Look>,
    /// What kept the file of predictions from being written, if anything.
    unwritten: Option<Error>,
}

/// Trains, unless a model is given, and classifies on a backend.
fn evaluate(
    arguments: &AccuracyArguments,
    given: Option<&Model>,
    destination: Option<&Destination>,
    dataset: &Dataset,
    work: &mut Work<'_>,
) -> Result<Evaluated> {
    // Before the work, so that a bad path costs none.
    let mut writing = Writing::start(destination, arguments.rows.first())?;
    let splits = Splits::new(work.backend, dataset);
    let model = match given {
        Some(model) => model.clone(),
        None => splits.model(arguments.model.train_on(), work)?,
    };
    work.progress.stage("finding the nearest means");
    let evaluated = match arguments.evaluate_on {
        SplitName::Test => splits.test,
        SplitName::Train => splits.train,
    };
    let mut question = arguments.question(&model);
    if model.sums().present().count() >= FEWEST_FOR_PLACES {
        question = question.within(PLACES);
    }
    let mut evaluation = Evaluation::new(dataset.classes());
    let mut look = given.map(|_| Look::default());
    evaluated.predictions(&[question], work.timings, |batch, predicted| {
        evaluation.add(batch.labels(), &predicted[0])?;
        if let Some(look) = &mut look {
            *look += &Look::of_split(batch);
        }
        writing.add(batch, &question, &predicted[0])
    })?;
    Ok(Evaluated {
        model,
        evaluation,
        look,
        unwritten: writing.finish(),
    })
}
