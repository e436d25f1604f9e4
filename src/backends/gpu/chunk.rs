//! A split on the device: chunks that fit a binding, in the form that the kernels
//! read.

use std::panic::resume_unwind;

use bytemuck::{Pod, Zeroable};
use wgpu::BufferUsages as Usage;

use super::class_sums;
use super::device::Device;
use super::pool::Lease;
use crate::data::LabelledImages;
use crate::error::Result;

/// Row length is a multiple of this: the kernels load 16 pixels at a time.
pub(super) const ROW_ALIGNMENT: usize = 16;

/// The most images in a segment: one per invocation of `class_sums`, since each
/// looks up the row of one image, and few enough for 16-bit sums.
const MOST_IN_SEGMENT: usize = class_sums::WORKGROUP_SIZE as usize;

/// The fewest images in a segment, if there are enough images: each segment ends
/// with one atomic addition per pixel of an image.
const LEAST_IN_SEGMENT: usize = 64;

/// The shader adds pixels in 16-bit halves, which hold no more images than this.
const _: () = assert!(MOST_IN_SEGMENT <= u16::MAX as usize / 255);

/// The number of segments that keeps a large GPU busy: about eight workgroups on
/// each of more than a hundred multiprocessors.
const ENOUGH_SEGMENTS: usize = 1024;

/// Images resident on the device, at most as many as fit one binding.
pub(super) struct Chunk<'a> {
    /// The index of its first image in the split.
    pub first: usize,
    /// Number of images.
    pub images: usize,
    /// Their pixels, one byte each, rows padded with zeros.
    pub pixels: Lease<'a>,
    /// Their labels, one word each.
    pub labels: wgpu::Buffer,
    /// The images' indices in the chunk, sorted by label.
    pub order: wgpu::Buffer,
    /// Runs of `order` with the same label.
    pub segments: wgpu::Buffer,
    /// Number of segments.
    pub segment_count: u32,
    /// Number of images in each class.
    pub counts: Vec<u64>,
}

/// A run of the sorted order whose images all have the same class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Segment {
    pub first: u32,
    pub end: u32,
    pub class: u32,
}

/// Bytes per image on the device.
pub(super) fn row_bytes(dim: usize) -> usize {
    dim.next_multiple_of(ROW_ALIGNMENT)
}

/// The most images that fit one binding and one dispatch.
pub(super) fn images_per_chunk(
    device: &Device,
    split: LabelledImages<'_>,
    workgroup_size: u32,
) -> Result<usize> {
    let row = row_bytes(split.images().dim()) as u64;
    device.check_binding("the pixels of one image", row)?;
    let by_binding = usize::try_from(device.most_bound() / row).unwrap_or(usize::MAX);
    let by_dispatch = images_per_dispatch(
        device.most_workgroups(),
        workgroup_size as usize,
        split.classes(),
    );
    Ok(by_binding.min(by_dispatch))
}

/// The most images that one dispatch of `workgroups` workgroups covers. `distances`
/// and `nearest` use one invocation per image, `class_sums` one workgroup per
/// segment.
fn images_per_dispatch(workgroups: usize, workgroup_size: usize, classes: usize) -> usize {
    // Each class may end with a partial segment; there are at most as many segments
    // as images.
    let by_segments = workgroups.max(workgroups.saturating_sub(classes) * MOST_IN_SEGMENT);
    by_segments.min(workgroups * workgroup_size)
}

/// The images of the largest of these chunks; at least one.
pub(super) fn largest(chunks: &[Chunk<'_>]) -> usize {
    chunks.iter().map(|chunk| chunk.images).max().unwrap_or(1)
}

impl<'a> Chunk<'a> {
    /// `images` images of a split from `first` on. `copy` gets the buffer that their
    /// pixels go to, and fills it while the labels are sorted.
    pub(super) fn new(
        device: &'a Device,
        split: LabelledImages<'_>,
        first: usize,
        images: usize,
        copy: impl FnOnce(&wgpu::Buffer) -> Result<()>,
    ) -> Result<Self> {
        let labels = &split.labels()[first..][..images];
        let pixels = device.pixels((images * row_bytes(split.images().dim())) as u64);
        let (sorted, copied) = std::thread::scope(|scope| {
            let sorting = scope.spawn(|| sort_by_label(labels, split.classes()));
            let copied = copy(&pixels);
            let sorted = sorting.join().unwrap_or_else(|panic| resume_unwind(panic));
            (sorted, copied)
        });
        copied?;
        let wide_labels: Vec<u32> = labels.iter().map(|&label| u32::from(label)).collect();
        Ok(Self {
            first,
            images,
            pixels,
            labels: device.filled("labels", &wide_labels, Usage::STORAGE),
            order: device.filled("order", &sorted.order, Usage::STORAGE),
            segments: device.filled("segments", &sorted.segments, Usage::STORAGE),
            segment_count: sorted.segments.len() as u32,
            counts: sorted.counts,
        })
    }
}

/// Images per segment: there should be enough segments, but none should be tiny.
fn segment_length(images: usize, classes: usize) -> usize {
    // Each class may end with a partial segment.
    match ENOUGH_SEGMENTS.checked_sub(classes) {
        None | Some(0) => MOST_IN_SEGMENT,
        Some(full) => (images / full).clamp(LEAST_IN_SEGMENT, MOST_IN_SEGMENT),
    }
}

/// A counting sort of image indices by label.
pub(super) struct Sorted {
    /// The indices, sorted by label.
    pub order: Vec<u32>,
    /// Runs of `order` with the same label.
    pub segments: Vec<Segment>,
    /// Number of images of each class.
    pub counts: Vec<u64>,
}

pub(super) fn sort_by_label(labels: &[u16], classes: usize) -> Sorted {
    let mut starts = vec![0_u32; classes + 1];
    labels
        .iter()
        .for_each(|&label| starts[usize::from(label) + 1] += 1);
    let counts = starts[1..].iter().map(|&count| u64::from(count)).collect();
    (0..classes).for_each(|class| starts[class + 1] += starts[class]);
    let (mut next, mut order) = (starts.clone(), vec![0; labels.len()]);
    for (index, &label) in (0..).zip(labels) {
        let place = &mut next[usize::from(label)];
        order[*place as usize] = index;
        *place += 1;
    }
    let length = segment_length(labels.len(), classes);
    let of_class = |class: usize| {
        let (start, end) = (starts[class], starts[class + 1]);
        (start..end).step_by(length).map(move |first| Segment {
            first,
            end: end.min(first + length as u32),
            class: class as u32,
        })
    };
    Sorted {
        segments: (0..classes).flat_map(of_class).collect(),
        order,
        counts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispatch_reaches_every_image_and_segment() {
        assert_eq!(images_per_dispatch(65_535, 64, 10), 65_535 * 64);
        // With large workgroups the segments are the limit: each class may end with
        // a partial one.
        let images = images_per_dispatch(100, 1024, 10);
        assert_eq!(images, 90 * MOST_IN_SEGMENT);
        assert_eq!(images_per_dispatch(100, 1024, 100), 100);
        assert_eq!(images_per_dispatch(100, 1024, 5_000), 100);
        // The worst case: all classes but one have a single image.
        for (workgroups, classes) in [
            (65_535, 10),
            (65_535, 1_000),
            (65_535, 64_000),
            (9_000, 900),
        ] {
            let images = images_per_dispatch(workgroups, 1 << 20, classes);
            let last = classes - 1;
            let labels: Vec<u16> = (0..images).map(|index| index.min(last) as u16).collect();
            let segments = sort_by_label(&labels, classes).segments.len();
            assert!(segments <= workgroups, "{segments} for {classes} classes");
        }
    }

    #[test]
    fn segments_cover_each_class_in_order() {
        let labels: Vec<u16> = (0..600).map(|index| [2, 0, 2][index % 3]).collect();
        let Sorted {
            mut order,
            segments,
            counts,
        } = sort_by_label(&labels, 4);
        assert_eq!(counts, [200, 0, 400, 0]);
        let classes: Vec<_> = segments
            .iter()
            .map(|s| (s.class, s.end - s.first))
            .collect();
        let expected = [(0, 64), (0, 64), (0, 64), (0, 8)];
        assert_eq!(classes[..4], expected);
        assert_eq!(classes[4..], [[(2, 64); 6].as_slice(), &[(2, 16)]].concat());
        let sorted: Vec<u16> = order.iter().map(|&index| labels[index as usize]).collect();
        assert!(sorted.is_sorted());
        order.sort_unstable();
        assert!(order.into_iter().eq(0..600));
    }

    #[test]
    fn segments_are_long_where_there_are_many() {
        assert_eq!(segment_length(10, 10), 64);
        assert_eq!(segment_length(101_400, 10), 100);
        assert_eq!(segment_length(4_000_000, 10), 256);
        assert_eq!(segment_length(10, 1024), 256);
        assert_eq!(segment_length(10, 65_536), 256);
    }
}
