//! Whether the machine has nothing else to do.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

/// Pieces of work for each core, as long as each other where nothing disturbs.
const PIECES: usize = 100;

/// Steps of a piece: some half a millisecond.
const STEPS: u64 = 1_000_000;

/// So many pieces of a core may take twice as long as its shortest, since no
/// system is ever without something to do.
const MOST_DISTURBED: usize = 5;

/// Whether every core works without being disturbed, for a twentieth of a second.
pub fn is_quiet() -> bool {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let disturbed: Vec<_> = (0..cores).map(|_| scope.spawn(disturbed)).collect();
        disturbed
            .into_iter()
            .all(|core| core.join().is_ok_and(|pieces| pieces <= MOST_DISTURBED))
    })
}

/// How many pieces took twice as long as the shortest.
fn disturbed() -> usize {
    let piece = |_| {
        let begun = Instant::now();
        black_box((0..STEPS).fold(0, |sum, next| black_box(sum ^ next)));
        begun.elapsed()
    };
    let times: Vec<Duration> = (0..PIECES).map(piece).collect();
    let shortest = times.iter().min().copied().unwrap_or_default();
    times.iter().filter(|&&time| time > 2 * shortest).count()
}
