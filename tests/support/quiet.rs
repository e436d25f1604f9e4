//! Whether the machine has nothing else to do.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

/// So many pieces of work, each as long as the others where nothing disturbs.
const PIECES: usize = 100;

/// Additions in a piece: about half a millisecond.
const ADDITIONS: u64 = 1_000_000;

/// On a quiet machine this many of a hundred may take far longer than the shortest.
const MOST_DISTURBED: usize = 5;

/// Whether every core works without being disturbed, for a twentieth of a second.
pub fn is_quiet() -> bool {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let cores: Vec<_> = (0..cores).map(|_| scope.spawn(pieces)).collect();
        let times: Vec<_> = cores
            .into_iter()
            .flat_map(|core| core.join().unwrap_or_default())
            .collect();
        let shortest = times.iter().min().copied().unwrap_or_default();
        let disturbed = times.iter().filter(|&&time| time > 2 * shortest).count();
        disturbed * PIECES <= MOST_DISTURBED * times.len()
    })
}

fn pieces() -> Vec<Duration> {
    let piece = |_| {
        let begun = Instant::now();
        black_box((0..ADDITIONS).fold(0, |sum, next| black_box(sum ^ next)));
        begun.elapsed()
    };
    (0..PIECES).map(piece).collect()
}
