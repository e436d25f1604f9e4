//! Host side of `shaders/float_nearest.wgsl`: the nearest class of each sample of floats.
//!
//! | file | what it has |
//! |---|---|
//! | `samples.rs` | samples on the device, once for any number of questions |
//! | `classes.rs` | the classes of a question |
//! | `bounds.rs` | what a score can be off by, and why |
//! | `rounding.rs` | vectors rounded to `f32`, and bounds rounded upward |
//! | `own.rs` | leave-one-out |
//! | `tiles.rs` | the layout of both on the device |
//! | `work.rs` | how the work is cut into dispatches |
//! | `known.rs` | a question with known answers, before the kernel is believed |

mod bounds;
mod classes;
mod known;
mod own;
mod rounding;
mod samples;
#[cfg(test)]
mod tests;
mod tiles;
mod work;
#[cfg(test)]
mod wrong;

use std::ops::Range;
use std::sync::PoisonError;

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use self::bounds::{FAR, FLUSHED, Scale, slices_to_a_block};
use self::classes::Classes;
use self::samples::{Chunk, Row};
use self::tiles::{DEPTH, TILE, padded};
use self::work::{Limits, Work};
use super::Gpu;
use super::device::Device;
use super::kernel::{Binding, Kernel, Shader};
use super::submission::Submission;
use crate::backends::timings::Timings;
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::predictions::Decision;
use crate::error::{Error, Result};

pub use self::samples::FloatSamples;

/// Invocations per workgroup: each has four samples and four classes of a tile.
pub const WORKGROUP_SIZE: u32 = 256;

const _: () = assert!(WORKGROUP_SIZE as usize * 4 * 4 == TILE * TILE);

/// The shader.
pub const SHADER: Shader = Shader {
    name: "float_nearest",
    source: include_str!("../../../../shaders/float_nearest.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::ReadWrite,
        Binding::Uniform,
    ],
    workgroup_size: WORKGROUP_SIZE,
    constants: &[
        ("DOUBTFUL", Decision::DOUBTFUL as f64),
        ("FAR", FAR as f64),
        ("FLUSHED", FLUSHED),
    ],
};

/// What stands for no class in `left_out`.
const NO_CLASS: u32 = u32::MAX;

/// A sample in a question, as the shader has it.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct State {
    offset_factor: f32,
    product_factor: f32,
    displacement: f32,
    norm: f32,
    left_out: u32,
    low: f32,
    second: f32,
    reach: f32,
    class: u32,
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
    first_class: u32,
    padding: [u32; 2],
}

/// The kernel, compiled where it is first needed: images do without it.
pub(super) fn kernel(gpu: &Gpu) -> Result<&Kernel> {
    if let Some(kernel) = gpu.float_nearest.get() {
        return Ok(kernel);
    }
    let kernel = gpu.device.run(|| Ok(Kernel::new(&gpu.device, &SHADER)))?;
    known::check(gpu, &kernel)?;
    Ok(gpu.float_nearest.get_or_init(|| kernel))
}

impl FloatSamples<'_> {
    /// The nearest class of each sample, as far as the device can tell. Labels are looked
    /// at for leave-one-out alone. Where no class can be nearest, that is doubtful.
    ///
    /// # Errors
    /// When the dims differ, the number of labels differs from that of samples, a sample
    /// that is to be left out has no class, the classes are more than the device can bind,
    /// the kernel is wrong, or the device fails.
    pub fn nearest(&self, labels: &[u16], question: &FloatQuestion<'_>) -> Result<Vec<Decision>> {
        Ok(self.timed_nearest(labels, question)?.0)
    }

    /// As [`nearest`](Self::nearest), and how long the device took.
    ///
    /// # Errors
    /// The same.
    pub fn timed_nearest(
        &self,
        labels: &[u16],
        question: &FloatQuestion<'_>,
    ) -> Result<(Vec<Decision>, Timings)> {
        self.answered_by(kernel(self.gpu)?, &Limits::default(), labels, question)
    }

    fn answered_by(
        &self,
        kernel: &Kernel,
        limits: &Limits,
        labels: &[u16],
        question: &FloatQuestion<'_>,
    ) -> Result<(Vec<Decision>, Timings)> {
        self.check(labels, question)?;
        let device = &self.gpu.device;
        device.run(|| Stage::new(self, kernel, limits, question)?.answers(labels))
    }

    fn check(&self, labels: &[u16], question: &FloatQuestion<'_>) -> Result<()> {
        let (dim, count) = (question.sums().dim(), question.sums().classes());
        if self.features.dim() != dim || self.features.len() != labels.len() {
            return Err(Error::Invalid(format!(
                "{} samples of {} values with {} labels, for means of {dim} values",
                self.features.len(),
                self.features.dim(),
                labels.len()
            )));
        }
        let unknown = labels.iter().find(|&&label| usize::from(label) >= count);
        match unknown.filter(|_| question.leaves_one_out()) {
            Some(label) => Err(Error::Invalid(format!(
                "a sample of class {label} cannot be left out of {count} classes"
            ))),
            None => Ok(()),
        }
    }
}

/// A question on its way through the device.
struct Stage<'a> {
    samples: &'a FloatSamples<'a>,
    kernel: &'a Kernel,
    limits: &'a Limits,
    question: &'a FloatQuestion<'a>,
    classes: Classes<'a>,
    timings: Timings,
}

impl<'a> Stage<'a> {
    fn new(
        samples: &'a FloatSamples<'a>,
        kernel: &'a Kernel,
        limits: &'a Limits,
        question: &'a FloatQuestion<'a>,
    ) -> Result<Self> {
        let bytes = Classes::tile_len(samples.features.dim()) * size_of::<f32>();
        let device = &samples.gpu.device;
        device.check_binding("the means of 64 classes", bytes as u64)?;
        Ok(Self {
            samples,
            kernel,
            limits,
            question,
            classes: Classes::new(question, &samples.origin),
            timings: Timings::default(),
        })
    }

    fn device(&self) -> &'a Device {
        &self.samples.gpu.device
    }

    /// Asks a range of classes after the other; what is known so far stays on the device.
    fn answers(mut self, labels: &[u16]) -> Result<(Vec<Decision>, Timings)> {
        let states: Vec<wgpu::Buffer> = self
            .samples
            .chunks
            .iter()
            .map(|chunk| {
                let states = self.states(chunk, labels);
                self.device().filled("states", &states, Usage::STORAGE)
            })
            .collect();
        let len = Classes::tile_len(self.samples.features.dim());
        let bytes = len as u64 * size_of::<f32>() as u64;
        let at_once =
            (self.device().most_bound().min(self.limits.class_bytes) / bytes).max(1) as usize;
        let at_once = at_once.min(self.classes.tiles());
        let usage = Usage::STORAGE | Usage::COPY_DST;
        let buffer = self
            .device()
            .buffer("classes", at_once as u64 * bytes, usage);
        let mut answers = Vec::with_capacity(labels.len());
        for range in self.classes.ranges(at_once) {
            self.upload(&range, &buffer)?;
            answers.clear();
            for (chunk, states) in self.samples.chunks.iter().zip(&states) {
                self.ask(chunk, states, &range, &buffer, &mut answers)?;
            }
        }
        Ok((answers, self.timings))
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

    /// Goes through a range of tiles of classes with all samples of a chunk.
    fn ask(
        &mut self,
        chunk: &Chunk,
        states: &wgpu::Buffer,
        range: &Range<usize>,
        classes: &wgpu::Buffer,
        answers: &mut Vec<Decision>,
    ) -> Result<()> {
        let device = self.device();
        let dim = self.samples.features.dim();
        let work = Work::new(
            self.limits,
            padded(dim),
            range.len(),
            device.most_workgroups(),
        );
        let decision_bytes = size_of::<Decision>();
        for first in (0..chunk.tiles()).step_by(work.sample_tiles) {
            let tiles = work.sample_tiles.min(chunk.tiles() - first);
            let rows = (chunk.rows.len() - first * TILE).min(tiles * TILE);
            let decisions = device.results((tiles * TILE * decision_bytes) as u64);
            let passes = range.len().div_ceil(work.class_tiles);
            let read = (rows * decision_bytes) as u64;
            let mut submission = Submission::new(device, passes, read);
            for tile in (0..range.len()).step_by(work.class_tiles) {
                let parameters = Parameters {
                    first_tile: first as u32,
                    slices: (padded(dim) / DEPTH) as u32,
                    slices_to_a_block: slices_to_a_block(dim) as u32,
                    first_class_tile: tile as u32,
                    end_class_tile: range.len().min(tile + work.class_tiles) as u32,
                    first_class: (range.start * TILE) as u32,
                    padding: [0; 2],
                };
                let parameters = device.filled("parameters", &[parameters], Usage::UNIFORM);
                let buffers = [&chunk.values, classes, states, &decisions, &parameters];
                let bindings = self.kernel.bind(device, &buffers);
                submission.pass(self.kernel, &bindings, [tiles as u32, 1]);
            }
            submission.read(&decisions, read);
            let take = |read: &[u8]| answers.extend_from_slice(bytemuck::cast_slice(read));
            self.timings.merge(&submission.finish(take)?.1);
        }
        Ok(())
    }

    /// What each sample of a chunk begins with, and zeros up to a whole tile.
    fn states(&self, chunk: &Chunk, labels: &[u16]) -> Vec<State> {
        let labels = &labels[chunk.first..][..chunk.rows.len()];
        let mut states: Vec<State> = (chunk.rows.par_iter().zip(labels).enumerate())
            .map(|(index, (row, &label))| self.state(chunk.first + index, row, label))
            .collect();
        states.resize(chunk.tiles() * TILE, State::zeroed());
        states
    }

    fn state(&self, index: usize, row: &Row, label: u16) -> State {
        let scale = Scale::new(row, self.classes.offset_exponent);
        let mut state = State {
            offset_factor: scale.offset_factor,
            product_factor: scale.product_factor,
            displacement: scale.displacement,
            norm: scale.norm,
            left_out: NO_CLASS,
            low: FAR,
            second: FAR,
            reach: FAR,
            class: 0,
        };
        if self.question.leaves_one_out() {
            state.left_out = label.into();
            let row = self.samples.features.row(index);
            if let Some(bounds) = own::score(self.question, &self.classes, row, label) {
                [state.low, state.reach] = scale.bounds(bounds, self.classes.exponent);
                state.class = label.into();
            }
        }
        state
    }
}
