//! Uploads images to the device through two staging buffers, which are filled and
//! copied alternately.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::chunk::{Chunk, row_bytes};
use super::device::{Device, Mapping};
use crate::data::LabelledImages;
use crate::data::panics::one_line;
use crate::error::{Error, Result};

/// Bytes per task of a copying thread.
const PIECE: usize = 256 << 10;

/// Uploads all images of a split, in chunks of limited size.
pub(super) fn upload<'a>(
    device: &'a Device,
    staging: &mut Staging,
    split: LabelledImages<'_>,
    images_per_chunk: usize,
    staging_bytes: usize,
) -> Result<Vec<Chunk<'a>>> {
    let mut chunks = Vec::new();
    for first in (0..split.len()).step_by(images_per_chunk) {
        let images = images_per_chunk.min(split.len() - first);
        let dim = split.images().dim();
        let pixels = &split.images().pixels()[first * dim..][..images * dim];
        let copy = |target: &wgpu::Buffer| {
            copy_pixels(device, staging, pixels, dim, target, staging_bytes)
        };
        chunks.push(Chunk::new(device, split, first, images, copy)?);
    }
    staging.wait(device)?;
    Ok(chunks)
}

fn copy_pixels(
    device: &Device,
    staging: &mut Staging,
    pixels: &[u8],
    dim: usize,
    target: &wgpu::Buffer,
    staging_bytes: usize,
) -> Result<()> {
    let row = row_bytes(dim);
    let at_once = (staging_bytes / row).max(1);
    for (piece, images) in pixels.chunks(at_once * dim).enumerate() {
        let fill = |target: wgpu::WriteOnly<'_, [u8]>| fill(target, images, dim);
        let offset = (piece * at_once * row) as u64;
        staging.copy(device, images.len() / dim * row, fill, target, offset)?;
    }
    Ok(())
}

/// Writes images, with rows padded with zeros.
fn fill(mut target: wgpu::WriteOnly<'_, [u8]>, images: &[u8], dim: usize) {
    let row = row_bytes(dim);
    if row == dim {
        return copy_with_all_cores(target, images);
    }
    for (index, image) in images.chunks_exact(dim).enumerate() {
        let mut padded = target.slice(index * row..(index + 1) * row);
        padded.slice(..dim).copy_from_slice(image);
        padded.slice(dim..).fill(0);
    }
}

/// Copies with all cores, because a single core cannot saturate the bus.
fn copy_with_all_cores(target: wgpu::WriteOnly<'_, [u8]>, bytes: &[u8]) {
    let (pieces, mut rest) = target.into_chunks::<PIECE>();
    let (of_pieces, of_rest) = bytes.as_chunks::<PIECE>();
    let pieces: Vec<_> = pieces.into_iter().zip(of_pieces).collect();
    pieces.into_par_iter().for_each(|(target, piece)| {
        wgpu::WriteOnly::<'_, [u8]>::from(target).copy_from_slice(piece);
    });
    rest.copy_from_slice(of_rest);
}

/// Two staging buffers, kept as long as the device: while the device copies from
/// one, the host fills the other.
#[derive(Default)]
pub(super) struct Staging {
    slots: VecDeque<Slot>,
}

struct Slot {
    buffer: wgpu::Buffer,
    /// The copy that must finish before the buffer is mapped again.
    busy: Option<(wgpu::SubmissionIndex, Mapping)>,
}

impl Staging {
    /// Lets `fill` write `bytes` bytes and copies them to `target`.
    pub(super) fn copy(
        &mut self,
        device: &Device,
        bytes: usize,
        fill: impl FnOnce(wgpu::WriteOnly<'_, [u8]>),
        target: &wgpu::Buffer,
        offset: u64,
    ) -> Result<()> {
        let mut slot = self.take_slot(device, bytes as u64)?;
        let whole = 0..bytes as u64;
        let mut view = slot
            .buffer
            .get_mapped_range_mut(whole.clone())
            .map_err(|error| Error::Gpu(one_line(&error.to_string())))?;
        fill(view.slice(..));
        drop(view);
        slot.buffer.unmap();
        let mut encoder = device.raw().create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(&slot.buffer, 0, target, offset, Some(whole.end));
        let mapping = Device::map_after(&encoder, &slot.buffer, wgpu::MapMode::Write);
        slot.busy = Some((device.submit(encoder.finish()), mapping));
        self.slots.push_back(slot);
        Ok(())
    }

    /// A mapped buffer of at least `bytes` bytes: the one that was submitted first,
    /// or a new one if that is too small.
    fn take_slot(&mut self, device: &Device, bytes: u64) -> Result<Slot> {
        if self.slots.len() == 2
            && let Some(mut slot) = self.slots.pop_front()
        {
            slot.wait(device)?;
            if slot.buffer.size() >= bytes {
                return Ok(slot);
            }
        }
        let buffer = device.staging(bytes);
        Ok(Slot { buffer, busy: None })
    }

    /// Waits for all pending copies.
    pub(super) fn wait(&mut self, device: &Device) -> Result<()> {
        self.slots.iter_mut().try_for_each(|slot| slot.wait(device))
    }
}

impl Slot {
    /// Waits until the copy from the buffer has finished and it is mapped again.
    fn wait(&mut self, device: &Device) -> Result<()> {
        match self.busy.take() {
            Some((copy, mapping)) => device.wait_mapped(copy, &mapping),
            None => Ok(()),
        }
    }
}
