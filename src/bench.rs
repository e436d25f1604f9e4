//! Times the stages of an evaluation on backends, side by side on the same
//! images, after it has found their answers right.

mod race;
mod work;

use std::time::{Duration, Instant};

use crate::backend::{Backend, Description, Resident};
use crate::dataset::Split;
use crate::error::{Error, Result};
use crate::measure::{Measurement, Patience};
use crate::model::{Model, Question};
use crate::predictions::Predictions;
use crate::timings::milliseconds_since;

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
    /// How long it took.
    pub measured: Measurement,
    /// How fast the backend's memory copies, in bytes per second.
    pub copy_bandwidth: f64,
}

/// Checks that a backend answers like the `reference` backend on the first
/// images and like `expected`, another backend's answer, on all of them.
///
/// # Errors
/// [`WrongAnswer`](Error::WrongAnswer) where it does not.
pub fn check(
    backend: &dyn Backend,
    reference: &dyn Backend,
    work: &Work,
    expected: Option<&Predictions>,
) -> Result<Predictions> {
    let name = backend.description().kind.name();
    let wrong = |what: &str| {
        Error::WrongAnswer(format!(
            "the {name} backend finds other labels than {what}; nothing was timed"
        ))
    };
    let few = Work {
        train: tile(&work.train, work.train.len().min(CHECKED))?,
        test: tile(&work.test, work.test.len().min(CHECKED))?,
    };
    if few.upload_and_evaluate(backend)?.classes() != few.upload_and_evaluate(reference)?.classes()
    {
        return Err(wrong("the reference backend"));
    }
    let found = work.upload_and_evaluate(backend)?;
    match expected {
        Some(expected) if expected.classes() != found.classes() => Err(wrong("another backend")),
        _ => Ok(found),
    }
}

/// Times every stage of a backend: sums of the training images, distances and
/// labels of the test images, and both together. `copy_bandwidth` is what
/// [`Backend::copy_bandwidth`] measured.
///
/// # Errors
/// When the device fails.
pub fn stages(backend: &dyn Backend, work: &Work, copy_bandwidth: f64) -> Result<Vec<Timed>> {
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
                measured: measured?,
                copy_bandwidth,
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
        let started = Instant::now();
        run()?;
        let wall = milliseconds_since(started);
        let timings = resident.take_kernel_timings();
        Ok(timings
            .stages()
            .find(|(kernel, _)| *kernel == name)
            .map_or(wall, |(_, milliseconds)| milliseconds))
    })
}

/// Wall time that no kernel accounts for: submitting, waiting, reading back.
fn readback<T>(resident: &dyn Resident, mut run: impl FnMut() -> Result<T>) -> Result<Measurement> {
    Measurement::of(STAGE, || {
        let started = Instant::now();
        run()?;
        let wall = milliseconds_since(started);
        let timings = resident.take_kernel_timings();
        Ok((wall
            - timings
                .stages()
                .map(|(_, milliseconds)| milliseconds)
                .sum::<f64>())
        .max(0.0))
    })
}

/// Times something that happens once in a process, such as opening a device.
///
/// # Errors
/// What it returns.
pub fn once<T>(run: impl FnMut() -> Result<T>) -> Result<Measurement> {
    Measurement::of_wall(ONCE, run)
}
