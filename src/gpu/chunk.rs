//! What the device holds of a split: chunks that its bindings can hold, in the
//! form that the kernels read.

use bytemuck::{Pod, Zeroable};
use wgpu::BufferUsages as Usage;

use super::device::Device;
use crate::dataset::Split;
use crate::error::Result;

/// Rows are padded to what the kernels load at once.
pub(super) const ROW_ALIGNMENT: usize = 16;

/// Images whose pixels fit the 16-bit sums of `class_sums`.
pub(super) const SEGMENT: usize = 257;

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

/// A stretch of the sorted order whose images are all of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Segment {
    pub first: u32,
    pub end: u32,
    pub class: u32,
}

/// Bytes of an image on the device.
pub(super) fn row_bytes(dim: usize) -> usize {
    dim.next_multiple_of(ROW_ALIGNMENT)
}

/// As many images as a binding holds and a dispatch reaches.
pub(super) fn images_per_chunk(
    device: &Device,
    split: &Split,
    workgroup_size: u32,
) -> Result<usize> {
    let row = row_bytes(split.images().dim()) as u64;
    device.check_binding("the pixels of one image", row)?;
    // The kernels index words with 32 bits.
    let bytes = device.most_bound().min(4 << 32);
    let by_binding = usize::try_from(bytes / row).unwrap_or(usize::MAX);
    let by_dispatch = images_per_dispatch(
        device.most_workgroups(),
        workgroup_size as usize,
        split.classes(),
    );
    Ok(by_binding.min(by_dispatch))
}

/// As many images as a dispatch of so many workgroups reaches, with an image to
/// an invocation as in `distances` and `nearest` and with a segment to a
/// workgroup as in `class_sums`.
fn images_per_dispatch(workgroups: usize, workgroup_size: usize, classes: usize) -> usize {
    // A class may end in a segment that is not full; an image is at most a segment.
    let by_segments = workgroups.max(workgroups.saturating_sub(classes) * SEGMENT);
    by_segments.min(workgroups * workgroup_size)
}

impl Chunk {
    /// Makes room for so many images of a split; their pixels are still to come.
    pub(super) fn new(device: &Device, split: &Split, first: usize, images: usize) -> Self {
        let labels = &split.labels()[first..][..images];
        let (order, segments) = sort_by_label(labels, split.classes());
        let wide_labels: Vec<u32> = labels.iter().map(|&label| u32::from(label)).collect();
        let bytes = images * row_bytes(split.images().dim());
        Self {
            first,
            images,
            pixels: device.buffer("pixels", bytes as u64, Usage::STORAGE | Usage::COPY_DST),
            labels: device.filled("labels", &wide_labels, Usage::STORAGE),
            order: device.filled("order", &order, Usage::STORAGE),
            segments: device.filled("segments", &segments, Usage::STORAGE),
            segment_count: segments.len() as u32,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispatch_reaches_every_image_and_segment() {
        assert_eq!(images_per_dispatch(65_535, 64, 10), 65_535 * 64);
        // With wide workgroups segments decide: each class may waste one.
        let images = images_per_dispatch(100, 1024, 10);
        assert_eq!(images, 90 * SEGMENT);
        assert_eq!(images_per_dispatch(100, 1024, 100), 100);
        assert_eq!(images_per_dispatch(100, 1024, 5_000), 100);
        // The worst case there is: all classes but one have a single image.
        let labels: Vec<u16> = (0..images).map(|index| index.min(9) as u16).collect();
        assert!(sort_by_label(&labels, 10).1.len() <= 100);
    }

    #[test]
    fn segments_cover_each_class_in_order() {
        let labels: Vec<u16> = (0..600).map(|index| [2, 0, 2][index % 3]).collect();
        let (order, segments) = sort_by_label(&labels, 4);
        let classes: Vec<_> = segments
            .iter()
            .map(|s| (s.class, s.end - s.first))
            .collect();
        assert_eq!(classes, [(0, 200), (2, 257), (2, 143)]);
        let sorted: Vec<u16> = order.iter().map(|&index| labels[index as usize]).collect();
        assert!(sorted.is_sorted());
        let mut all = order.clone();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..600));
    }
}
