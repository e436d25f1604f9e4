//! MNIST's true answers on every backend.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::internals::data::Split;
use ncm::{ClassSums, Comparison, Evaluation, Model, Predictions, Question};

use crate::expected::in_full;
use crate::subjects::{Subject, Subjects, skipped};
use crate::support::mnist::{self, Expected, NO_ANSWERS, NO_MNIST};
use crate::support::{Outcome, ensure, failed};

/// Of the test set, no backend may leave more to exact arithmetic.
const MOST_SETTLED: usize = 100;

/// MNIST, read by the first test that needs it.
struct Mnist {
    folder: PathBuf,
    answers: Option<PathBuf>,
    read: OnceLock<Result<Read, String>>,
}

struct Read {
    train: Split,
    test: Split,
    /// What is expected, where it was given.
    expected: Option<Expected>,
}

impl Mnist {
    fn read(&self) -> Result<&Read, String> {
        let read = || {
            let [train, test] = mnist::read(&self.folder)?;
            let answers = self.answers.as_deref();
            Ok(Read {
                train,
                test,
                expected: answers.map(mnist::read_answers).transpose()?,
            })
        };
        let read = self.read.get_or_init(read).as_ref();
        read.map_err(String::clone)
    }
}

/// A check, and whether it is nothing without answers made by other software.
type Check = (&'static str, fn(&Subject, &Read) -> Outcome, bool);

const CHECKS: [Check; 3] = [
    ("mnist::class_sums_labels_and_tests", answers, false),
    ("mnist::distances_of_single_images", distances, true),
    ("mnist::leave_one_out_of_train", leave_one_out, false),
];

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let Some(folder) = mnist::folder() else {
        return CHECKS
            .map(|(name, ..)| skipped(name, "mnist", NO_MNIST))
            .into();
    };
    let mnist = Arc::new(Mnist {
        folder,
        answers: mnist::answers(),
        read: OnceLock::new(),
    });
    let mut trials = Vec::new();
    for (name, check, needs_answers) in CHECKS {
        // Without answers to compare with it would pass whatever it finds.
        if needs_answers && mnist.answers.is_none() {
            trials.push(skipped(name, "expected", NO_ANSWERS));
            continue;
        }
        let mnist = Arc::clone(&mnist);
        let run = move |subject: &Subject| check(subject, mnist.read()?);
        trials.extend(subjects.trials(name, subjects.whole(), run));
    }
    if mnist.answers.is_none() {
        let name = "mnist::all_answers_of_other_software";
        trials.push(skipped(name, "expected", NO_ANSWERS));
    }
    trials
}

pub struct Answers {
    pub sums: [ClassSums; 2],
    pub predictions: Vec<Predictions>,
}

/// The whole job, as `ncm compare` does it.
fn run(backend: &dyn Backend, mnist: &Read) -> ncm::Result<Answers> {
    let train = backend.upload(&mnist.train)?;
    let test = backend.upload(&mnist.test)?;
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

fn answers(subject: &Subject, mnist: &Read) -> Outcome {
    let found = run(subject.backend()?, mnist).map_err(failed)?;
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
    let correct = comparison.rows().map(|row| row.evaluation.correct());
    ensure(correct == [8203, 8210, 8207], || {
        format!("{correct:?} right")
    })?;
    let verdict = ncm::internals::app::report::verdict(comparison);
    let expected = "No detectable gain: with each test image left out of its own mean 32 fixed \
                    and 28 broken, +0.04 points (95 % interval −0.11 to +0.19; exact McNemar \
                    p = 0.6989). Train+test has 7 more right than train: 4 and 3 that it has \
                    right only because it has seen them.";
    ensure(verdict == expected, || verdict.clone())
}

fn distances(subject: &Subject, mnist: &Read) -> Outcome {
    let Some(expected) = &mnist.expected else {
        return Ok(());
    };
    let train = subject.backend()?.upload(&mnist.train).map_err(failed)?;
    let test = subject.backend()?.upload(&mnist.test).map_err(failed)?;
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
fn leave_one_out(subject: &Subject, mnist: &Read) -> Outcome {
    let train = subject.backend()?.upload(&mnist.train).map_err(failed)?;
    let model = Model::new("train", train.class_sums().map_err(failed)?).map_err(failed)?;
    let questions = [Question::plain(&model), Question::leave_one_out(&model)];
    let found = train.predictions(&questions).map_err(failed)?;
    let mut correct = Vec::new();
    for found in &found {
        let mut evaluation = Evaluation::new(mnist.train.classes());
        evaluation
            .add(mnist.train.labels(), found)
            .map_err(failed)?;
        correct.push(evaluation.correct());
    }
    ensure(correct == [48_479, 48_445], || format!("{correct:?} right"))
}
