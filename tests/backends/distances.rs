//! The stage `distances` on every backend.

use libtest_mimic::Trial;
use ncm::internals::classifier::fixed_point::{FRACTION_BITS, FixedMeans, SQUARED_BITS};
use ncm::internals::data::Split;
use ncm::{LevelSums, Model};

use crate::subjects::{Subject, Subjects};
use crate::support::{Outcome, Pictures, ensure, failed, random_split, split};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let fixed = subjects
        .all
        .iter()
        .filter(|subject| subject.is_fixed_point());
    let mut trials = subjects.trials("distances::equal_in_every_bit", fixed, every_bit);
    trials.extend(subjects.trials(
        "distances::refuse_another_shape",
        subjects.whole(),
        another_shape,
    ));
    trials
}

/// `Σ (2ᶠ·x − q)²`, written out.
fn formula(split: &Split, means: &FixedMeans) -> Vec<f64> {
    let mut squared = Vec::new();
    for index in 0..split.len() {
        for class in 0..means.classes() {
            let square = |(&pixel, &mean): (&u8, &i16)| {
                (i128::from(pixel) * (1 << FRACTION_BITS) - i128::from(mean)).pow(2)
            };
            let sum: i128 = split
                .pictures()
                .image(index)
                .iter()
                .zip(means.mean(class))
                .map(square)
                .sum();
            squared.push(match means.is_present(class) {
                true => sum as f64 / 2.0_f64.powi(SQUARED_BITS as i32),
                false => f64::INFINITY,
            });
        }
    }
    squared
}

fn every_bit(subject: &Subject) -> Outcome {
    let random = [(31, 784, 10), (32, 5, 3), (33, 16, 9), (34, 1025, 2)];
    let mut splits: Vec<Split> = random
        .iter()
        .map(|&(seed, dim, classes)| random_split(seed, 70, dim, classes))
        .collect();
    splits.push(split(3, vec![0, 0, 0, 255, 255, 255], vec![4, 1], 6));
    for split in &splits {
        let resident = subject.backend()?.upload(split).map_err(failed)?;
        let model = Model::new("itself", resident.class_sums().map_err(failed)?).map_err(failed)?;
        let found = resident.distances(&model).map_err(failed)?;
        let sums = model.sums().levels().map_err(failed)?;
        let expected = formula(split, &FixedMeans::new(sums));
        let differs = found
            .squared()
            .iter()
            .zip(&expected)
            .position(|(a, b)| a.to_bits() != b.to_bits());
        ensure(
            differs.is_none() && found.squared().len() == expected.len(),
            || {
                format!(
                    "dim {}: entry {differs:?} of {}",
                    split.pictures().dim(),
                    expected.len()
                )
            },
        )?;
    }
    Ok(())
}

fn another_shape(subject: &Subject) -> Outcome {
    let (images, other) = (random_split(35, 4, 6, 2), random_split(36, 4, 7, 2));
    let resident = subject.backend()?.upload(&images).map_err(failed)?;
    let sums = subject
        .backend()?
        .upload(&other)
        .and_then(|other| other.class_sums())
        .map_err(failed)?;
    let model = Model::new("other", sums).map_err(failed)?;
    ensure(resident.distances(&model).is_err(), || {
        "a model of another dim was accepted".into()
    })?;
    let fewer = Model::new(
        "fewer",
        LevelSums::new(6, vec![1], vec![0; 6]).map_err(failed)?,
    )
    .map_err(failed)?;
    ensure(resident.distances(&fewer).is_err(), || {
        "a model of fewer classes was accepted".into()
    })
}
