//! Times the stages of an evaluation on backends, side by side on the same
//! images, after it has found their answers right.

use std::time::{Duration, Instant};

use crate::backend::{Backend, Description, Resident};
use crate::dataset::{Images, Split};
use crate::error::{Error, Result};
use crate::measure::{Measurement, Patience};
use crate::model::{Model, Question};
use crate::predictions::Predictions;
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

/// `images` images, from a split that is cut or repeated as often as it takes.
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

/// What is timed: means of one split, labels of another.
#[derive(Clone, Debug)]
pub struct Work {
    /// The images that means are made of.
    pub train: Split,
    /// The images that get labels.
    pub test: Split,
}

impl Work {
    /// Both splits repeated or cut to so many images.
    ///
    /// # Errors
    /// When that is more than memory holds.
    pub fn tiled(&self, images: usize) -> Result<Self> {
        Ok(Self {
            train: tile(&self.train, images)?,
            test: tile(&self.test, images)?,
        })
    }

    /// Means and labels, the images uploaded first.
    fn upload_and_evaluate(&self, backend: &dyn Backend) -> Result<Predictions> {
        evaluate(
            &*backend.upload(&self.train)?,
            &*backend.upload(&self.test)?,
        )
    }
}

/// Means and labels of resident images.
fn evaluate(train: &dyn Resident, test: &dyn Resident) -> Result<Predictions> {
    let model = Model::new("train", train.class_sums()?)?;
    let mut answers = test.predictions(&[Question::plain(&model)])?;
    answers
        .pop()
        .ok_or_else(|| Error::Invalid("no answer".into()))
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

/// Milliseconds that two backends take for a number of images, upload included.
#[derive(Clone, Copy, Debug)]
pub struct Race {
    /// Images to train on and as many to test.
    pub images: usize,
    /// Median of the first backend.
    pub cpu: f64,
    /// Median of the second.
    pub gpu: f64,
}

/// Races two backends at growing sizes, up to that of the training images.
///
/// # Errors
/// When a device fails.
pub fn races(cpu: &dyn Backend, gpu: &dyn Backend, work: &Work) -> Result<Vec<Race>> {
    let most = work.train.len();
    let mut sizes: Vec<usize> = (0..)
        .map(|step| 1_000 << (2 * step))
        .take_while(|&size| size < most)
        .collect();
    sizes.push(most);
    let race = |&images: &usize| {
        let tiled;
        let part = if [work.train.len(), work.test.len()] == [images; 2] {
            work
        } else {
            tiled = work.tiled(images)?;
            &tiled
        };
        let time = |backend: &dyn Backend| {
            let all = || part.upload_and_evaluate(backend);
            Measurement::of_wall(SIZE, all).map(|measured| measured.median)
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
