//! Repeated timing of an operation.

use std::time::{Duration, Instant};

use crate::backends::timings::milliseconds_since;
use crate::error::Result;

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The minimum number of runs after the warm-up run.
    pub least_runs: usize,
    /// No further run starts after this time.
    pub time: Duration,
}

/// The time of an operation in milliseconds, over several runs after a warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// The median.
    pub median: f64,
    /// The fastest.
    pub min: f64,
    /// The slowest.
    pub max: f64,
}

impl Measurement {
    /// Measures an operation that returns its own time in milliseconds, after one
    /// warm-up run that is not counted.
    ///
    /// # Errors
    /// Any error of the operation.
    pub fn of(patience: Patience, mut run: impl FnMut() -> Result<f64>) -> Result<Self> {
        run()?;
        let (started, mut runs) = (Instant::now(), Vec::new());
        while runs.len() < patience.least_runs || started.elapsed() < patience.time {
            runs.push(run()?);
        }
        runs.sort_by(f64::total_cmp);
        Ok(Self {
            median: median(&runs),
            min: runs[0],
            max: runs[runs.len() - 1],
        })
    }

    /// Measures an operation by wall-clock time.
    ///
    /// # Errors
    /// Any error of the operation.
    pub fn of_wall<T>(patience: Patience, mut run: impl FnMut() -> Result<T>) -> Result<Self> {
        Self::of(patience, || {
            let started = Instant::now();
            let result = run()?;
            let milliseconds = milliseconds_since(started);
            drop(result);
            Ok(milliseconds)
        })
    }
}

/// How long to measure a copy of memory.
const COPY: Patience = Patience {
    least_runs: 5,
    time: Duration::from_millis(300),
};

/// The bandwidth, in bytes per second, of a copy that moves `bytes` bytes per run.
///
/// # Errors
/// Any error of the copy.
pub fn bandwidth(bytes: u64, copy: impl FnMut() -> Result<()>) -> Result<f64> {
    let measured = Measurement::of_wall(COPY, copy)?;
    Ok(bytes as f64 / measured.median * 1e3)
}

/// The middle of sorted values, or the mean of the two middle ones.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        (sorted[middle - 1] + sorted[middle]) / 2.0
    } else {
        sorted[middle]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_run_stays_out_of_the_median() {
        let patience = Patience {
            least_runs: 4,
            time: Duration::ZERO,
        };
        let mut runs = [100.0, 4.0, 1.0, 3.0, 2.0].into_iter();
        let measured = Measurement::of(patience, || Ok(runs.next().unwrap_or(f64::NAN)));
        let expected = Measurement {
            median: 2.5,
            min: 1.0,
            max: 4.0,
        };
        assert_eq!(measured.ok(), Some(expected));
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
    }
}
