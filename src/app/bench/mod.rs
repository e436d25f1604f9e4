//! Times the stages of an evaluation on backends, side by side on the same
//! images, after it has found their answers right.

mod cold;
mod race;
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

pub use cold::{Cold, cold};
pub use race::{Race, crossover, races};
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
    pub stage: &'static str,
    /// On how many images.
    pub images: usize,
    /// Bytes of their pixels.
    pub bytes: u64,
    /// Whether the images were in the backend's memory already.
    pub resident: bool,
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
    let few = Work {
        train: tile(&work.train, work.train.len().min(CHECKED))?,
        test: tile(&work.test, work.test.len().min(CHECKED))?,
    };
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
/// labels of the test images, and both together. `cold` is what their first
/// runs took, `bandwidth` what [`Backend::bandwidth`] measured.
///
/// # Errors
/// When the device fails.
pub fn stages(
    backend: &dyn Backend,
    work: &Work,
    cold: &Cold,
    bandwidth: Bandwidth,
) -> Result<Vec<Timed>> {
    let (train, test) = (backend.upload(&work.train)?, backend.upload(&work.test)?);
    let model = Model::new("train", train.class_sums()?)?;
    let questions = [Question::plain(&model)];
    let nearest = || test.nearest(&questions);
    let mut timed = Vec::new();
    let mut add =
        |stage, resident, splits: &[&Split], measured: Result<Measurement>| -> Result<()> {
            timed.push(Timed {
                backend: backend.description(),
                stage,
                images: splits.iter().map(|split| split.len()).sum(),
                bytes: splits
                    .iter()
                    .map(|split| split.images().pixels().len() as u64)
                    .sum(),
                resident,
                cold: cold.of(stage, resident),
                measured: measured?,
                bandwidth,
            });
            Ok(())
        };
    let (of_train, of_test, both) = (&[&work.train], &[&work.test], &[&work.train, &work.test]);
    let _ = (train.take_kernel_timings(), test.take_kernel_timings());
    if backend.description().adapter.is_some() {
        add(
            "upload",
            false,
            of_train,
            Measurement::of_wall(STAGE, || backend.upload(&work.train)),
        )?;
    }
    add(
        "class_sums",
        true,
        of_train,
        kernel(&*train, "class_sums", || train.class_sums()),
    )?;
    if backend.description().adapter.is_some() {
        add(
            "distances",
            true,
            of_test,
            kernel(&*test, "distances", nearest),
        )?;
        add("nearest", true, of_test, kernel(&*test, "nearest", nearest))?;
        add("readback", true, of_test, readback(&*test, nearest))?;
        let all = || work.upload_and_evaluate(backend);
        add("evaluate", false, both, Measurement::of_wall(STAGE, all))?;
    } else {
        add(
            "distances",
            true,
            of_test,
            Measurement::of_wall(STAGE, || test.distances(&model)),
        )?;
        add(
            "nearest",
            true,
            of_test,
            Measurement::of_wall(STAGE, nearest),
        )?;
    }
    add(
        "evaluate",
        true,
        both,
        Measurement::of_wall(STAGE, || evaluate(&*train, &*test)),
    )?;
    Ok(timed)
}

/// The device's own time in a kernel, or wall time where it cannot tell.
fn kernel<T>(
    resident: &dyn Resident,
    name: &str,
    mut run: impl FnMut() -> Result<T>,
) -> Result<Measurement> {
    Measurement::of(STAGE, || {
        let ran = Ran::new(resident, &mut run)?.1;
        Ok(ran.kernel(name).unwrap_or(ran.wall))
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
    fn kernel(&self, name: &str) -> Option<f64> {
        let mut kernels = self.kernels.stages();
        kernels.find_map(|(kernel, milliseconds)| (kernel == name).then_some(milliseconds))
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
