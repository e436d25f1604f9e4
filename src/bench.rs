//! Times the stages of an evaluation on backends, side by side on the same
//! images, after it has found their answers right.

use std::time::{Duration, Instant};

use crate::backend::{Backend, Description, Resident};
use crate::dataset::{Images, Split};
use crate::error::{Error, Result};
use crate::measure::{Measurement, Patience};
use crate::model::{Model, Question};
use crate::predictions::Predictions;
use crate::reference::Reference;
use crate::timings::milliseconds_since;

/// For a stage.
const STAGE: Patience = Patience {
    least_runs: 5,
    time: Duration::from_millis(600),
};

/// For a size on the way to the crossover.
const SIZE: Patience = Patience {
    least_runs: 3,
    time: Duration::from_millis(150),
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

/// `images` images, from a split that is repeated as often as it takes.
///
/// # Errors
/// When that is more than memory holds.
pub fn tile(split: &Split, images: usize) -> Result<Split> {
    let (rows, columns, dim) = (
        split.images().rows(),
        split.images().columns(),
        split.images().dim(),
    );
    let bytes = images.checked_mul(dim).ok_or_else(|| too_many(images))?;
    let mut pixels = Vec::new();
    pixels
        .try_reserve_exact(bytes)
        .map_err(|_| too_many(images))?;
    while pixels.len() < bytes {
        let rest = bytes - pixels.len();
        pixels
            .extend_from_slice(&split.images().pixels()[..rest.min(split.images().pixels().len())]);
    }
    let labels = split
        .labels()
        .iter()
        .copied()
        .cycle()
        .take(images)
        .collect();
    Split::new(Images::new(rows, columns, pixels)?, labels, split.classes())
}

fn too_many(images: usize) -> Error {
    Error::Usage(format!("--images {images}: more than memory holds"))
}

/// Means and labels of resident images.
fn evaluate(resident: &dyn Resident) -> Result<Predictions> {
    let model = Model::new("itself", resident.class_sums()?)?;
    let mut answers = resident.predictions(&[Question::plain(&model)])?;
    answers
        .pop()
        .ok_or_else(|| Error::Invalid("no answer".into()))
}

/// Checks that a backend answers like the reference backend on the first
/// images and like `expected`, another backend's answer, on all of them.
///
/// # Errors
/// [`Disagreement`](Error::Disagreement) where it does not.
pub fn check(
    backend: &dyn Backend,
    split: &Split,
    expected: Option<&Predictions>,
) -> Result<Predictions> {
    let name = backend.description().kind.name();
    let wrong = |what: &str| {
        Error::Disagreement(format!(
            "the {name} backend finds other {what}; nothing was timed"
        ))
    };
    let first = tile(split, split.len().min(CHECKED))?;
    if evaluate(&*backend.upload(&first)?)?.classes()
        != evaluate(&*Reference.upload(&first)?)?.classes()
    {
        return Err(wrong("labels than the reference backend"));
    }
    let found = evaluate(&*backend.upload(split)?)?;
    match expected {
        Some(expected) if expected.classes() != found.classes() => {
            Err(wrong("labels than the cpu backend"))
        }
        _ => Ok(found),
    }
}

/// Times every stage of a backend on the images of a split.
///
/// # Errors
/// When the device fails.
pub fn stages(backend: &dyn Backend, split: &Split) -> Result<Vec<Timed>> {
    let copy_bandwidth = backend.copy_bandwidth()?;
    let resident = backend.upload(split)?;
    let model = Model::new("itself", resident.class_sums()?)?;
    let questions = [Question::plain(&model)];
    let mut timed = Vec::new();
    let mut add = |stage, resident, measured: Result<Measurement>| -> Result<()> {
        timed.push(Timed {
            backend: backend.description(),
            stage,
            images: split.len(),
            bytes: split.images().pixels().len() as u64,
            resident,
            measured: measured?,
            copy_bandwidth,
        });
        Ok(())
    };
    let _ = resident.take_kernel_timings();
    add(
        "class_sums",
        true,
        kernel(&*resident, "class_sums", || resident.class_sums()),
    )?;
    match backend.description().adapter {
        Some(_) => {
            let nearest = || resident.nearest(&questions);
            add(
                "upload",
                false,
                Measurement::of_wall(STAGE, || backend.upload(split)),
            )?;
            add("distances", true, kernel(&*resident, "distances", nearest))?;
            add("nearest", true, kernel(&*resident, "nearest", nearest))?;
            add("readback", true, readback(&*resident, nearest))?;
            let evaluate_all = || evaluate(&*backend.upload(split)?);
            add("evaluate", false, Measurement::of_wall(STAGE, evaluate_all))?;
        }
        None => {
            add(
                "distances",
                true,
                Measurement::of_wall(STAGE, || resident.distances(&model)),
            )?;
            add(
                "nearest",
                true,
                Measurement::of_wall(STAGE, || resident.nearest(&questions)),
            )?;
        }
    }
    add(
        "evaluate",
        true,
        Measurement::of_wall(STAGE, || evaluate(&*resident)),
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

/// Milliseconds that two backends take for a number of images, upload included.
#[derive(Clone, Copy, Debug)]
pub struct Race {
    /// Images.
    pub images: usize,
    /// Median of the first backend.
    pub cpu: f64,
    /// Median of the second.
    pub gpu: f64,
}

/// Races two backends at growing sizes, up to the whole split.
///
/// # Errors
/// When a device fails.
pub fn races(cpu: &dyn Backend, gpu: &dyn Backend, split: &Split) -> Result<Vec<Race>> {
    let mut sizes: Vec<usize> = (0..)
        .map(|step| 1_000 << (2 * step))
        .take_while(|&size| size < split.len())
        .collect();
    sizes.push(split.len());
    let race = |&images: &usize| {
        let part = tile(split, images)?;
        let time = |backend: &dyn Backend| {
            Measurement::of_wall(SIZE, || evaluate(&*backend.upload(&part)?))
                .map(|measured| measured.median)
        };
        Ok(Race {
            images,
            cpu: time(cpu)?,
            gpu: time(gpu)?,
        })
    };
    sizes.iter().map(race).collect()
}

/// The least size from which the second backend wins at every size raced.
pub fn crossover(races: &[Race]) -> Option<usize> {
    let lost = races.iter().rposition(|race| race.gpu >= race.cpu);
    races
        .get(lost.map_or(0, |index| index + 1))
        .map(|race| race.images)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crossover_is_where_winning_for_good_begins() {
        let race = |images, cpu, gpu| Race { images, cpu, gpu };
        let (won, lost) = (
            |images| race(images, 2.0, 1.0),
            |images| race(images, 1.0, 2.0),
        );
        assert_eq!(
            crossover(&[lost(1), won(2), lost(3), won(4), won(5)]),
            Some(4)
        );
        assert_eq!(crossover(&[won(1), won(2)]), Some(1));
        assert_eq!(crossover(&[won(1), lost(2)]), None);
    }
}
