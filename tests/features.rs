//! Learned features: labels under every recipe against those that other software gives.

use ncm::internals::classifier::float_exact::{Among, FloatQuestion};
use ncm::internals::classifier::float_sums::FloatSums;
use ncm::internals::data::{FeatureSets, OneSet};
use ncm::{Features, Metric, Recipe, nearest_of_floats};
use serde_json::Value;

use crate::support::{Outcome, ensure, failed, mnist};

/// Samples whose labels are also sought among all classes by exact arithmetic alone.
const CHECKED: usize = 500;

/// 64 values that a small network makes of each MNIST image. `$NCM_EXPECTED` has the right
/// answers and every label under the five recipes, from float64 with every decision checked.
#[test]
fn have_every_label_that_other_software_gives() -> Outcome {
    let (Some(file), Some(folder)) = (mnist::needed_features()?, mnist::needed_answers()?) else {
        return Ok(());
    };
    let sets = FeatureSets::open(&file, OneSet::Divided).map_err(failed)?;
    let test = sets.test.as_ref().ok_or("no test set")?;
    let text = std::fs::read(folder.join("mlp64.json")).map_err(failed)?;
    let answers: Value = serde_json::from_slice(&text).map_err(failed)?;
    for recipe in Recipe::ALL {
        let name = recipe.name();
        let train = sets.train.features.clone();
        let sums = |features: &Features| {
            FloatSums::over(features, &sets.train.labels, sets.classes).map_err(failed)
        };
        let centre = match recipe.centres() {
            true => sums(&train)?.centre(),
            false => None,
        };
        let prepare = |features| recipe.prepare(features, centre.as_deref()).map_err(failed);
        let (train, tested) = (prepare(train)?, prepare(test.features.clone())?);
        let sums = sums(&train)?;
        let means = sums.means();
        let question = FloatQuestion::new(&sums, &means, recipe.metric(), false);
        let found = nearest_of_floats(&tested, &test.labels, &question).map_err(failed)?;
        let expected = std::fs::read(folder.join(format!("mlp64-{name}.u8"))).map_err(failed)?;
        let same = found
            .classes()
            .iter()
            .copied()
            .eq(expected.iter().map(|&c| u16::from(c)));
        ensure(same, || format!("{name}: other labels"))?;
        let right = found.classes().iter().zip(&test.labels);
        let right = right.filter(|(found, label)| found == label).count();
        ensure(answers[name]["correct"] == right, || {
            format!("{name}: {right} right")
        })?;
        // Few are in doubt, so that the products are worth something.
        let share = found.settled() as f64 / found.classes().len() as f64;
        ensure(share < 0.01, || format!("{name}: {share} settled"))?;
        left_out(&train, &sets.train.labels, &sums, recipe.metric())?;
    }
    Ok(())
}

/// The first training samples, each left out of its own class.
fn left_out(train: &Features, labels: &[u16], sums: &FloatSums, metric: Metric) -> Outcome {
    let dim = train.dim();
    let few = train.values()[..CHECKED * dim].to_vec();
    let few = Features::new(dim, few).map_err(failed)?;
    let means = sums.means();
    let question = FloatQuestion::new(sums, &means, metric, true);
    let found = nearest_of_floats(&few, &labels[..CHECKED], &question).map_err(failed)?;
    for (index, &label) in labels[..CHECKED].iter().enumerate() {
        let exact = question.nearest(few.row(index), label, Among::All);
        let exact = exact.ok_or("no class")?.answer;
        ensure(found.classes()[index] == exact, || {
            format!("{metric:?}: sample {index} left out has another label")
        })?;
    }
    Ok(())
}
