//! `ncm compare`: does training on train+test help?

use super::next;
use super::recipe_arguments::{RecipeArguments, preparation, prepared};
use super::session::{SessionArguments, Work};
use super::training::{Splits, TrainOn};
use crate::app;
use crate::app::report::{self, Report, Results};
use crate::backends::select::Choice;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::OneSet;
use crate::data::recipe::Recipe;
use crate::data::{Dataset, Split};
use crate::error::Result;
use crate::evaluation::comparison::Comparison;
use crate::evaluation::paired::{Better, Paired};

const EXAMPLES: &str = "\
Examples:
  ncm compare
  ncm compare --data kmnist --backend cpu
  ncm compare --data features.npz --recipes euclidean,l2n

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

    /// Compare two recipes instead, both trained on the training images alone
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        num_args = 1,
        value_name = "A,B",
        conflicts_with = "recipe"
    )]
    recipes: Vec<Recipe>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &CompareArguments) -> app::Result<Results> {
    match arguments.recipes[..] {
        [] => {}
        [one, other] if one != other => return compare_recipes(arguments, [one, other]),
        _ => {
            return Err(app::Error::Usage(
                "--recipes takes two different ones, such as euclidean,l2n".into(),
            ));
        }
    }
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

/// Compares two recipes on the same test samples.
fn compare_recipes(arguments: &CompareArguments, recipes: [Recipe; 2]) -> app::Result<Results> {
    let (mut session, dataset) = arguments.session.open(Choice::Auto, OneSet::Divided)?;
    let mut answers = Vec::new();
    for recipe in recipes {
        let preparation = preparation(recipe, &dataset, &mut session)?;
        let prepared = prepared(dataset.clone(), &preparation, &mut session)?;
        answers.push(session.run(|work| answers_to_test(&prepared, work))?);
    }
    let [one, other] = &answers[..] else {
        return Err(app::Error::Usage("--recipes takes two".into()));
    };
    let names = recipes.map(Recipe::name);
    let mut paired = Paired::new(dataset.classes(), names, dataset.train().len() as u64);
    paired.add(&one.labels, [&one.predictions, &other.predictions])?;
    let report = report::compare::Recipes {
        dataset: &dataset,
        paired: &paired,
        run: session.so_far(),
    };
    let data = &arguments.session.data;
    let best = match paired.better() {
        Better::First => names[0],
        Better::Second | Better::Neither => names[1],
    };
    let words = ["report", "--recipe", best];
    let next = next::of_same_data("which images go wrong", &words, data);
    Ok(report.rendered(arguments.json, &next))
}

/// What a model of the training samples says of all test samples.
struct Answers {
    labels: Vec<u16>,
    predictions: Predictions,
}

fn answers_to_test(dataset: &Dataset, work: &mut Work<'_>) -> Result<Answers> {
    let splits = Splits::new(work.backend, dataset);
    let model = splits.model(TrainOn::Train, work)?;
    work.progress.stage("finding the nearest means");
    let (mut labels, mut all) = (Vec::new(), Predictions::from_classes(Vec::new()));
    let questions = [Question::plain(&model)];
    let test = &splits.test;
    test.predictions(&questions, work.timings, |batch, predictions| {
        labels.extend_from_slice(batch.labels());
        all.extend(&predictions[0]);
        Ok(())
    })?;
    Ok(Answers {
        labels,
        predictions: all,
    })
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
