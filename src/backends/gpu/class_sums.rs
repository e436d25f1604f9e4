//! Host side of `shaders/class_sums.wgsl`.

use std::ops::Range;

use wgpu::BufferUsages as Usage;

use super::chunk::{Chunk, row_bytes};
use super::device::Device;
use super::kernel::{Binding, Kernel, Shader};
use super::submission::Submission;

use crate::backends::timings::Timings;
use crate::classifier::level_sums::LevelSums;
use crate::data::LabelledImages;
use crate::error::{Error, Result};

/// Invocations per workgroup.
pub const WORKGROUP_SIZE: u32 = 256;

/// The shader.
pub const SHADER: Shader = Shader {
    name: "class_sums",
    source: include_str!("../../../shaders/class_sums.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::Uniform,
    ],
    workgroup_size: WORKGROUP_SIZE,
    constants: &[],
};

/// The class sums of resident images.
pub(super) fn class_sums(
    device: &Device,
    kernel: &Kernel,
    split: LabelledImages<'_>,
    chunks: &[Chunk<'_>],
    round_images: usize,
) -> Result<(LevelSums, Timings)> {
    let (dim, classes) = (split.images().dim(), split.classes());
    let bytes = (classes * row_bytes(dim) * 4) as u64;
    device.check_binding("the class sums", bytes)?;
    let vectors = row_bytes(dim) / 16;
    let sums_on_device = device.results(bytes);
    let parameters = device.filled("parameters", &[vectors as u32, 0, 0, 0], Usage::UNIFORM);
    let (mut sums, mut timings) = (vec![0_u64; classes * dim], Timings::default());
    let images: Vec<_> = chunks.iter().map(|chunk| chunk.images).collect();
    for round in rounds(&images, round_images) {
        let mut submission = Submission::new(device, round.len(), bytes);
        submission.clear(&sums_on_device);
        for chunk in &chunks[round] {
            let buffers = [
                &chunk.pixels,
                &chunk.order,
                &chunk.segments,
                &sums_on_device,
                &parameters,
            ];
            let bindings = kernel.bind(device, &buffers);
            submission.pass(
                kernel,
                &bindings,
                [chunk.segment_count, kernel.workgroups(vectors)],
            );
        }
        submission.read(&sums_on_device, bytes);
        let add = |read: &[u8]| add_padded(&mut sums, bytemuck::cast_slice(read), dim);
        timings.merge(&submission.finish(add)?.1);
    }
    let of_class = |class| {
        chunks
            .iter()
            .map(|chunk: &Chunk<'_>| chunk.counts[class])
            .sum()
    };
    let counts = (0..classes).map(of_class).collect();
    Ok((checked(dim, counts, sums)?, timings))
}

/// Adds sums from the device, whose rows are padded, to those on the host.
pub(super) fn add_padded(sums: &mut [u64], padded: &[u32], dim: usize) {
    let padded = padded.chunks_exact(row_bytes(dim));
    for (sums, padded) in sums.chunks_exact_mut(dim).zip(padded) {
        for (sum, &more) in sums.iter_mut().zip(padded) {
            *sum += u64::from(more);
        }
    }
}

/// Class sums from the device. Sums that no images could have mean that it computed
/// wrongly.
pub(super) fn checked(dim: usize, counts: Vec<u64>, sums: Vec<u64>) -> Result<LevelSums> {
    LevelSums::new(dim, counts, sums)
        .map_err(|error| Error::Gpu(format!("it computed impossible class sums: {error}")))
}

/// Groups chunks of these sizes into runs of at most `most` images; a larger chunk
/// is a run of its own.
fn rounds(images: &[usize], most: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let first = next;
        let mut sum = 0;
        while next < images.len() && (next == first || sum + images[next] <= most) {
            sum += images[next];
            next += 1;
        }
        (first < next).then_some(first..next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_hold_what_a_sum_can() {
        let cut = |images: &[usize], most| rounds(images, most).collect::<Vec<_>>();
        assert_eq!(cut(&[4, 4, 4, 4, 1], 8), [0..2, 2..4, 4..5]);
        assert_eq!(cut(&[4, 4, 1, 9], 9), [0..3, 3..4]);
        assert_eq!(cut(&[9, 9], 8), [0..1, 1..2]);
        assert_eq!(
            crate::backends::gpu::pieces::Pieces::default().round_images,
            16_843_009
        );
    }
}
