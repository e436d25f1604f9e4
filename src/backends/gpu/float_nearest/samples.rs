//! Samples on the device, and what the host keeps of each: its scale, and bounds.

use std::sync::PoisonError;

use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use super::rounding::{OF_ZERO, Rounded, UNIT, exponent, norm};
use super::tiles::{self, SAMPLES, padded};
use crate::backends::gpu::Gpu;
use crate::data::Features;
use crate::error::Result;

/// Samples as they are on the device, x − o scaled and rounded, for any number of questions.
pub struct FloatSamples<'a> {
    pub(super) gpu: &'a Gpu,
    pub(super) features: &'a Features,
    /// o: the mean of the samples, rounded. Any o gives the same answers; this one makes
    /// vectors short, and so their rounding small.
    pub(super) origin: Vec<f32>,
    pub(super) chunks: Vec<Chunk>,
}

/// Samples that fit one binding.
pub(super) struct Chunk {
    /// The index of the first one.
    pub(super) first: usize,
    pub(super) rows: Vec<Row>,
    /// Tiles of them.
    pub(super) values: wgpu::Buffer,
}

impl Chunk {
    pub(super) fn tiles(&self) -> usize {
        self.rows.len().div_ceil(SAMPLES)
    }
}

/// x = (x − o)·2⁻ᵉ as it is on the device, x̂.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// e, for which ‖x‖ is below 1.
    pub(super) exponent: i32,
    /// At least ‖x̂‖,
    pub(super) norm: f64,
    /// and ‖x − x̂‖.
    pub(super) displacement: f64,
}

impl<'a> FloatSamples<'a> {
    /// Uploads samples.
    ///
    /// # Errors
    /// When a tile of them is more than the device can bind, and when it fails.
    pub fn upload(gpu: &'a Gpu, features: &'a Features) -> Result<Self> {
        let mut samples = Self {
            gpu,
            features,
            origin: origin(features),
            chunks: Vec::new(),
        };
        let len = padded(features.dim()) * SAMPLES;
        let tile_bytes = (len * size_of::<f32>()) as u64;
        gpu.device.check_binding("256 samples", tile_bytes)?;
        let by_binding = usize::try_from(gpu.device.most_bound() / tile_bytes);
        let rows = by_binding.unwrap_or(usize::MAX).saturating_mul(SAMPLES);
        let tiles = gpu.pieces.chunk_images.div_ceil(SAMPLES).max(1);
        let rows = rows.min(tiles.saturating_mul(SAMPLES));
        samples.chunks = gpu.device.run(|| {
            let firsts = (0..features.len()).step_by(rows);
            firsts
                .map(|first| samples.chunk(first, rows.min(features.len() - first)))
                .collect()
        })?;
        Ok(samples)
    }

    fn chunk(&self, first: usize, rows: usize) -> Result<Chunk> {
        let (gpu, device) = (self.gpu, &self.gpu.device);
        let (tiles, len) = (
            rows.div_ceil(SAMPLES),
            padded(self.features.dim()) * SAMPLES,
        );
        let usage = Usage::STORAGE | Usage::COPY_DST;
        let values = device.buffer("samples", (tiles * len * size_of::<f32>()) as u64, usage);
        let kept = std::sync::Mutex::new(vec![Row::default(); rows]);
        let make = |tile: usize, values: &mut [f32]| {
            let mine = tile * SAMPLES..rows.min((tile + 1) * SAMPLES);
            let made: Vec<Row> = mine
                .clone()
                .enumerate()
                .map(|(index, row)| {
                    let row = self.features.row(first + row);
                    self.row(row, |place, value| values[place * SAMPLES + index] = value)
                })
                .collect();
            kept.lock().unwrap_or_else(PoisonError::into_inner)[mine].copy_from_slice(&made);
        };
        let mut staging = gpu.staging.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = gpu.pieces.staging_bytes;
        tiles::upload(device, &mut staging, bytes, (tiles, len), &values, make)?;
        Ok(Chunk {
            first,
            rows: kept.into_inner().unwrap_or_else(PoisonError::into_inner),
            values,
        })
    }

    /// Scales and rounds x − o.
    fn row(&self, row: &[f32], write: impl FnMut(usize, f32)) -> Row {
        let origin = self.origin.iter();
        let shifted = row.iter().zip(origin);
        let shifted: Vec<f64> = shifted
            .map(|(&x, &o)| f64::from(x) - f64::from(o))
            .collect();
        let length = norm(shifted.iter().copied());
        // ‖x‖ is below 1 with what rounding does to it.
        let exponent = exponent(length * (1.0 + 4.0 * UNIT));
        if exponent == OF_ZERO {
            let exponent = OF_ZERO;
            return Row {
                exponent,
                ..Row::default()
            };
        }
        let rounded = Rounded::new(&shifted, -exponent, write);
        Row {
            exponent,
            norm: rounded.norm,
            // The difference from o is rounded.
            displacement: rounded.displacement + 4.0 * UNIT * rounded.norm,
        }
    }
}

/// The mean of all rows, as floats; the same on every machine.
fn origin(features: &Features) -> Vec<f32> {
    /// Parts that are added up side by side.
    const PARTS: usize = 64;
    let dim = features.dim();
    let of_part = |rows: &[f32]| {
        let mut sum = vec![0.0; dim];
        for row in rows.chunks_exact(dim) {
            let values = row.iter().map(|&value| f64::from(value));
            sum.iter_mut()
                .zip(values)
                .for_each(|(sum, value)| *sum += value);
        }
        sum
    };
    let rows = features.len().div_ceil(PARTS);
    let parts = features.values().par_chunks(rows * dim).map(of_part);
    let parts: Vec<Vec<f64>> = parts.collect();
    let mean = |column: usize| {
        let sum = parts.iter().fold(0.0, |sum, part| sum + part[column]);
        (sum / features.len() as f64) as f32
    };
    (0..dim).map(mean).collect()
}
