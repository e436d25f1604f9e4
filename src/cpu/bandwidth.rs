//! How fast this machine's memory copies: the yardstick for `class_sums` and
//! `distances`, which cannot be faster than reading the images.

use rayon::prelude::*;

use crate::error::Result;
use crate::measure;

/// Bytes copied at a time: more than any cache holds.
const BYTES: usize = 256 << 20;

/// Bytes of one thread's piece.
const PIECE: usize = 1 << 20;

/// Bytes per second, read and written, with all cores.
pub(super) fn copy() -> Result<f64> {
    let (from, mut to) = (vec![1_u8; BYTES], vec![0_u8; BYTES]);
    measure::bandwidth(2 * BYTES as u64, || {
        let pieces = to.par_chunks_mut(PIECE).zip(from.par_chunks(PIECE));
        pieces.for_each(|(to, from)| to.copy_from_slice(from));
        Ok(())
    })
}
