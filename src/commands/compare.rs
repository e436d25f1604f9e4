//! `ncm compare`: does training on train+test help?

use super::session::{Session, SessionArguments, add_kernels, class_sums, predictions, upload};
use crate::comparison::{Comparison, ROWS};
use crate::error::{Error, Result};
use crate::model::{Model, Question};
use crate::report;

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
    let comparison = compare(&mut session)?;
    let total = session.milliseconds();
    let report = report::compare::Compare {
        dataset: &session.dataset,
        backend: &session.backend.description(),
        comparison: &comparison,
        timings: &session.timings,
        total,
    };
    Ok(if arguments.json {
        report.json()
    } else {
        report.text()
    })
}

fn compare(session: &mut Session) -> Result<Comparison> {
    let Session {
        dataset,
        backend,
        timings,
        progress,
        ..
    } = session;
    progress.stage("uploading");
    let train = upload(&**backend, dataset.train(), timings)?;
    let test = upload(&**backend, dataset.test(), timings)?;
    progress.stage("summing the classes");
    let train_sums = class_sums(&*train, timings)?;
    let both_sums = &train_sums + &class_sums(&*test, timings)?;
    let alone = Model::new(ROWS[0], train_sums)?;
    let both = Model::new(ROWS[1], both_sums)?;
    progress.stage("finding the nearest means");
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    let answers = predictions(&*test, &questions, timings)?;
    [&train, &test]
        .into_iter()
        .for_each(|resident| add_kernels(timings, &**resident));
    let [of_train, of_both, left_out] = &answers[..] else {
        return Err(Error::Invalid("not one answer to each question".into()));
    };
    let (train_images, both_images) = (alone.sums().images(), both.sums().images());
    let rows = [
        (of_train, train_images),
        (of_both, both_images),
        (left_out, both_images),
    ];
    Ok(Comparison::new(dataset.test(), rows))
}
