//! Learned features on every backend that needs no device: labels under every recipe
//! against those that other software gives, and against exact arithmetic.

use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::reference::Reference;
use ncm::internals::data::{FeatureSets, OneSet};
use ncm::{
    Among, ClassSums, Features, LabelledFeatures, Model, Predictions, Question, Recipe, Split,
};
use serde_json::Value;

use crate::support::{Outcome, Random, ensure, failed, mnist};

/// Samples whose labels are also sought among all classes by exact arithmetic alone.
const CHECKED: usize = 500;

/// With a name for messages.
fn backends() -> [(&'static str, Box<dyn Backend>); 2] {
    [
        ("cpu", Box::new(Cpu::default())),
        ("reference", Box::new(Reference)),
    ]
}

fn split(features: Features, labels: &[u16], classes: usize) -> Result<Split, String> {
    Split::new(features, labels.to_vec(), classes).map_err(failed)
}

fn class_sums(backend: &dyn Backend, split: &Split) -> Result<ClassSums, String> {
    let resident = backend.upload(split).map_err(failed)?;
    resident.class_sums().map_err(failed)
}

fn predictions(
    backend: &dyn Backend,
    split: &Split,
    question: Question<'_>,
) -> Result<Predictions, String> {
    let resident = backend.upload(split).map_err(failed)?;
    let mut found = resident.predictions(&[question]).map_err(failed)?;
    ensure(found.len() == 1, || format!("{} answers", found.len()))?;
    Ok(found.remove(0))
}

/// Training and test samples as a recipe has them; its centre comes from the training
/// samples as they were.
fn prepared(
    backend: &dyn Backend,
    recipe: Recipe,
    [train, test]: [(&Features, &[u16]); 2],
    classes: usize,
) -> Result<[Split; 2], String> {
    let plain = split(train.0.clone(), train.1, classes)?;
    let centre = match recipe.centres() {
        true => class_sums(backend, &plain)?
            .floats()
            .map_err(failed)?
            .centre(),
        false => None,
    };
    let prepare = |(features, labels): (&Features, &[u16])| {
        let features = recipe.prepare(features.clone(), centre.as_deref());
        split(features.map_err(failed)?, labels, classes)
    };
    Ok([prepare(train)?, prepare(test)?])
}

/// The first samples of a split.
fn first(whole: &Split, samples: usize) -> Result<Split, String> {
    let rows = whole.rows().ok_or("no feature vectors")?;
    let values = rows.features.values()[..samples * rows.features.dim()].to_vec();
    let features = rows.features.with_values(values).map_err(failed)?;
    split(features, &rows.labels[..samples], rows.classes)
}

/// Every label must be that of exact arithmetic, among all classes.
fn are_exact(found: &Predictions, split: &Split, question: Question<'_>) -> Outcome {
    let rows = split.rows().ok_or("no feature vectors")?;
    let question = question.of_floats().map_err(failed)?;
    ensure(found.classes().len() == split.len(), || {
        format!("{} labels of {}", found.classes().len(), split.len())
    })?;
    for (index, (&class, &label)) in found.classes().iter().zip(rows.labels).enumerate() {
        let exact = question.nearest(rows.features.row(index), label, Among::All);
        let exact = exact.ok_or("no class")?.answer;
        ensure(class == exact, || {
            format!("sample {index} is {class}, by exact arithmetic {exact}")
        })?;
    }
    Ok(())
}

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
    let both = [&sets.train, test].map(|set: &LabelledFeatures| (&set.features, &set.labels[..]));
    for recipe in Recipe::ALL {
        let name = recipe.name();
        let expected = std::fs::read(folder.join(format!("mlp64-{name}.u8"))).map_err(failed)?;
        for (kind, backend) in backends() {
            gives(
                &*backend,
                recipe,
                both,
                sets.classes,
                &expected,
                &answers[name],
            )
            .map_err(|wrong| format!("{name} on {kind}: {wrong}"))?;
        }
    }
    Ok(())
}

fn gives(
    backend: &dyn Backend,
    recipe: Recipe,
    both: [(&Features, &[u16]); 2],
    classes: usize,
    expected: &[u8],
    answers: &Value,
) -> Outcome {
    let [train, test] = prepared(backend, recipe, both, classes)?;
    let model = Model::new("train", class_sums(backend, &train)?).map_err(failed)?;
    ensure(model.recipe() == recipe, || {
        format!("a model of {}", model.recipe().name())
    })?;
    let found = predictions(backend, &test, Question::plain(&model))?;
    let expected = expected.iter().map(|&class| u16::from(class));
    ensure(found.classes().iter().copied().eq(expected), || {
        "other labels".into()
    })?;
    let right = found.classes().iter().zip(test.labels());
    let right = right.filter(|(found, label)| found == label).count();
    ensure(answers["correct"] == right, || format!("{right} right"))?;
    // Few are in doubt, so that the products are worth something.
    let share = found.settled() as f64 / found.classes().len() as f64;
    ensure(share < 0.01, || format!("{share} settled"))?;
    // The first training samples, each left out of its own class.
    let few = first(&train, CHECKED)?;
    let question = Question::leave_one_out(&model);
    are_exact(&predictions(backend, &few, question)?, &few, question)
        .map_err(|wrong| format!("left out, {wrong}"))
}

/// Vectors of small integers, each near a pattern of its class, some of them zero or the
/// same as others, so that distances and cosines often tie.
fn made_up(seed: u64, samples: usize, dim: usize, classes: usize) -> (Features, Vec<u16>) {
    let mut random = Random(seed);
    let labels: Vec<u16> = (0..samples)
        .map(|_| random.below(classes as u64) as u16)
        .collect();
    let mut value = |label: u16, column: usize| {
        let pattern = (usize::from(label) * 5 + column * 3) % 7;
        pattern as f32 - 3.0 + random.below(3) as f32 - 1.0
    };
    let mut values: Vec<f32> = labels
        .iter()
        .flat_map(|&label| (0..dim).map(move |column| (label, column)))
        .map(|(label, column)| value(label, column))
        .collect();
    values[..dim].fill(0.0);
    values.copy_within(dim..2 * dim, 2 * dim);
    (Features::new(dim, values).expect("finite values"), labels)
}

/// Sums, draws, distances and labels, each sample kept and left out.
#[test]
fn have_the_same_answers_on_every_backend() -> Outcome {
    for (samples, dim, classes) in [(40, 1, 3), (60, 2, 5), (300, 17, 9), (90, 64, 40)] {
        let ((train, labels), (test, asked)) = (
            made_up(1, samples, dim, classes),
            made_up(2, samples, dim, classes),
        );
        for recipe in Recipe::ALL {
            let both = [(&train, &labels[..]), (&test, &asked[..])];
            agree(recipe, both, classes).map_err(|wrong| {
                let name = recipe.name();
                format!("{name}, {samples} samples of {dim} in {classes} classes: {wrong}")
            })?;
        }
    }
    Ok(())
}

fn agree(recipe: Recipe, both: [(&Features, &[u16]); 2], classes: usize) -> Outcome {
    let [train, test] = prepared(&Reference, recipe, both, classes)?;
    let sums = ClassSums::of(&train).map_err(failed)?;
    let model = Model::new("train", sums.clone()).map_err(failed)?;
    let last = train.len() as u32 - 1;
    let draws: [&[u32]; 3] = [&[0, 1, 1, last, 7, 1], &[], &[last]];
    let drawn = draws.map(|draw| ClassSums::of_draw(&train, draw));
    let drawn: Vec<_> = drawn
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    let reference = Reference.upload(&test).map_err(failed)?;
    let expected = reference.distances(&model).map_err(failed)?;
    for (kind, backend) in backends() {
        let wrong = |what: &str| format!("{what} on {kind}");
        let trained = backend.upload(&train).map_err(failed)?;
        ensure(trained.class_sums().map_err(failed)? == sums, || {
            wrong("sums")
        })?;
        ensure(trained.drawn_sums(&draws).map_err(failed)? == drawn, || {
            wrong("sums of draws")
        })?;
        let tested = backend.upload(&test).map_err(failed)?;
        let found = tested.distances(&model).map_err(failed)?;
        let near = |(&one, &other): (&f64, &f64)| {
            one == other || (one - other).abs() <= 1e-12 * one.abs().max(1.0)
        };
        let mut distances = found.squared().iter().zip(expected.squared());
        let same = found.squared().len() == expected.squared().len() && distances.all(near);
        ensure(same, || wrong("distances"))?;
        for (split, question) in [
            (&test, Question::plain(&model)),
            (&train, Question::plain(&model)),
            (&train, Question::leave_one_out(&model)),
        ] {
            let found = predictions(&*backend, split, question)?;
            are_exact(&found, split, question).map_err(|what| wrong(&what))?;
        }
    }
    Ok(())
}

/// What was prepared in one way is not compared with what was prepared in another.
#[test]
fn prepared_otherwise_than_the_model_are_refused() -> Outcome {
    let (features, labels) = made_up(3, 50, 6, 4);
    let both = [(&features, &labels[..]); 2];
    let centre = vec![0.5; 6];
    let elsewhere = Recipe::Cl2n.prepare(features.clone(), Some(&centre));
    let elsewhere = split(elsewhere.map_err(failed)?, &labels, 4)?;
    for (kind, backend) in backends() {
        for of_model in Recipe::ALL {
            let [train, _] = prepared(&*backend, of_model, both, 4)?;
            let model = Model::new("train", class_sums(&*backend, &train)?).map_err(failed)?;
            for of_samples in Recipe::ALL {
                let [_, test] = prepared(&*backend, of_samples, both, 4)?;
                let found = predictions(&*backend, &test, Question::plain(&model));
                let [own, asked] = [of_model, of_samples].map(Recipe::name);
                let says = format!("the model is of {own} samples, these are {asked}");
                let as_it_should = match found {
                    Ok(_) => of_model == of_samples,
                    Err(error) => of_model != of_samples && error.contains(&says),
                };
                ensure(as_it_should, || format!("{asked} by {own} on {kind}"))?;
            }
            if of_model == Recipe::Cl2n {
                let found = predictions(&*backend, &elsewhere, Question::plain(&model));
                let says = "the model and the samples have different centres of cl2n";
                ensure(found.is_err_and(|error| error.contains(says)), || {
                    format!("another centre on {kind}")
                })?;
            }
        }
    }
    Ok(())
}
