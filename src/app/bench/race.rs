//! Two backends against each other at growing sizes.

use std::time::Duration;

use super::work::Work;
use crate::app::Result;
use crate::backends::Backend;
use crate::backends::measure::{Measurement, Patience};

/// For a size on the way to the crossover.
const SIZE: Patience = Patience {
    least_runs: 3,
    time: Duration::from_millis(150),
};

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
    let most = work.train().len();
    let mut sizes: Vec<usize> = (0..)
        .map(|step| 1_000 << (2 * step))
        .take_while(|&size| size < most)
        .collect();
    sizes.push(most);
    let mut races = Vec::with_capacity(sizes.len());
    for images in sizes {
        let tiled;
        let part = if [work.train().len(), work.test().len()] == [images; 2] {
            work
        } else {
            tiled = work.tiled(images)?;
            &tiled
        };
        races.push(Race {
            images,
            cpu: median(cpu, part)?,
            gpu: median(gpu, part)?,
        });
    }
    Ok(races)
}

fn median(backend: &dyn Backend, work: &Work) -> Result<f64> {
    let measured = Measurement::of_wall(SIZE, || work.upload_and_evaluate(backend))?;
    Ok(measured.median)
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
