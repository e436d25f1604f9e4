//! Class sums of draws, and the learning curves and bootstraps made of them, on every
//! backend.

use std::path::Path;
use std::sync::Arc;

use libtest_mimic::Trial;
use ncm::internals::backends::batched::Batched;
use ncm::internals::backends::timings::Timings;
use ncm::internals::data::Source;
use ncm::internals::evaluation::bootstrap::{self, Bootstrap};
use ncm::internals::evaluation::curve::{self, Curve, usual_sizes};
use ncm::internals::evaluation::draws::{Labels, order, resample, seeds};
use ncm::internals::evaluation::many_models::ManyModels;
use serde_json::Value;

use crate::oracle::{check_drawn_sums, drawn, nearest, squared_distances, sums};
use crate::subjects::{Subject, Subjects, skipped};
use crate::support::mnist::{self, NO_ANSWERS, NO_MNIST};
use crate::support::{Outcome, Pictures, ensure, failed, random_split};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = subjects.trials("resampling::draws", subjects.all.iter(), draws);
    trials.extend(subjects.trials(
        "resampling::each_model_alone",
        subjects.all.iter(),
        each_model_alone,
    ));
    let name = "resampling::all_answers_of_other_software";
    let (folder, answers) = (mnist::folder(), mnist::answers());
    match (folder, answers) {
        (None, _) => trials.push(skipped(name, "mnist", NO_MNIST)),
        (_, None) => trials.push(skipped(name, "expected", NO_ANSWERS)),
        (Some(folder), Some(answers)) => {
            let paths = Arc::new([folder, answers]);
            let run = move |subject: &Subject| expected(subject, &paths[0], &paths[1]);
            trials.extend(subjects.trials(name, subjects.whole(), run));
        }
    }
    trials
}

/// Dense and sparse draws, with repeats and without, of one class and of none.
fn draws(subject: &Subject) -> Outcome {
    let images = if subject.takes_single_images() {
        40
    } else {
        700
    };
    for (dim, classes) in [(1, 3), (21, 4), (130, 11)] {
        let split = random_split(7, images, dim, classes);
        let n = images as u32;
        let mut all: Vec<Vec<u32>> = (0..7).map(|seed| resample(seed, images)).collect();
        // As often as a byte counts, and once more.
        let of_one = |times: usize| (0..n).chain(std::iter::repeat_n(3, times)).collect();
        let mut heavy = all.clone();
        heavy.push(of_one(254));
        all.push(of_one(255));
        let sparse = vec![vec![], vec![n - 1], vec![5, 5, 0], (0..n / 8).collect()];
        for draws in [all, heavy, sparse, vec![resample(1, images)], vec![]] {
            let draws: Vec<&[u32]> = draws.iter().map(Vec::as_slice).collect();
            let resident = subject.backend()?.upload(&split).map_err(failed)?;
            let sums = resident.drawn_sums(&draws).map_err(failed)?;
            check_drawn_sums(&sums, &split, &draws)?;
            if let Some(first) = draws.iter().position(|draw| draw.len() > 1) {
                // The check can fail: one image is another, of another class.
                let mut other = draws[first].to_vec();
                let label = |index: &u32| split.labels()[*index as usize];
                other[0] = (0..n)
                    .find(|index| label(index) != label(&other[0]))
                    .ok_or("a split of one class")?;
                let mut draws = draws.clone();
                draws[first] = &other;
                ensure(check_drawn_sums(&sums, &split, &draws).is_err(), || {
                    "another draw passes for this one".into()
                })?;
            }
            let outside: &[u32] = &[0, n];
            ensure(resident.drawn_sums(&[outside]).is_err(), || {
                "an image that is not there was drawn".into()
            })?;
        }
    }
    Ok(())
}

/// A curve and a bootstrap against models that are made and asked one by one.
fn each_model_alone(subject: &Subject) -> Outcome {
    let (train_images, test_images) = match subject.takes_single_images() {
        true => (30, 6),
        false => (300, 40),
    };
    let train = random_split(21, train_images, 3, 5);
    let test = random_split(21, test_images, 3, 5);
    let backend = subject.backend()?;
    let (train_source, test_source) = (Source::from(train.clone()), Source::from(test.clone()));
    let labels = Labels::of(&train_source).map_err(failed)?;
    let batched = [&train_source, &test_source].map(|source| Batched::new(backend, source));
    let mut timings = Timings::default();
    let mut many = ManyModels {
        train: &batched[0],
        test: &batched[1],
        timings: &mut timings,
        progress: &|_| (),
    };
    let right_of = |draw: &[u32]| -> u64 {
        let split = drawn(&train, draw);
        let sums = sums(&[&split]);
        let right = |&index: &usize| {
            let (image, label) = (test.pictures().image(index), test.labels()[index]);
            nearest(&squared_distances(&sums, image, label, false)).0 == label
        };
        (0..test.len()).filter(right).count() as u64
    };
    for per_class in [false, true] {
        let setting = curve::Setting {
            sizes: vec![
                1,
                2,
                3,
                if per_class {
                    1 + labels.largest_class() / 2
                } else {
                    train_images
                },
            ],
            repetitions: 3,
            seed: 5,
            per_class,
        };
        let curve = Curve::draw(&mut many, &labels, &setting, |_, _| ()).map_err(failed)?;
        for (place, point) in curve.points.iter().enumerate() {
            for (seed, &correct) in seeds(5).zip(&point.correct) {
                let order = order(seed, train_images);
                let mut parts = labels.increments(&order, &setting.sizes[..=place], per_class);
                // What is beyond the last size.
                parts.pop();
                let expected = right_of(&parts.concat());
                ensure(correct == expected, || {
                    format!(
                        "{} images: {correct} right, {expected} one by one",
                        point.images
                    )
                })?;
            }
        }
    }
    let setting = bootstrap::Setting {
        models: 9,
        seed: 3,
        per_class: false,
    };
    let found = Bootstrap::draw(&mut many, &labels, setting).map_err(failed)?;
    for (seed, &correct) in seeds(3).zip(&found.correct) {
        let expected = right_of(&resample(seed, train_images));
        ensure(correct == expected, || {
            format!("a resample: {correct} right, {expected} one by one")
        })?;
    }
    Ok(())
}

/// MNIST's curves and bootstraps, as other software has them.
fn expected(subject: &Subject, folder: &Path, answers: &Path) -> Outcome {
    let path = answers.join("resampling.json");
    let answers = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let answers: Value = serde_json::from_slice(&answers).map_err(failed)?;
    first_numbers(&answers)?;
    let splits = mnist::read(folder)?.map(Source::from);
    let labels = Labels::of(&splits[0]).map_err(failed)?;
    let backend = subject.backend()?;
    let batched = [&splits[0], &splits[1]].map(|source| Batched::new(backend, source));
    let mut timings = Timings::default();
    let mut many = ManyModels {
        train: &batched[0],
        test: &batched[1],
        timings: &mut timings,
        progress: &|_| (),
    };
    for (name, per_class) in [("curve", false), ("curve_per_class", true)] {
        let setting = curve::Setting {
            sizes: usual_sizes(&labels, per_class),
            repetitions: numbers(&answers[name]["correct"]).len(),
            seed: 0,
            per_class,
        };
        let curve = Curve::draw(&mut many, &labels, &setting, |_, _| ()).map_err(failed)?;
        same(name, &answers[name]["sizes"], &setting.sizes)?;
        let repetitions = 0..setting.repetitions;
        let of_repetition = |repetition: usize| -> Vec<u64> {
            let points = curve.points.iter();
            points.map(|point| point.correct[repetition]).collect()
        };
        let correct: Vec<_> = repetitions.map(of_repetition).collect();
        same(name, &answers[name]["correct"], &correct)?;
    }
    for (name, per_class) in [("bootstrap", false), ("bootstrap_per_class", true)] {
        let setting = bootstrap::Setting {
            models: numbers(&answers[name]).len(),
            seed: 0,
            per_class,
        };
        let found = Bootstrap::draw(&mut many, &labels, setting).map_err(failed)?;
        same(name, &answers[name], &found.correct)?;
    }
    Ok(())
}

fn first_numbers(answers: &Value) -> Outcome {
    let text: Vec<String> = seeds(0).take(5).map(|seed| seed.to_string()).collect();
    same("seeds", &answers["stream_seeds"], &text)?;
    let first = |draw: Vec<u32>| draw[..8].to_vec();
    let orders: Vec<_> = seeds(0)
        .take(5)
        .map(|seed| first(order(seed, 60_000)))
        .collect();
    same("orders", &answers["first_of_permutation"], &orders)?;
    let draws: Vec<_> = seeds(0)
        .take(5)
        .map(|seed| first(resample(seed, 60_000)))
        .collect();
    same("draws", &answers["first_draws"], &draws)
}

fn numbers(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn same(what: &str, expected: &Value, found: &impl serde::Serialize) -> Outcome {
    let found = serde_json::to_value(found).map_err(failed)?;
    ensure(!expected.is_null() && *expected == found, || {
        format!("{what}: {found}, expected {expected}")
    })
}
