//! Brings images to the device: cut into chunks that its bindings can hold,
//! through two staging buffers that are filled and copied in turn.

use std::collections::VecDeque;
use std::sync::PoisonError;

use wgpu::BufferUsages as Usage;

use super::Gpu;
use super::class_sums::{SEGMENT, Segment};
use super::device::{Device, Mapping};
use crate::dataset::Split;
use crate::error::{Error, Result};

/// Rows are padded to what the kernels load at once.
pub(super) const ROW_ALIGNMENT: usize = 16;

/// Bytes of a staging buffer: enough for a transfer to run at full speed.
const STAGING_BYTES: usize = 8 << 20;

/// Images resident on the device, as many as one binding holds.
pub(super) struct Chunk {
    /// The first of them in the split.
    pub first: usize,
    /// How many there are.
    pub images: usize,
    /// Their pixels, one byte each, rows padded with zeros.
    pub pixels: wgpu::Buffer,
    /// Their labels, one word each.
    pub labels: wgpu::Buffer,
    /// Their indices in the chunk, sorted by label.
    pub order: wgpu::Buffer,
    /// Stretches of `order` with one label.
    pub segments: wgpu::Buffer,
    /// How many of those there are.
    pub segment_count: u32,
}

/// Bytes of an image on the device.
pub(super) fn row_bytes(dim: usize) -> usize {
    dim.next_multiple_of(ROW_ALIGNMENT)
}

/// Copies all images of a split to the device.
pub(super) fn upload(gpu: &Gpu, split: &Split) -> Result<Vec<Chunk>> {
    let most = images_per_chunk(gpu.device.limits(), split)?.min(gpu.most_images_in_chunk);
    let starts = (0..split.len()).step_by(most);
    let chunks: Vec<_> = starts
        .map(|first| describe_chunk(&gpu.device, split, first, most.min(split.len() - first)))
        .collect();
    let mut staging = gpu.staging.lock().unwrap_or_else(PoisonError::into_inner);
    for chunk in &chunks {
        copy_pixels(&gpu.device, &mut staging, split, chunk)?;
    }
    staging.wait(&gpu.device)?;
    Ok(chunks)
}

/// As many images as a binding holds and a dispatch reaches.
fn images_per_chunk(limits: &wgpu::Limits, split: &Split) -> Result<usize> {
    let row = row_bytes(split.images().dim()) as u64;
    let binding = limits
        .max_storage_buffer_binding_size
        .min(limits.max_buffer_size);
    if row > binding {
        return Err(Error::NoGpu(format!(
            "an image of {row} bytes exceeds the {binding} bytes this adapter can bind; use --backend cpu"
        )));
    }
    let workgroups = limits.max_compute_workgroups_per_dimension as usize;
    let by_invocations = workgroups * super::distances::SHADER.workgroup_size as usize;
    // A class may end in a segment that is not full; an image is at most a segment.
    let by_segments = workgroups.max(workgroups.saturating_sub(split.classes()) * SEGMENT);
    let by_binding = usize::try_from(binding / row).unwrap_or(usize::MAX);
    Ok(by_binding.min(by_invocations).min(by_segments))
}

fn describe_chunk(device: &Device, split: &Split, first: usize, images: usize) -> Chunk {
    let labels = &split.labels()[first..][..images];
    let (order, segments) = sort_by_label(labels, split.classes());
    let wide_labels: Vec<u32> = labels.iter().map(|&label| u32::from(label)).collect();
    let bytes = images * row_bytes(split.images().dim());
    Chunk {
        first,
        images,
        pixels: device.buffer("pixels", bytes as u64, Usage::STORAGE | Usage::COPY_DST),
        labels: device.filled("labels", &wide_labels, Usage::STORAGE),
        order: device.filled("order", &order, Usage::STORAGE),
        segments: device.filled("segments", &segments, Usage::STORAGE),
        segment_count: segments.len() as u32,
    }
}

/// A counting sort of image indices by label, and the segments it falls into.
fn sort_by_label(labels: &[u16], classes: usize) -> (Vec<u32>, Vec<Segment>) {
    let mut starts = vec![0_u32; classes + 1];
    labels
        .iter()
        .for_each(|&label| starts[usize::from(label) + 1] += 1);
    (0..classes).for_each(|class| starts[class + 1] += starts[class]);
    let (mut next, mut order) = (starts.clone(), vec![0; labels.len()]);
    for (index, &label) in (0..).zip(labels) {
        let place = &mut next[usize::from(label)];
        order[*place as usize] = index;
        *place += 1;
    }
    let of_class = |class: usize| {
        let (start, end) = (starts[class], starts[class + 1]);
        (start..end).step_by(SEGMENT).map(move |first| Segment {
            first,
            end: end.min(first + SEGMENT as u32),
            class: class as u32,
        })
    };
    (order, (0..classes).flat_map(of_class).collect())
}

fn copy_pixels(device: &Device, staging: &mut Staging, split: &Split, chunk: &Chunk) -> Result<()> {
    let dim = split.images().dim();
    let row = row_bytes(dim);
    let pixels = &split.images().pixels()[chunk.first * dim..][..chunk.images * dim];
    let at_once = (STAGING_BYTES / row).max(1);
    for (piece, images) in pixels.chunks(at_once * dim).enumerate() {
        let fill = |mut target: wgpu::WriteOnly<'_, [u8]>| {
            if row == dim {
                return target.copy_from_slice(images);
            }
            for (index, image) in images.chunks_exact(dim).enumerate() {
                let mut padded = target.slice(index * row..(index + 1) * row);
                padded.slice(..dim).copy_from_slice(image);
                padded.slice(dim..).fill(0);
            }
        };
        let offset = (piece * at_once * row) as u64;
        staging.copy(
            device,
            images.len() / dim * row,
            fill,
            &chunk.pixels,
            offset,
        )?;
    }
    Ok(())
}

/// Two buffers, kept for as long as the device, that the host fills and the
/// device copies from: while one is copied the other is filled.
#[derive(Default)]
pub(super) struct Staging {
    slots: VecDeque<Slot>,
}

struct Slot {
    buffer: wgpu::Buffer,
    /// The copy that must end before the buffer is mapped again.
    busy: Option<(wgpu::SubmissionIndex, Mapping)>,
}

impl Staging {
    /// Has `fill` write `bytes` bytes and copies them to `target`.
    fn copy(
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
            .map_err(|error| Error::Gpu(error.to_string()))?;
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

    /// A mapped buffer of at least so many bytes: the one that waits longest.
    fn take_slot(&mut self, device: &Device, bytes: u64) -> Result<Slot> {
        if self.slots.len() == 2
            && let Some(mut slot) = self.slots.pop_front()
        {
            slot.wait(device)?;
            if slot.buffer.size() >= bytes {
                return Ok(slot);
            }
        }
        let buffer = device.raw().create_buffer(&wgpu::BufferDescriptor {
            label: Some("staging"),
            size: bytes.max(STAGING_BYTES as u64),
            usage: Usage::MAP_WRITE | Usage::COPY_SRC,
            mapped_at_creation: true,
        });
        Ok(Slot { buffer, busy: None })
    }

    /// Waits for the copies under way.
    fn wait(&mut self, device: &Device) -> Result<()> {
        self.slots.iter_mut().try_for_each(|slot| slot.wait(device))
    }
}

impl Slot {
    /// Waits until the buffer has been copied from and is mapped again.
    fn wait(&mut self, device: &Device) -> Result<()> {
        match self.busy.take() {
            Some((copy, mapping)) => device.wait_mapped(copy, &mapping),
            None => Ok(()),
        }
    }
}
