//! Random datasets of random shapes, on every backend.

use libtest_mimic::Trial;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};

use crate::oracle::conforms;
use crate::subjects::{Subject, Subjects};
use crate::support::{Outcome, split};

/// Datasets for each backend; each asks every stage several times over.
const CASES: u32 = 48;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    subjects.trials(
        "properties::random_datasets",
        subjects.all.iter(),
        any_dataset_conforms,
    )
}

#[derive(Clone)]
struct Shape {
    train: usize,
    test: usize,
    dim: usize,
    classes: usize,
    pixels: Vec<u8>,
    labels: Vec<u16>,
}

/// Without the pixels: the seed is fixed, so the shape finds them again.
impl std::fmt::Debug for Shape {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            train,
            test,
            dim,
            classes,
            ..
        } = self;
        write!(
            formatter,
            "{train} train and {test} test images of {dim} pixels in {classes} classes"
        )
    }
}

/// Few values and few pixels make ties; many make none.
fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = (
        1..40_usize,
        1..30_usize,
        prop_oneof![1..6_usize, 1..90_usize],
        1..13_usize,
    );
    sizes.prop_flat_map(|(train, test, dim, classes)| {
        let images = train + test;
        let values = prop_oneof![Just(1_u8), Just(3), Just(255)];
        let pixels =
            values.prop_flat_map(move |most| prop::collection::vec(0..=most, images * dim));
        let labels = prop::collection::vec(0..classes as u16, images);
        (pixels, labels).prop_map(move |(pixels, labels)| Shape {
            train,
            test,
            dim,
            classes,
            pixels,
            labels,
        })
    })
}

fn any_dataset_conforms(subject: &Subject) -> Outcome {
    let backend = subject.backend()?;
    // A fixed seed: a failure here is the same failure everywhere.
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let conforms = |shape: Shape| {
        let (pixels, labels) = (&shape.pixels, &shape.labels);
        let cut = |from: usize, to: usize| {
            let pixels = pixels[from * shape.dim..to * shape.dim].to_vec();
            split(shape.dim, pixels, labels[from..to].to_vec(), shape.classes)
        };
        let (train, test) = (
            cut(0, shape.train),
            cut(shape.train, shape.train + shape.test),
        );
        conforms(backend, &train, &test).map_err(TestCaseError::fail)
    };
    runner
        .run(&shapes(), conforms)
        .map_err(|error| match error {
            TestError::Fail(reason, shape) => format!("{reason}\nfor {shape:?}"),
            TestError::Abort(reason) => reason.to_string(),
        })
}
