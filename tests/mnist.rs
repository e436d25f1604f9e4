//! MNIST's true answers on every backend.
//!
//! The data is `$NCM_DATA`, else `./data`. The answers are `$NCM_EXPECTED`: a
//! folder with `mnist.json` (counts, sums, confusion, intervals, tests) and
//! `predictions-*.u8` (one predicted label per byte), made by other software.

mod expected;

use std::path::PathBuf;
use std::sync::Arc;

use libtest_mimic::Trial;

use ncm::internals::classifier::exact;
use ncm::internals::data::{Place, Source, Split};
use ncm::{ClassSums, Comparison, Dataset, Evaluation, Model, Predictions, Question};

use expected::{Expected, in_full};

use crate::support::{Outcome, Subject, Subjects, ensure, failed, mnist_folder, skipped, trial};

/// Of the test set, no backend may leave more to exact arithmetic.
const MOST_SETTLED: usize = 100;

/// The check that is nothing without answers made by other software.
const NEEDS_ANSWERS: &str = "mnist distances of single images";

const NO_ANSWERS: &str = "$NCM_EXPECTED names no folder of answers";

/// The three ways of training, as the expected answers name them.
const MODELS: [&str; 3] = ["train", "train_plus_test", "train_plus_test_leave_one_out"];

struct Mnist {
    train: Split,
    test: Split,
    /// What is expected, where it was given.
    expected: Option<Expected>,
}

type Check = fn(&Subject, &Mnist) -> Outcome;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let checks: [(&str, Check); 3] = [
        ("mnist class sums, labels and tests", |subject, mnist| {
            answers(subject, mnist)
        }),
        (NEEDS_ANSWERS, |subject, mnist| distances(subject, mnist)),
        (
            "mnist leave-one-out of the training set",
            |subject, mnist| leave_one_out(subject, mnist),
        ),
    ];
    let Some(folder) = mnist_folder() else {
        let reason = "no MNIST in $NCM_DATA or ./data";
        return checks
            .into_iter()
            .map(|(name, _)| skipped(name, "mnist", reason))
            .collect();
    };
    let mnist = match read(folder.clone()) {
        Ok(mnist) => Arc::new(mnist),
        Err(wrong) => return vec![trial("mnist can be read", || Err(wrong))],
    };
    let mut trials = Vec::new();
    for (name, check) in checks {
        // Without answers to compare with it would pass whatever it finds.
        if name == NEEDS_ANSWERS && mnist.expected.is_none() {
            trials.push(skipped(name, "expected", NO_ANSWERS));
            continue;
        }
        let mnist = Arc::clone(&mnist);
        let run = move |subject: &Subject| check(subject, &mnist);
        trials.extend(subjects.trials(name, subjects.whole(), run));
    }
    if mnist.expected.is_none() {
        trials.push(skipped(
            "mnist against answers made by other software",
            "expected",
            NO_ANSWERS,
        ));
    }
    let alone = "mnist exact arithmetic alone finds the same labels";
    trials.push(match &mnist.expected {
        None => skipped(alone, "expected", NO_ANSWERS),
        Some(_) => trial(alone, move || exact_alone(&mnist)),
    });
    trials.push(trial("mnist is read alike by the mnist crate", move || {
        second_reader(folder)
    }));
    trials
}

fn read(folder: PathBuf) -> Result<Mnist, String> {
    let dataset = Dataset::from_folder(&folder).map_err(failed)?;
    let split = |source: &Source| source.whole().cloned().ok_or("MNIST fits in memory");
    let (train, test) = (split(dataset.train())?, split(dataset.test())?);
    let expected = match std::env::var_os("NCM_EXPECTED") {
        Some(folder) if !folder.is_empty() => Some(expected::read(folder.into())?),
        _ => None,
    };
    Ok(Mnist {
        train,
        test,
        expected,
    })
}

struct Answers {
    sums: [ClassSums; 2],
    predictions: Vec<Predictions>,
}

/// The whole job, as `ncm compare` does it.
fn run(subject: &Subject, mnist: &Mnist) -> ncm::Result<Answers> {
    let train = subject.backend.upload(&mnist.train)?;
    let test = subject.backend.upload(&mnist.test)?;
    let train_sums = train.class_sums()?;
    let both_sums = &train_sums + &test.class_sums()?;
    let alone = Model::new("train", train_sums)?;
    let both = Model::new("train+test", both_sums)?;
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    let predictions = test.predictions(&questions)?;
    Ok(Answers {
        sums: [alone.sums().clone(), both.sums().clone()],
        predictions,
    })
}

fn answers(subject: &Subject, mnist: &Mnist) -> Outcome {
    let found = run(subject, mnist).map_err(failed)?;
    let split = &mnist.test;
    let mut comparison = Comparison::new(split.classes(), [60_000, 70_000, 70_000]);
    comparison
        .add(split.labels(), &found.predictions)
        .map_err(failed)?;
    headline(&comparison)?;
    for predictions in &found.predictions {
        ensure(predictions.settled() <= MOST_SETTLED, || {
            format!("{} settled", predictions.settled())
        })?;
    }
    mnist
        .expected
        .as_ref()
        .map_or(Ok(()), |expected| in_full(&found, &comparison, expected))
}

/// What this project promises of MNIST wherever it has the data.
fn headline(comparison: &Comparison) -> Outcome {
    let correct = comparison
        .rows
        .each_ref()
        .map(|row| row.evaluation.correct());
    ensure(correct == [8203, 8210, 8207], || {
        format!("{correct:?} right")
    })?;
    let verdict = comparison.verdict();
    let expected = "No detectable gain: 34 fixed and 27 broken (exact McNemar p = 0.4426); 3 of the 7 extra \
                    right answers come from testing on images the model had seen.";
    ensure(verdict == expected, || verdict.clone())
}

fn distances(subject: &Subject, mnist: &Mnist) -> Outcome {
    let Some(expected) = &mnist.expected else {
        return Ok(());
    };
    let train = subject.backend.upload(&mnist.train).map_err(failed)?;
    let test = subject.backend.upload(&mnist.test).map_err(failed)?;
    let model = Model::new("train", train.class_sums().map_err(failed)?).map_err(failed)?;
    for (resident, index, key) in [
        (train, 0, "distances_of_train_image_0"),
        (test, 3, "distances_of_test_image_3"),
    ] {
        let answers = &expected.answers[key];
        ensure(answers["label"] == resident.split().labels()[index], || {
            format!("{key}: label")
        })?;
        let found = resident.distances(&model).map_err(failed)?;
        let expected = answers["distances"].as_array().ok_or("no distances")?;
        for (class, (&squared, expected)) in found.image(index).iter().zip(expected).enumerate() {
            // Rounding a mean to 1/128 moves it by at most √784/256.
            let off = (squared.sqrt() - expected.as_f64().unwrap_or(f64::NAN)).abs();
            ensure(off <= 28.0 / 256.0, || {
                format!("{key}: class {class} is off by {off}")
            })?;
        }
        if !answers["predicted"].is_null() {
            let nearest = resident
                .predictions(&[Question::plain(&model)])
                .map_err(failed)?;
            ensure(answers["predicted"] == nearest[0].classes()[index], || {
                format!("{key}: predicted")
            })?;
        }
    }
    Ok(())
}

/// 60,000 images at once, each out of its class: several tasks and segments. The
/// counts were computed with NumPy in float64.
fn leave_one_out(subject: &Subject, mnist: &Mnist) -> Outcome {
    let train = subject.backend.upload(&mnist.train).map_err(failed)?;
    let model = Model::new("train", train.class_sums().map_err(failed)?).map_err(failed)?;
    let questions = [Question::plain(&model), Question::leave_one_out(&model)];
    let found = train.predictions(&questions).map_err(failed)?;
    let correct: Result<Vec<u64>, String> = found
        .iter()
        .map(|found| {
            let mut evaluation = Evaluation::new(mnist.train.classes());
            evaluation
                .add(mnist.train.labels(), found)
                .map_err(failed)?;
            Ok(evaluation.correct())
        })
        .collect();
    let correct = correct?;
    ensure(correct == [48_479, 48_445], || format!("{correct:?} right"))
}

/// The exact path gives every label by itself, with the margins that are known.
fn exact_alone(mnist: &Mnist) -> Outcome {
    let Some(expected) = &mnist.expected else {
        return Ok(());
    };
    let reference = ncm::internals::backends::reference::Reference;
    let subject = Subject {
        name: "reference".into(),
        backend: Arc::new(reference),
        fixed_point: false,
    };
    let found = run(&subject, mnist).map_err(failed)?;
    let [train, both] = found.sums;
    let alone = Model::new("train", train).map_err(failed)?;
    let both = Model::new("train+test", both).map_err(failed)?;
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    for (index, question) in questions.iter().enumerate() {
        let nearest = exact::nearest_of_all(&mnist.test, question);
        let labels: Vec<u8> = nearest.iter().map(|nearest| nearest.class as u8).collect();
        ensure(labels == expected.predictions[index], || {
            format!("{}: labels", MODELS[index])
        })?;
        let mut margins: Vec<f64> = nearest.iter().map(exact::Nearest::margin).collect();
        margins.sort_by(f64::total_cmp);
        let answers = expected.answers[MODELS[index]]["smallest_squared_margins"].as_array();
        for (found, expected) in margins.iter().zip(answers.ok_or("no margins")?) {
            // The expected ones carry the rounding of float64 sums near 3·10⁶.
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            ensure((found - expected).abs() < 1e-7, || {
                format!("margin {found}, expected {expected}")
            })?;
        }
    }
    Ok(())
}

fn second_reader(folder: PathBuf) -> Outcome {
    let found = ncm::internals::data::verify(&Place::Folder(folder)).map_err(failed)?;
    ensure(found.compared == Some(54_950_000), || {
        format!("{:?} bytes compared", found.compared)
    })
}
