//! The memory bandwidth of this machine. `class_sums` and `distances` are compared
//! with it, since they cannot be faster than reading the images.

use std::hint::black_box;

use multiversion::multiversion;
use rayon::prelude::*;

use crate::backends::Bandwidth;
use crate::backends::measure;
use crate::error::Result;

/// Bytes copied or read per run: more than any cache holds.
const BYTES: usize = 256 << 20;

/// Bytes per task of a thread.
const PIECE: usize = 1 << 20;

/// Measures the bandwidth with all cores.
pub(super) fn measure() -> Result<Bandwidth> {
    let (from, mut to) = (vec![1_u8; BYTES], vec![0_u8; BYTES]);
    let copy = measure::bandwidth(2 * BYTES as u64, || {
        let pieces = to.par_chunks_mut(PIECE).zip(from.par_chunks(PIECE));
        pieces.for_each(|(to, from)| to.copy_from_slice(from));
        Ok(())
    })?;
    let read = measure::bandwidth(BYTES as u64, || {
        black_box(from.par_chunks(PIECE).map(sum).sum::<u64>());
        Ok(())
    })?;
    Ok(Bandwidth {
        copy,
        read: Some(read),
    })
}

/// Does almost no work per byte, so that the time is that of reading.
#[multiversion(targets = "simd")]
fn sum(bytes: &[u8]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    words
        .iter()
        .fold(0, |sum, &word| sum ^ u64::from_ne_bytes(word))
}
