//! Times the stages of an evaluation on backends, side by side on the same
//! images, after it has found their answers right.

mod busy;
mod cold;
mod many;
mod race;
mod stage;
mod work;

use std::time::{Duration, Instant};

use crate::app;
use crate::backends::measure::{Measurement, Patience};
use crate::backends::timings::{Timings, milliseconds_since};
use crate::backends::{Backend, Bandwidth, Description, Resident};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::Split;
use crate::error::Result;
use crate::evaluation::comparison::TRAIN;

pub use busy::Load;
pub use cold::{Cold, cold};
pub use race::{Race, crossover, races};
pub use stage::Stage;
use work::evaluate;
pub use work::{Work, tile};

/// For a stage.
const STAGE: Patience = Patience {
    least_runs: 5,
    time: Duration::from_millis(600),
};

/// For what happens once in a process.
const ONCE: Patience = Patience {
    least_runs: 3,
    time: Duration::ZERO,
};

/// Images that the reference backend answers as well.
const CHECKED: usize = 1_000;

/// One stage on one backend.
#[derive(Clone, Debug)]
pub struct Timed {
    /// Where it ran.
    pub backend: Description,
    /// Which stage.
    pub stage: Stage,
    /// On how many images.
    pub images: usize,
    /// Bytes of their pixels.
    pub bytes: u64,
    /// Milliseconds of its first run in this process.
    pub cold: Option<f64>,
    /// How long it took later.
    pub measured: Measurement,
    /// How fast the backend's memory is.
    pub bandwidth: Bandwidth,
}

/// Checks that a backend answers like the `reference` backend on the first
/// images, and that `found`, what it answered on all of them, is `expected`,
/// another backend's answer.
///
/// # Errors
/// [`NothingTimed`](app::Error::NothingTimed) where it does not.
pub fn check(
    backend: &dyn Backend,
    reference: &dyn Backend,
    work: &Work,
    found: &Predictions,
    expected: Option<&Predictions>,
) -> app::Result<()> {
    let name = backend.description().kind.name();
    let wrong = |other| app::Error::NothingTimed {
        backend: name,
        other,
    };
    let cut = |split: &Split| tile(split, split.len().min(CHECKED));
    let few = Work::new(cut(work.train())?, cut(work.test())?);
    if few.upload_and_evaluate(backend)?.classes() != few.upload_and_evaluate(reference)?.classes()
    {
        return Err(wrong("the reference backend"));
    }
    match expected {
        Some(expected) if expected.classes() != found.classes() => Err(wrong("another backend")),
        _ => Ok(()),
    }
}

/// Times every stage of a backend: sums of the training images, distances and
/// labels of the test images, both together, and many models. `cold` is what the
/// first runs took, `bandwidth` how fast the backend's memory is.
///
/// # Errors
/// When the device fails.
pub fn stages(
    backend: &dyn Backend,
    work: &Work,
    cold: &Cold,
    bandwidth: Bandwidth,
) -> Result<Vec<Timed>> {
    let (train, test) = (backend.upload(work.train())?, backend.upload(work.test())?);
    let model = Model::new(TRAIN, train.class_sums()?)?;
    let questions = [Question::plain(&model)];
    let nearest = || test.nearest(&questions);
    let mut timed = Vec::new();
    let mut add = |stage: Stage, splits: &[&Split], measured: Measurement| {
        let bytes = splits.iter().map(|split| split.samples().bytes() as u64);
        timed.push(Timed {
            backend: backend.description(),
            stage,
            images: splits.iter().map(|split| split.len()).sum(),
            bytes: bytes.sum(),
            cold: cold.of(stage),
            measured,
            bandwidth,
        });
    };
    let (of_train, of_test) = (&[work.train()], &[work.test()]);
    let of_both = &[work.train(), work.test()];
    let on_device = backend.description().adapter.is_some();
    let _ = (train.take_kernel_timings(), test.take_kernel_timings());
    // Feature vectors are uploaded with the first question about them.
    if on_device && work.train().images().is_some() {
        let upload = || backend.upload(work.train());
        add(
            Stage::Upload,
            of_train,
            Measurement::of_wall(STAGE, upload)?,
        );
    }
    let sums = kernel(&*train, Stage::ClassSums, || train.class_sums())?;
    add(Stage::ClassSums, of_train, sums);
    if on_device {
        let stages = match work.test().images() {
            Some(_) => &[Stage::Distances, Stage::Nearest][..],
            // One kernel does both.
            None => &[Stage::Nearest],
        };
        for &stage in stages {
            add(stage, of_test, kernel(&*test, stage, nearest)?);
        }
        add(Stage::Readback, of_test, readback(&*test, nearest)?);
        let all = || work.upload_and_evaluate(backend);
        add(Stage::Evaluate, of_both, Measurement::of_wall(STAGE, all)?);
    } else {
        // Of feature vectors all distances are no stage of their own.
        if work.test().images().is_some() {
            let distances = Measurement::of_wall(STAGE, || test.distances(&model))?;
            add(Stage::Distances, of_test, distances);
        }
        add(
            Stage::Nearest,
            of_test,
            Measurement::of_wall(STAGE, nearest)?,
        );
    }
    let all = Measurement::of_wall(STAGE, || evaluate(&*train, &*test))?;
    add(Stage::EvaluateResident, of_both, all);
    let draws = many::draws(work);
    let of_draws = vec![work.train(); draws.len()];
    add(Stage::Resample, &of_draws, many::resample(&*train, &draws)?);
    drop((train, test));
    add(Stage::Curve, of_both, many::curve(backend, work)?);
    Ok(timed)
}

/// The device's own time in a kernel, or wall time where it cannot tell.
fn kernel<T>(
    resident: &dyn Resident,
    stage: Stage,
    mut run: impl FnMut() -> Result<T>,
) -> Result<Measurement> {
    Measurement::of(STAGE, || {
        let ran = Ran::new(resident, &mut run)?.1;
        Ok(ran.kernel(stage).unwrap_or(ran.wall))
    })
}

fn readback<T>(resident: &dyn Resident, mut run: impl FnMut() -> Result<T>) -> Result<Measurement> {
    Measurement::of(STAGE, || Ok(Ran::new(resident, &mut run)?.1.readback()))
}

/// One run of a stage: what the clock said, and what the device said of it.
#[derive(Clone, Debug)]
struct Ran {
    wall: f64,
    kernels: Timings,
}

impl Ran {
    fn new<T>(resident: &dyn Resident, run: impl FnOnce() -> Result<T>) -> Result<(T, Self)> {
        let started = Instant::now();
        let result = run()?;
        let wall = milliseconds_since(started);
        let kernels = resident.take_kernel_timings();
        Ok((result, Self { wall, kernels }))
    }

    /// The device's own time in a kernel, where it can tell.
    fn kernel(&self, stage: Stage) -> Option<f64> {
        let mut kernels = self.kernels.stages();
        kernels.find_map(|(kernel, milliseconds)| stage.is_kernel(kernel).then_some(milliseconds))
    }

    /// Wall time that no kernel accounts for: submitting, waiting, reading back.
    fn readback(&self) -> f64 {
        let kernels = self.kernels.stages().map(|(_, milliseconds)| milliseconds);
        (self.wall - kernels.sum::<f64>()).max(0.0)
    }
}

/// Times something that happens once in a process, such as opening a device, again.
///
/// # Errors
/// What it returns.
pub fn once<T>(run: impl FnMut() -> Result<T>) -> Result<Measurement> {
    Measurement::of_wall(ONCE, run)
}
