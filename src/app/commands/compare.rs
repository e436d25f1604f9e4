//! `ncm compare`: does training on train+test help?

use super::next;
use super::recipe_arguments::RecipeArguments;
use super::session::{SessionArguments, Work};
use super::training::Splits;
use crate::app;
use crate::app::report::{self, Report, Results};
use crate::backends::select::Choice;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::OneSet;
use crate::data::{Dataset, Split};
use crate::error::Result;
use crate::evaluation::comparison::Comparison;

const EXAMPLES: &str = "\
Examples:
  ncm compare
  ncm compare --data kmnist --backend cpu

`ncm help words` explains the words of the result.";

/// Say whether training on the test images as well helps
///
/// Classifies the test images three times: with the means of train, with those of
/// train+test, and with those of train+test while each image is left out of the
/// mean of its own class. Counts the answers that each change fixes and breaks,
/// tests whether that could be chance (McNemar, exact and mid-p), and says how
/// much of the gain comes from testing on images the model had seen.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &CompareArguments) -> app::Result<Results> {
    let (mut session, dataset) = arguments.session.open(Choice::Auto, OneSet::Divided)?;
    let dataset = (arguments.recipe).prepare(dataset, None, &mut session)?;
    let (_, comparison) = session.run(|work| compare(&dataset, work, |_, _, _| Ok(())))?;
    let report = report::compare::Compare {
        dataset: &dataset,
        comparison: &comparison,
        run: session.so_far(),
    };
    let data = &arguments.session.data;
    let words = arguments.recipe.with(&["report"]);
    let next = next::of_same_data("which images go wrong", &words, data);
    Ok(report.rendered(arguments.json, &next))
}

/// Compares, and returns the train model as well; `look` sees each batch of
/// test images with what is asked of that model and what it predicts.
pub(super) fn compare(
    dataset: &Dataset,
    work: &mut Work<'_>,
    mut look: impl FnMut(&Split, &Question<'_>, &Predictions) -> Result<()>,
) -> Result<(Model, Comparison)> {
    let splits = Splits::new(work.backend, dataset);
    let [alone, both] = splits.both_models(work)?;
    work.progress.stage("finding the nearest means");
    let of_alone = Question::plain(&alone);
    let questions = [
        of_alone,
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    let images = questions.map(|question| question.model().sums().samples());
    let mut comparison = Comparison::new(dataset.classes(), images);
    let test = &splits.test;
    test.predictions(&questions, work.timings, |batch, predictions| {
        comparison.add(batch.labels(), predictions)?;
        look(batch, &of_alone, &predictions[0])
    })?;
    Ok((alone, comparison))
}
