//! Known-answer test: a device must first give the right results for small batches,
//! so that a driver that computes wrongly is found before any result is reported.
//!
//! The expected answers are computed here independently, with plain integer code.
//! On llvmpipe, the slowest adapter there is, all of it takes a tenth of what opening
//! the device takes: 25 of 240 ms on two cores, where most of the rest is the driver's
//! compiler.

use crate::backends::{Backend, Resident};
use crate::classifier::certainty::Certainty;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::fixed_point::{FRACTION_BITS, FixedMeans, NOTHING, SURCHARGE_BITS};
use crate::classifier::level_sums::LevelSums;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Decisions};
use crate::data::{Images, Split};
use crate::error::{Error, NoGpu, Result};

/// One of the classes has no images, one has a single image, and they are more than
/// one invocation handles.
const CLASSES: usize = 12;

/// The class with a single image, where the batch is large enough.
const ALONE: u16 = 2;

/// The class without images.
const EMPTY: u16 = 3;

/// Runs the test on a backend that computes in fixed point.
///
/// # Errors
/// [`NoGpu`](Error::NoGpu) if an answer is wrong, and any error of the backend.
pub fn check(backend: &dyn Backend) -> Result<()> {
    // Several workgroups of every kernel, which add to one sum. So many white images
    // in a class take its sums beyond 16 bits.
    let several = batch([CLASSES, 350, 37], 256, mixed)?;
    all(backend, &several)?;
    many(backend, &several)?;
    // More than a slice of means. Distances need all 64 bits, and are so near to each
    // other that a lost carry changes the nearest class.
    all(backend, &batch([CLASSES, 24, 805], 88, few_of_each)?)?;
    // Fewer images than are read at a time.
    all(backend, &batch([CLASSES, 7, 37], 256, few_of_each)?)?;
    all(backend, &batch([1, 1, 37], 256, |_| 0)?)?;
    // Sums alone: segments of full length, which many classes have, and images
    // that are cut into columns.
    sums(
        backend,
        &batch([1024, 300, 16], 256, |image| u16::from(image == 7))?,
    )?;
    sums(
        backend,
        &batch([2, 5, 4112], 256, |image| u16::from(image == 3))?,
    )
}

/// 270 images of class 0, 70 of class 1, one of [`ALONE`] and none of [`EMPTY`].
fn mixed(image: usize) -> u16 {
    match image {
        0..270 => 0,
        270..340 => 1,
        340 => ALONE,
        _ => EMPTY + 1 + (image % (CLASSES - 4)) as u16,
    }
}

/// One image or two of each class but [`EMPTY`].
fn few_of_each(image: usize) -> u16 {
    match (image * 7 % CLASSES) as u16 {
        EMPTY => 0,
        // The second one.
        ALONE if image >= CLASSES => 1,
        label => label,
    }
}

/// Images of the brightest `levels` grey levels, which differ between classes; class
/// 0 is nearly all white.
fn batch(
    [classes, images, dim]: [usize; 3],
    levels: usize,
    label: fn(usize) -> u16,
) -> Result<Split> {
    let pixel = |place: usize| {
        let (image, pixel) = (place / dim, place % dim);
        let label = usize::from(label(image));
        if label == 0 && (image + pixel) % 31 > 0 {
            return u8::MAX;
        }
        let pattern = (label + 3) * (pixel + 11) * 37 + image * pixel * 5 % 101;
        u8::MAX - (pattern % levels) as u8
    };
    let pixels = (0..images * dim).map(pixel).collect();
    let labels = (0..images).map(label).collect();
    Split::new(Images::new(1, dim, pixels)?, labels, classes)
}

/// Checks the class sums of a batch.
fn sums(backend: &dyn Backend, split: &Split) -> Result<()> {
    summed(backend, split, &*backend.upload(split)?).map(|_| ())
}

/// The class sums of a batch, which must be right.
fn summed(backend: &dyn Backend, split: &Split, resident: &dyn Resident) -> Result<ClassSums> {
    let sums = resident.class_sums()?;
    match sums == ClassSums::of(split)? {
        true => Ok(sums),
        false => Err(wrong(backend, "class sums")),
    }
}

/// Checks the sums of draws of a batch: every image, the first of them once more; and the
/// last alone. Then the answers of two models at once, of which the second has the means
/// of the first for other classes, so that it answers otherwise.
fn many(backend: &dyn Backend, split: &Split) -> Result<()> {
    let resident = backend.upload(split)?;
    let last = split.len() as u32 - 1;
    let all: Vec<u32> = (0..=last).chain([0]).collect();
    let draws = [&all[..], &[last]];
    let sums = resident.drawn_sums(&draws)?;
    for (sums, draw) in sums.iter().zip(draws) {
        if *sums != ClassSums::of_draw(split, draw)? {
            return Err(wrong(backend, "class sums of draws"));
        }
    }
    let all = sums[0].levels()?;
    let (mut counts, mut shifted) = (Vec::new(), Vec::new());
    for class in (1..all.classes()).chain([0]) {
        counts.push(all.count(class));
        shifted.extend_from_slice(all.sum(class));
    }
    let shifted = LevelSums::new(all.dim(), counts, shifted)?;
    let models = [
        Model::new("known", all.clone())?,
        Model::new("shifted", shifted)?,
    ];
    let questions: Vec<_> = models.iter().map(Question::plain).collect();
    let expected = questions.iter().map(|question| {
        let question = question.of_levels()?;
        let means = FixedMeans::new(question.sums());
        let squared = squared_distances(split, &means);
        Ok(decisions(
            split,
            &squared,
            &Certainty::new(&means, &question),
        ))
    });
    match resident.nearest(&questions)? == expected.collect::<Result<Vec<_>>>()? {
        true => Ok(()),
        false => Err(wrong(backend, "nearest means of many models")),
    }
}

/// Checks every stage on a batch.
fn all(backend: &dyn Backend, split: &Split) -> Result<()> {
    let resident = backend.upload(split)?;
    let model = Model::new("known", summed(backend, split, &*resident)?)?;
    let means = FixedMeans::new(model.sums().levels()?);
    let squared = squared_distances(split, &means);
    if !same_distances(&*resident, &model, &squared)? {
        return Err(wrong(backend, "distances"));
    }
    let plain = Question::plain(&model);
    let left_out = Question::leave_one_out(&model);
    let certainty = Certainty::new(&means, &plain.of_levels()?);
    let mut expected = vec![decisions(split, &squared, &certainty)];
    let mut questions = vec![plain];
    // Without a single image no class would be left.
    if split.len() > 1 {
        let squared = left_out_of_own(split, &model, &squared);
        let certainty = Certainty::new(&means, &left_out.of_levels()?);
        expected.push(decisions(split, &squared, &certainty));
        questions.push(left_out);
    }
    match resident.nearest(&questions)? == expected {
        true => Ok(()),
        false => Err(wrong(backend, "nearest means")),
    }
}

fn wrong(backend: &dyn Backend, stage: &'static str) -> Error {
    let adapter = backend.description().adapter;
    let adapter = adapter.map_or_else(|| "backend".into(), |adapter| adapter.name);
    NoGpu::ComputesWrongly { adapter, stage }.into()
}

/// `Σ (2ᶠ·x − q)²` for every image and class, [`NOTHING`] for a class without
/// images.
fn squared_distances(split: &Split, means: &FixedMeans) -> Vec<u64> {
    let Some(images) = split.images() else {
        return Vec::new();
    };
    let of = |image: usize, class: usize| {
        let square = |(&pixel, &mean): (&u8, &i16)| {
            let difference = (i64::from(pixel) << FRACTION_BITS) - i64::from(mean);
            (difference * difference).cast_unsigned()
        };
        if !means.is_present(class) {
            return NOTHING;
        }
        let pixels = images.images().image(image).iter();
        pixels.zip(means.mean(class)).map(square).sum()
    };
    (0..split.len())
        .flat_map(|image| (0..split.classes()).map(move |class| of(image, class)))
        .collect()
}

fn same_distances(resident: &dyn Resident, model: &Model, expected: &[u64]) -> Result<bool> {
    let found = resident.distances(model)?;
    let expected = expected.iter().copied();
    let expected = expected.map(FixedMeans::to_squared_distance);
    Ok(found.squared().iter().copied().eq(expected))
}

/// The squared distances with each image left out of its own mean: that distance
/// grows by `(2n−1)/(n−1)²` of itself.
fn left_out_of_own(split: &Split, model: &Model, squared: &[u64]) -> Vec<u64> {
    let mut squared = squared.to_vec();
    let rows = squared.chunks_exact_mut(split.classes());
    for (row, &label) in rows.zip(split.labels()) {
        let count = u128::from(model.sums().count(label.into()));
        let own = &mut row[usize::from(label)];
        let Some(others) = count.checked_sub(1).filter(|&others| others > 0) else {
            *own = NOTHING;
            continue;
        };
        // Rounded to the nearest 2⁻ˢ, and the product rounded down.
        let surcharge =
            (((2 * count - 1) << (SURCHARGE_BITS + 1)) + others * others) / (2 * others * others);
        *own += ((u128::from(*own) * surcharge) >> SURCHARGE_BITS) as u64;
    }
    squared
}

fn decisions(split: &Split, squared: &[u64], certainty: &Certainty) -> Decisions {
    let rows = squared.chunks_exact(split.classes());
    let all: Vec<Decision> = rows.map(|row| decision(row, certainty)).collect();
    all.into()
}

fn decision(squared: &[u64], certainty: &Certainty) -> Decision {
    let least = squared.iter().copied().min().unwrap_or(NOTHING);
    let class = squared
        .iter()
        .position(|&other| other == least)
        .unwrap_or(0);
    let others = (0..squared.len()).filter(|&other| other != class);
    let second = others.map(|other| squared[other]).min().unwrap_or(NOTHING);
    Decision::new(class as u16, certainty.is_certain(least, second))
}
