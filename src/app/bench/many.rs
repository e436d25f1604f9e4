//! Many models: sums of draws, and a learning curve.

use std::time::Duration;

use super::work::Work;
use crate::backends::batched::Batched;
use crate::backends::measure::{Measurement, Patience};
use crate::backends::timings::Timings;
use crate::backends::{Backend, Resident};
use crate::error::Result;
use crate::evaluation::curve::{Curve, Setting, usual_sizes};
use crate::evaluation::draws::{Labels, resample as drawn, seeds};
use crate::evaluation::many_models::ManyModels;

/// Enough for the `cpu` backend to serve them all in one pass.
const DRAWS: usize = 12;

/// A software adapter takes seconds for each.
const MANY: Patience = Patience {
    least_runs: 3,
    time: Duration::from_millis(600),
};

/// Draws of the training images with replacement, as `ncm bootstrap` makes them.
pub(super) fn draws(work: &Work) -> Vec<Vec<u32>> {
    let seeds = seeds(0).take(DRAWS);
    seeds.map(|seed| drawn(seed, work.train().len())).collect()
}

/// Times their sums.
pub(super) fn resample(train: &dyn Resident, draws: &[Vec<u32>]) -> Result<Measurement> {
    let draws: Vec<&[u32]> = draws.iter().map(Vec::as_slice).collect();
    Measurement::of_wall(MANY, || train.drawn_sums(&draws))
}

/// Times one repetition of `ncm curve` at its usual sizes: draw, sums, and the answers
/// of all models.
pub(super) fn curve(backend: &dyn Backend, work: &Work) -> Result<Measurement> {
    let [train, test] = work.sources();
    let labels = Labels::of(train)?;
    let setting = Setting {
        sizes: usual_sizes(&labels, false),
        repetitions: 1,
        seed: 0,
        per_class: false,
    };
    let (train, test) = (Batched::new(backend, train), Batched::new(backend, test));
    Measurement::of_wall(MANY, || {
        let mut many = ManyModels {
            train: &train,
            test: &test,
            timings: &mut Timings::default(),
            progress: &|_| {},
        };
        Curve::draw(&mut many, &labels, &setting, |_, _| {})
    })
}
