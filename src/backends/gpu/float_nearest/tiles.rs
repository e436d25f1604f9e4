//! The layout of samples and classes on the device: tiles of them, for each value those of
//! all side by side, so that neighbouring invocations read neighbouring ones.

use rayon::prelude::*;

use crate::backends::gpu::device::Device;
use crate::backends::gpu::upload::Staging;
use crate::error::Result;

/// Samples of a tile, four for each invocation of a workgroup.
pub(super) const SAMPLES: usize = 256;

/// Classes of a tile.
pub(super) const CLASSES: usize = 16;

/// Values of a slice.
pub(super) const DEPTH: usize = 16;

/// The values of a row on the device: whole slices.
pub(super) fn padded(dim: usize) -> usize {
    dim.next_multiple_of(DEPTH)
}

/// Fills a buffer with tiles of `len` floats each, a few of them at a time; `make` makes
/// one of zeros.
pub(super) fn upload(
    device: &Device,
    staging: &mut Staging,
    staging_bytes: usize,
    (tiles, len): (usize, usize),
    target: &wgpu::Buffer,
    make: impl Fn(usize, &mut [f32]) + Sync,
) -> Result<()> {
    let bytes = len * size_of::<f32>();
    let at_once = (staging_bytes / bytes).clamp(1, tiles.max(1));
    for first in (0..tiles).step_by(at_once) {
        let mut made = vec![0.0; at_once.min(tiles - first) * len];
        made.par_chunks_mut(len)
            .enumerate()
            .for_each(|(tile, values)| make(first + tile, values));
        let made: &[u8] = bytemuck::cast_slice(&made);
        let fill =
            |mut view: wgpu::WriteOnly<'_, [u8]>| view.slice(..made.len()).copy_from_slice(made);
        staging.copy(device, made.len(), fill, target, (first * bytes) as u64)?;
    }
    staging.wait(device)
}
