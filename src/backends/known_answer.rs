//! Known-answer test: a device must first give the right results for a small batch,
//! so that a driver that computes wrongly is found before any result is reported.
//!
//! The expected answers are computed here independently, with plain integer code.

use crate::backends::{Backend, Resident};
use crate::classifier::certainty::Certainty;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::fixed_point::{FRACTION_BITS, FixedMeans, NOTHING};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Decision;
use crate::data::{Images, Split};
use crate::error::{Error, NoGpu, Result};

/// More than one segment or one workgroup of any kernel holds, and not a multiple
/// of either.
const IMAGES: usize = 300;

/// Not a multiple of what a kernel loads at a time.
const DIM: usize = 2 * 112 + 5;

/// More than one invocation handles; one of the classes has no images.
const CLASSES: usize = 12;

/// Runs the test on a backend that computes in fixed point.
///
/// # Errors
/// [`NoGpu`](Error::NoGpu) if an answer is wrong, and any error of the backend.
pub fn check(backend: &dyn Backend) -> Result<()> {
    let split = batch()?;
    let resident = backend.upload(&split)?;
    let wrong = |stage: &'static str| {
        let name = backend.description().adapter;
        let name = name.map_or_else(|| "backend".into(), |adapter| adapter.name);
        Error::from(NoGpu::ComputesWrongly {
            adapter: name,
            stage,
        })
    };
    let sums = resident.class_sums()?;
    if sums != ClassSums::of(&split)? {
        return Err(wrong("class sums"));
    }
    let model = Model::new("known", sums)?;
    let means = FixedMeans::new(model.sums());
    let squared = squared_distances(&split, &means);
    if !same_distances(&*resident, &model, &squared)? {
        return Err(wrong("distances"));
    }
    let question = Question::plain(&model);
    let certainty = Certainty::new(&means, &question);
    let expected: Vec<Decision> = squared
        .chunks_exact(CLASSES)
        .map(|squared| decision(squared, &certainty))
        .collect();
    if resident.nearest(&[question])? != [expected] {
        return Err(wrong("nearest means"));
    }
    Ok(())
}

/// Images that have every grey level and differ between classes.
fn batch() -> Result<Split> {
    let label = |image: usize| (image * 7 % (CLASSES - 1)) as u16;
    let pixel = |place: usize| {
        let (image, pixel) = (place / DIM, place % DIM);
        let pattern = (usize::from(label(image)) + 3) * (pixel + 11);
        (pattern * 37 + image * pixel * 5 % 101) as u8
    };
    let pixels = (0..IMAGES * DIM).map(pixel).collect();
    let labels = (0..IMAGES).map(label).collect();
    Split::new(Images::new(1, DIM, pixels)?, labels, CLASSES)
}

/// `Σ (2ᶠ·x − q)²` for every image and class, [`NOTHING`] for a class without
/// images.
fn squared_distances(split: &Split, means: &FixedMeans) -> Vec<u64> {
    let of = |image: usize, class: usize| {
        let square = |(&pixel, &mean): (&u8, &i16)| {
            let difference = (i64::from(pixel) << FRACTION_BITS) - i64::from(mean);
            (difference * difference).cast_unsigned()
        };
        if !means.is_present(class) {
            return NOTHING;
        }
        let pixels = split.images().image(image).iter();
        pixels.zip(means.mean(class)).map(square).sum()
    };
    (0..IMAGES * CLASSES)
        .map(|place| of(place / CLASSES, place % CLASSES))
        .collect()
}

fn same_distances(resident: &dyn Resident, model: &Model, expected: &[u64]) -> Result<bool> {
    let found = resident.distances(model)?;
    let expected = expected.iter().copied();
    let expected = expected.map(FixedMeans::to_squared_distance);
    Ok(found.squared().iter().copied().eq(expected))
}

fn decision(squared: &[u64], certainty: &Certainty) -> Decision {
    let least = squared.iter().copied().min().unwrap_or(NOTHING);
    let class = squared
        .iter()
        .position(|&other| other == least)
        .unwrap_or(0);
    let others = (0..CLASSES).filter(|&other| other != class);
    let second = others.map(|other| squared[other]).min().unwrap_or(NOTHING);
    Decision::new(class as u16, certainty.is_certain(least, second))
}
