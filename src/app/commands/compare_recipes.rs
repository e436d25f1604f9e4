//! `ncm compare --recipes A,B`: which of two recipes is better.

use super::compare::CompareArguments;
use super::next;
use super::recipe_arguments::{preparation, prepared};
use super::session::Work;
use super::training::{Splits, TrainOn};
use crate::app;
use crate::app::report::{self, Report, Results};
use crate::backends::select::Choice;
use crate::classifier::model::Question;
use crate::classifier::predictions::Predictions;
use crate::data::recipe::Recipe;
use crate::data::{Dataset, OneSet};
use crate::error::Result;
use crate::evaluation::paired::{Better, Paired};

/// Compares two recipes on the same test samples.
pub(super) fn run(arguments: &CompareArguments, recipes: [Recipe; 2]) -> app::Result<Results> {
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
