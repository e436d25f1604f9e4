//! The class sums of draws, by the kernel that sums all images: it reads a list of
//! images, which may as well be a draw, and each draw has classes of its own to add to.

use std::ops::Range;

use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use super::chunk::{Chunk, Segment, Sorted, row_bytes, sort_by_label};
use super::class_sums::{add_padded, checked};
use super::device::Device;
use super::kernel::Kernel;
use super::pieces::Pieces;
use super::submission::Submission;
use crate::backends::timings::Timings;
use crate::classifier::level_sums::LevelSums;
use crate::data::LabelledImages;
use crate::error::Result;

/// The class sums of each draw from resident images.
pub(super) fn drawn_sums(
    device: &Device,
    kernel: &Kernel,
    split: LabelledImages<'_>,
    chunks: &[Chunk<'_>],
    draws: &[&[u32]],
    pieces: Pieces,
) -> Result<(Vec<LevelSums>, Timings)> {
    let (dim, classes) = (split.images().dim(), split.classes());
    let mut timings = Timings::default();
    let mut counts = vec![vec![0_u64; classes]; draws.len()];
    let mut sums = vec![vec![0_u64; classes * dim]; draws.len()];
    for chunk in chunks {
        let parts = parts(split, chunk, draws, pieces.round_images);
        for run in runs(
            &parts,
            device,
            classes * row_bytes(dim) * 4,
            pieces.draw_bytes,
        ) {
            let parts = &parts[run];
            let mut add = |part: usize, padded: &[u32]| {
                add_padded(&mut sums[parts[part].draw], padded, dim);
            };
            timings.merge(&sum_parts(device, kernel, split, chunk, parts, &mut add)?);
            for part in parts {
                let counts = counts[part.draw].iter_mut().zip(&part.sorted.counts);
                counts.for_each(|(count, more)| *count += more);
            }
        }
    }
    let both = counts.into_iter().zip(sums);
    let sums = both.map(|(counts, sums)| checked(dim, counts, sums));
    Ok((sums.collect::<Result<_>>()?, timings))
}

/// The images of a chunk that one draw lists, or as many of them as 32-bit sums hold.
struct Part {
    draw: usize,
    sorted: Sorted,
}

fn parts(split: LabelledImages<'_>, chunk: &Chunk<'_>, draws: &[&[u32]], most: usize) -> Vec<Part> {
    let inside = chunk.first..chunk.first + chunk.images;
    let of_draw = |(draw, indices): (usize, &&[u32])| {
        let indices: Vec<u32> = indices
            .iter()
            .filter(|&&index| inside.contains(&(index as usize)))
            .map(|&index| index - inside.start as u32)
            .collect();
        let part = |indices: &[u32]| Part {
            draw,
            sorted: sorted(split, chunk, indices),
        };
        indices.chunks(most).map(part).collect::<Vec<_>>()
    };
    draws
        .par_iter()
        .enumerate()
        .flat_map_iter(of_draw)
        .collect()
}

/// These images of the chunk sorted by label.
fn sorted(split: LabelledImages<'_>, chunk: &Chunk<'_>, indices: &[u32]) -> Sorted {
    let labels = &split.labels()[chunk.first..];
    let labels: Vec<u16> = indices
        .iter()
        .map(|&index| labels[index as usize])
        .collect();
    let mut sorted = sort_by_label(&labels, split.classes());
    for place in &mut sorted.order {
        *place = indices[*place as usize];
    }
    sorted
}

/// Runs of parts that one dispatch reaches, and whose lists and sums take few bytes. A
/// part that alone takes more is a run of its own.
fn runs(parts: &[Part], device: &Device, sum_bytes: usize, most_bytes: usize) -> Vec<Range<usize>> {
    let most_sums = (device.most_bound() as usize).min(most_bytes) / sum_bytes;
    let most_segments = device.most_workgroups();
    let mut runs: Vec<Range<usize>> = Vec::new();
    let (mut segments, mut bytes) = (0, 0);
    for (index, part) in parts.iter().enumerate() {
        let more = (part.sorted.segments.len(), part.sorted.order.len() * 4);
        match runs.last_mut() {
            Some(run)
                if segments + more.0 <= most_segments
                    && bytes + more.1 <= most_bytes
                    && run.len() < most_sums =>
            {
                run.end += 1;
                (segments, bytes) = (segments + more.0, bytes + more.1);
            }
            _ => {
                runs.push(index..index + 1);
                (segments, bytes) = more;
            }
        }
    }
    runs
}

/// Sums up all parts in one dispatch; `add` gets the sums of each.
fn sum_parts(
    device: &Device,
    kernel: &Kernel,
    split: LabelledImages<'_>,
    chunk: &Chunk<'_>,
    parts: &[Part],
    add: &mut dyn FnMut(usize, &[u32]),
) -> Result<Timings> {
    let (row, classes) = (row_bytes(split.images().dim()), split.classes());
    let (mut order, mut segments) = (Vec::new(), Vec::new());
    for (index, part) in parts.iter().enumerate() {
        let (first, class) = (order.len() as u32, (index * classes) as u32);
        order.extend_from_slice(&part.sorted.order);
        segments.extend(part.sorted.segments.iter().map(|segment| Segment {
            first: segment.first + first,
            end: segment.end + first,
            class: segment.class + class,
        }));
    }
    let bytes = (parts.len() * classes * row * 4) as u64;
    device.check_binding("the class sums", bytes)?;
    let sums = device.results(bytes);
    let vectors = row / 16;
    let buffers = [
        &chunk.pixels,
        &device.filled("draws", &order, Usage::STORAGE),
        &device.filled("segments", &segments, Usage::STORAGE),
        &sums,
        &device.filled("parameters", &[vectors as u32, 0, 0, 0], Usage::UNIFORM),
    ];
    let bindings = kernel.bind(device, &buffers);
    let mut submission = Submission::new(device, 1, bytes);
    submission.clear(&sums);
    let workgroups = [segments.len() as u32, kernel.workgroups(vectors)];
    submission.pass(kernel, &bindings, workgroups);
    submission.read(&sums, bytes);
    let take = |read: &[u8]| {
        let sums: &[u32] = bytemuck::cast_slice(read);
        let of_parts = sums.chunks_exact(classes * row).enumerate();
        of_parts.for_each(|(part, sums)| add(part, sums));
    };
    Ok(submission.finish(take)?.1)
}
