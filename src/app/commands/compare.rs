//! `ncm compare`: does training on train+test help?

use super::session::{Session, SessionArguments};
use super::train_on::TrainOn;
use crate::app::report::{self, Progress};
use crate::backends::Backend;
use crate::backends::pass::Pass;
use crate::backends::timings::Timings;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::{Dataset, Split};
use crate::error::Result;
use crate::evaluation::comparison::Comparison;

/// Say whether training on the test images as well helps
///
/// Classifies the test images with means of train, of train+test, and of
/// train+test with each image taken out of its own class first. Counts the
/// answers that each change fixes and breaks, tests whether that could be
/// chance (McNemar, exact and mid-p), and says how much of the gain comes from
/// testing on images the model had seen.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    let mut session = Session::open(&arguments.session)?;
    let comparison = session.run(compare)?;
    let total = session.workplace.milliseconds();
    let report = report::compare::Compare {
        dataset: &session.dataset,
        backend: &session.workplace.backend(),
        comparison: &comparison,
        timings: &session.workplace.timings,
        total,
    };
    Ok(if arguments.json {
        report.json()
    } else {
        report.text()
    })
}

fn compare(
    backend: &dyn Backend,
    dataset: &Dataset,
    timings: &mut Timings,
    progress: &Progress,
) -> Result<Comparison> {
    let nothing_more = |_: &Split, _: &Question<'_>, _: &Predictions| Ok(());
    let (_, comparison) = compare_and(backend, dataset, timings, progress, nothing_more)?;
    Ok(comparison)
}

/// Compares, and returns the train model as well; `look` sees each batch of
/// test images with what is asked of that model and what it predicts.
pub(super) fn compare_and(
    backend: &dyn Backend,
    dataset: &Dataset,
    timings: &mut Timings,
    progress: &Progress,
    mut look: impl FnMut(&Split, &Question<'_>, &Predictions) -> Result<()>,
) -> Result<(Model, Comparison)> {
    let train = Pass::new(backend, dataset.train());
    let test = Pass::new(backend, dataset.test());
    progress.stage("summing the classes");
    let [alone, both] = TrainOn::both(&train, &test, timings)?;
    progress.stage("finding the nearest means");
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    let images = questions.map(|question| question.model().sums().images());
    let mut comparison = Comparison::new(dataset.classes(), images);
    test.predictions(&questions, timings, |batch, predictions| {
        comparison.add(batch.labels(), predictions)?;
        look(batch, &questions[0], &predictions[0])
    })?;
    Ok((alone, comparison))
}
