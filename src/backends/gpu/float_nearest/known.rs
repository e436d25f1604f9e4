//! Questions with known answers, which the kernel must answer before it is believed: what
//! it calls certain is right, of the nearest class and of the place of a sample's own, and
//! little is doubtful.

use rayon::prelude::*;

use super::FloatSamples;
use super::work::Limits;
use crate::backends::gpu::Gpu;
use crate::backends::gpu::kernel::Kernel;
use crate::classifier::float_exact::{Among, FloatQuestion};
use crate::classifier::float_sums::FloatSums;
use crate::data::Features;
use crate::data::recipe::Metric;
use crate::data::synthetic::random::Random;
use crate::error::{Error, NoGpu, Result};

/// What the kernel is called in messages.
const STAGE: &str = "nearest means of floats";

/// Classes with one row each, close to each other and far from all others.
const PAIR: [u16; 2] = [0, 1];

/// A class without rows.
const EMPTY: u16 = 2;

/// Two classes with equal means.
const EQUAL: [u16; 2] = [7, 70];

/// One in so many rows lies between the pair, in so many steps towards the middle, where
/// it is hardest to tell which is nearer.
const BETWEEN: usize = 8;
const STEPS: usize = 24;

/// A sample's own class is looked for among so many: as the nearest, and with one beside it.
const PLACES: [usize; 2] = [1, 2];

/// The most doubtful answers, of a hundred: rows close to the middle are, and those of the
/// equal classes.
const MOST_DOUBTFUL: usize = 15;

/// Asks the kernel.
pub(super) fn check(gpu: &Gpu, kernel: &Kernel) -> Result<()> {
    // Several tiles of samples and of classes, none of them full, in one dispatch; and in
    // many that go on where others ended.
    let limits = [Limits::default(), Limits::least()];
    ask(gpu, kernel, [300, 50, 140], &limits)?;
    // Blocks of several slices.
    ask(gpu, kernel, [150, 600, 72], &[Limits::default()])
}

fn ask(gpu: &Gpu, kernel: &Kernel, shape: [usize; 3], limits: &[Limits]) -> Result<()> {
    let (features, labels) = rows(shape)?;
    let sums = FloatSums::over(&features, &labels, shape[2])?;
    let means = sums.means();
    let samples = FloatSamples::upload(gpu, &features)?;
    let (mut doubtful, mut places_in_doubt, mut asked) = (0, [0; 2], 0);
    for metric in [Metric::Euclidean, Metric::Cosine] {
        for leave_one_out in [false, true] {
            let question = FloatQuestion::new(&sums, &means, metric, leave_one_out);
            let exact = |(index, &label): (usize, &u16)| {
                let row = features.row(index);
                let nearest = question.nearest(row, label, Among::All);
                let nearest = nearest.map(|exact| exact.answer);
                let within = question.is_within(row, label, PLACES[1], Among::All);
                (nearest, [nearest == Some(label), within.answer])
            };
            let exact: Vec<_> = labels.par_iter().enumerate().map(exact).collect();
            for limits in limits {
                let (found, _) = samples.answered_by(kernel, limits, &labels, &question, true)?;
                for (found, (nearest, within)) in found.iter().zip(&exact) {
                    let decision = found.decision();
                    let is_certain = decision.is_certain();
                    let places = PLACES.map(|places| found.is_within(places));
                    let is_right = (!is_certain || Some(decision.class()) == *nearest)
                        && places
                            .iter()
                            .zip(within)
                            .all(|(found, exact)| found.is_none_or(|found| found == *exact));
                    if !is_right {
                        return Err(wrong(gpu));
                    }
                    asked += 1;
                    doubtful += usize::from(!is_certain);
                    for (doubtful, place) in places_in_doubt.iter_mut().zip(places) {
                        *doubtful += usize::from(place.is_none());
                    }
                }
            }
        }
    }
    let most = places_in_doubt.into_iter().fold(doubtful, usize::max);
    match most * 100 <= asked * MOST_DOUBTFUL {
        true => Ok(()),
        false => Err(wrong(gpu)),
    }
}

fn wrong(gpu: &Gpu) -> Error {
    let adapter = gpu.adapter.name.clone();
    let stage = STAGE;
    NoGpu::ComputesWrongly { adapter, stage }.into()
}

/// Rows of classes, at least one of each but [`EMPTY`].
fn rows([rows, dim, classes]: [usize; 3]) -> Result<(Features, Vec<u16>)> {
    let mut random = Random::seeded(rows as u64);
    let mut noise = move || (random.next() >> 40) as f32 / (1 << 23) as f32 - 1.0;
    let centres: Vec<f32> = (0..classes * dim).map(|_| noise()).collect();
    let pair: Vec<f32> = (0..2 * dim)
        .map(|place| noise() + [4.0, 4.25][place / dim])
        .collect();
    let (mut values, mut labels) = (Vec::with_capacity(rows * dim), Vec::new());
    for row in 0..rows {
        let label = match row {
            0 => PAIR[0],
            1 => PAIR[1],
            _ => EMPTY + 1 + (row % (classes - 3)) as u16,
        };
        // Every second one is on the other side of the middle.
        let step = row / BETWEEN % STEPS;
        let from_middle = [1.0, -1.0][step % 2] * 0.5_f32.powi(step as i32);
        for column in 0..dim {
            let [one, other] = [pair[column], pair[dim + column]];
            let own = centres[usize::from(label) * dim + column];
            values.push(match row {
                0 => one,
                1 => other,
                _ if row % BETWEEN == 0 => (one + other) / 2.0 + from_middle * (one - other),
                _ if EQUAL.contains(&label) => centres[column],
                _ => own + noise(),
            });
        }
        labels.push(label);
    }
    Ok((Features::new(dim, values)?, labels))
}
