//! A question on its way through the device.

use std::ops::Range;
use std::sync::PoisonError;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use super::bounds::{FAR, Scale, slices_to_a_block};
use super::classes::Classes;
use super::found::Found;
use super::samples::{Chunk, FloatSamples, Row};
use super::tiles::{self, CLASSES, DEPTH, SAMPLES, padded};
use super::work::{Limits, Work};
use crate::backends::gpu::device::Device;
use crate::backends::gpu::kernel::Kernel;
use crate::backends::gpu::submission::Submission;
use crate::backends::timings::Timings;
use crate::classifier::float_exact::FloatQuestion;
use crate::error::Result;

/// What stands for no class in `left_out` and `own`.
const NO_CLASS: u32 = u32::MAX;

/// How a sample's scores are scaled, as the shader has it.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct SampleScale {
    offset_factor: f32,
    product_factor: f32,
    displacement: f32,
    norm: f32,
    left_out: u32,
    own: u32,
    own_low: f32,
    own_high: f32,
}

/// The shader's parameters, padded to the alignment of uniform buffers.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Parameters {
    first_tile: u32,
    slices: u32,
    slices_to_a_block: u32,
    first_class_tile: u32,
    end_class_tile: u32,
    tiles_each: u32,
    first_class: u32,
    padding: u32,
}

/// What a question needs there.
pub(super) struct Stage<'a> {
    samples: &'a FloatSamples<'a>,
    kernel: &'a Kernel,
    limits: &'a Limits,
    question: &'a FloatQuestion<'a>,
    /// Whether the place of each sample's own class is asked for.
    counts: bool,
    classes: Classes<'a>,
    timings: Timings,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        samples: &'a FloatSamples<'a>,
        kernel: &'a Kernel,
        limits: &'a Limits,
        question: &'a FloatQuestion<'a>,
        counts: bool,
    ) -> Result<Self> {
        let bytes = Classes::tile_len(samples.features.dim()) * size_of::<f32>();
        let device = &samples.gpu.device;
        device.check_binding("the means of 16 classes", bytes as u64)?;
        Ok(Self {
            samples,
            kernel,
            limits,
            question,
            counts,
            classes: Classes::new(question, &samples.origin),
            timings: Timings::default(),
        })
    }

    fn device(&self) -> &'a Device {
        &self.samples.gpu.device
    }

    /// Asks a range of classes after the other.
    pub(super) fn answers(mut self, labels: &[u16]) -> Result<(Vec<Found>, Timings)> {
        let own = self.own_scores(labels);
        let scales: Vec<wgpu::Buffer> = (self.samples.chunks.iter())
            .map(|chunk| {
                let scales = self.scales(chunk, labels, &own);
                self.device().filled("scales", &scales, Usage::STORAGE)
            })
            .collect();
        let len = Classes::tile_len(self.samples.features.dim());
        let bytes = len as u64 * size_of::<f32>() as u64;
        let at_once = self.device().most_bound().min(self.limits.class_bytes) / bytes;
        let at_once = (at_once.max(1) as usize).min(self.classes.tiles());
        let usage = Usage::STORAGE | Usage::COPY_DST;
        let buffer = self
            .device()
            .buffer("classes", at_once as u64 * bytes, usage);
        let mut found = self.before(labels, &own);
        for range in self.classes.ranges(at_once) {
            self.upload(&range, &buffer)?;
            for (chunk, scales) in self.samples.chunks.iter().zip(&scales) {
                let found = &mut found[chunk.first..][..chunk.rows.len()];
                self.ask(chunk, scales, &range, &buffer, found)?;
            }
        }
        Ok((found, self.timings))
    }

    fn upload(&self, range: &Range<usize>, buffer: &wgpu::Buffer) -> Result<()> {
        let gpu = self.samples.gpu;
        let len = Classes::tile_len(self.samples.features.dim());
        let make =
            |tile: usize, values: &mut [f32]| self.classes.write_tile(range.start + tile, values);
        let mut staging = gpu.staging.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = gpu.pieces.staging_bytes;
        let tiles = (range.len(), len);
        tiles::upload(&gpu.device, &mut staging, bytes, tiles, buffer, make)
    }

    /// Goes through a range of tiles of classes with all samples of a chunk, and adds what
    /// is found of each.
    fn ask(
        &mut self,
        chunk: &Chunk,
        scales: &wgpu::Buffer,
        range: &Range<usize>,
        classes: &wgpu::Buffer,
        found: &mut [Found],
    ) -> Result<()> {
        let device = self.device();
        let dim = self.samples.features.dim();
        let tiles = [chunk.tiles(), range.len()];
        let work = Work::new(self.limits, padded(dim), tiles, device.most_workgroups());
        let batches = found.chunks_mut(work.sample_tiles * SAMPLES);
        for (first_tile, batch) in (0..).step_by(work.sample_tiles).zip(batches) {
            for first in (0..range.len()).step_by(work.class_tiles) {
                let end = range.len().min(first + work.class_tiles);
                let parameters = Parameters {
                    first_tile,
                    slices: (padded(dim) / DEPTH) as u32,
                    slices_to_a_block: slices_to_a_block(dim) as u32,
                    first_class_tile: first as u32,
                    end_class_tile: end as u32,
                    tiles_each: work.tiles_each as u32,
                    first_class: (range.start * CLASSES) as u32,
                    padding: 0,
                };
                let tiles = batch.len().div_ceil(SAMPLES);
                let ranges = work.ranges(end - first);
                let read = (ranges * tiles * SAMPLES * size_of::<Found>()) as u64;
                let results = device.results(read);
                let parameters = device.filled("parameters", &[parameters], Usage::UNIFORM);
                let buffers = [&chunk.values, classes, scales, &results, &parameters];
                let bindings = self.kernel.bind(device, &buffers);
                let mut submission = Submission::new(device, 1, read);
                submission.pass(self.kernel, &bindings, [tiles as u32, ranges as u32]);
                submission.read(&results, read);
                let take = |read: &[u8]| {
                    let read: &[Found] = bytemuck::cast_slice(read);
                    let parts = batch.par_chunks_mut(SAMPLES).enumerate();
                    parts.for_each(|(tile, part)| {
                        for of_range in read.chunks_exact(tiles * SAMPLES) {
                            let of_part = &of_range[tile * SAMPLES..];
                            let both = part.iter_mut().zip(of_part);
                            both.for_each(|(found, other)| found.add(other));
                        }
                    });
                };
                self.timings.merge(&submission.finish(take)?.1);
            }
        }
        Ok(())
    }

    /// How the scores of a chunk are scaled, with zeros up to a whole tile.
    fn scales(&self, chunk: &Chunk, labels: &[u16], own: &[Option<[f32; 2]>]) -> Vec<SampleScale> {
        let of_chunk = chunk.first..chunk.first + chunk.rows.len();
        let (labels, own) = (&labels[of_chunk.clone()], own.get(of_chunk));
        let leaves_one_out = self.question.leaves_one_out();
        let scale = |(index, row): (usize, &Row)| {
            let scale = Scale::new(row, self.classes.offset_exponent);
            let label = u32::from(labels[index]);
            let own = own.and_then(|own| own[index]).filter(|_| self.counts);
            // No score is below that.
            let [own_low, own_high] = own.unwrap_or([-FAR; 2]);
            SampleScale {
                offset_factor: scale.offset_factor,
                product_factor: scale.product_factor,
                displacement: scale.displacement,
                norm: scale.norm,
                left_out: if leaves_one_out { label } else { NO_CLASS },
                own: if own.is_some() { label } else { NO_CLASS },
                own_low,
                own_high,
            }
        };
        let rows = chunk.rows.par_iter().enumerate();
        let mut scales: Vec<SampleScale> = rows.map(scale).collect();
        scales.resize(chunk.tiles() * SAMPLES, SampleScale::zeroed());
        scales
    }

    /// The bounds of the score of each sample's own class, without the sample where it is left
    /// out, as the device has them; `None` where that class cannot be nearest. Empty where
    /// nothing depends on them.
    fn own_scores(&self, labels: &[u16]) -> Vec<Option<[f32; 2]>> {
        if !self.counts && !self.question.leaves_one_out() {
            return Vec::new();
        }
        let rows = self.samples.chunks.par_iter().flat_map(|chunk| &chunk.rows);
        let rows: Vec<&Row> = rows.collect();
        let classes = self.question.sums().classes();
        let of_row = |(index, row): (usize, &&Row)| {
            let (label, values) = (labels[index], self.samples.features.row(index));
            let vectors = [&self.classes.centre[..], &self.classes.common];
            let exists = usize::from(label) < classes;
            let bounds = exists.then(|| self.question.own_score(vectors, values, label));
            let scale = Scale::new(row, self.classes.offset_exponent);
            Some(scale.bounds(bounds??, self.classes.exponent))
        };
        rows.par_iter().enumerate().map(of_row).collect()
    }

    /// What is known of each sample before the device is asked: where it is left out of its
    /// own class, the score of that.
    fn before(&self, labels: &[u16], own: &[Option<[f32; 2]>]) -> Vec<Found> {
        let leaves_one_out = self.question.leaves_one_out();
        let of_sample = |(index, &label): (usize, &u16)| match own.get(index) {
            None => Found::NOTHING,
            Some(None) => Found::NOTHING.behind_all(),
            Some(&Some(bounds)) if leaves_one_out => Found::of(label, bounds),
            Some(_) => Found::NOTHING,
        };
        labels.iter().enumerate().map(of_sample).collect()
    }
}
