//! Host side of `shaders/distances.wgsl`.

use bytemuck::{Pod, Zeroable};
use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use super::chunk::{Chunk, row_bytes};
use super::device::Device;
use super::kernel::{Binding, Kernel, Shader};
use super::pool::Lease;
use super::submission::Submission;
use crate::classifier::fixed_point::{FRACTION_BITS, FixedMeans};
use crate::error::Result;

/// Images per workgroup, one per invocation. Every workgroup reads all means, so
/// larger workgroups read them less often.
pub const WORKGROUP_SIZE: u32 = 256;

/// The most vectors of 16 pixels whose products fit a 32-bit sum in the shader.
const STRETCH: usize = 4096;

const _: () = assert!(STRETCH as u64 * 16 * 255 * 255 <= u32::MAX as u64);

/// The shader.
pub const SHADER: Shader = Shader {
    name: "distances",
    source: include_str!("../../../shaders/distances.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::Uniform,
    ],
    workgroup_size: WORKGROUP_SIZE,
    constants: &[("FRACTION_BITS", FRACTION_BITS as f64)],
};

/// Classes per invocation.
const CLASS_GROUP: usize = 10;

/// The shader's parameters, padded to the alignment of uniform buffers.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Parameters {
    first_image: u32,
    images: u32,
    vectors: u32,
    classes: u32,
    class_groups: u32,
    first_vector: u32,
    end_vector: u32,
    padding: u32,
}

/// The means of a group of classes for four pixels: for each class one word of low
/// limbs and one word of high limbs.
#[derive(Clone, Copy, Default, Pod, Zeroable)]
#[repr(C)]
struct MeanWord {
    limbs: [[u32; 2]; CLASS_GROUP],
}

/// The means of models on the device, and a buffer for the squared distances of a batch
/// of images.
pub(super) struct Stage<'a> {
    device: &'a Device,
    kernel: &'a Kernel,
    models: usize,
    classes: usize,
    vectors: usize,
    means: wgpu::Buffer,
    squared_norms: wgpu::Buffer,
    /// `models × classes × images` pairs of words, low word first.
    pub squared: Lease<'a>,
    /// Images per batch.
    pub batch: usize,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        device: &'a Device,
        kernel: &'a Kernel,
        means: &[FixedMeans],
        dim: usize,
        images: usize,
        distance_bytes: usize,
    ) -> Result<Self> {
        let (models, classes) = (means.len(), means[0].classes());
        let words = row_bytes(dim) / 4;
        let bytes = models * classes.div_ceil(CLASS_GROUP) * words * size_of::<MeanWord>();
        device.check_binding("the class means", bytes as u64)?;
        let of_models: Vec<_> = means
            .par_iter()
            .map(|means| mean_words(means, words))
            .collect();
        let words = of_models.concat();
        let norms: Vec<[u32; 2]> = means
            .iter()
            .flat_map(FixedMeans::squared_norms)
            .map(|&norm| [norm as u32, (norm >> 32) as u32])
            .collect();
        let batch = (distance_bytes / (models * classes * 8)).clamp(1, images);
        Ok(Self {
            device,
            kernel,
            models,
            classes,
            vectors: row_bytes(dim) / 16,
            means: device.filled("means", &words, Usage::STORAGE),
            squared_norms: device.filled("squared norms", &norms, Usage::STORAGE),
            squared: device.results((batch * models * classes * 8) as u64),
            batch,
        })
    }

    /// The batches of a chunk, as (first image in the chunk, number of images).
    pub(super) fn batches(&self, chunk: &Chunk) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (images, batch) = (chunk.images, self.batch);
        (0..images)
            .step_by(batch)
            .map(move |first| (first, batch.min(images - first)))
    }

    /// Passes per batch: large images are computed in stretches.
    pub(super) fn passes(&self) -> usize {
        self.vectors.div_ceil(STRETCH)
    }

    /// Records the computation of one batch's squared distances.
    pub(super) fn record(
        &self,
        submission: &mut Submission<'_>,
        chunk: &Chunk<'_>,
        batch: (usize, usize),
    ) {
        let class_groups = self.classes.div_ceil(CLASS_GROUP) as u32;
        let all_groups = self.models as u32 * class_groups;
        for first in (0..self.vectors).step_by(STRETCH) {
            let parameters = Parameters {
                first_image: batch.0 as u32,
                images: batch.1 as u32,
                vectors: self.vectors as u32,
                classes: self.classes as u32,
                class_groups,
                first_vector: first as u32,
                end_vector: self.vectors.min(first + STRETCH) as u32,
                padding: 0,
            };
            let parameters = self
                .device
                .filled("parameters", &[parameters], Usage::UNIFORM);
            let buffers = [
                &chunk.pixels,
                &self.means,
                &self.squared_norms,
                &self.squared,
                &parameters,
            ];
            let bindings = self.kernel.bind(self.device, &buffers);
            submission.pass(
                self.kernel,
                &bindings,
                [self.kernel.workgroups(batch.1), all_groups],
            );
        }
    }
}

/// The means in the layout that the shader reads: ten classes side by side.
fn mean_words(means: &FixedMeans, words: usize) -> Vec<MeanWord> {
    let mut packed = vec![MeanWord::default(); means.classes().div_ceil(CLASS_GROUP) * words];
    for class in 0..means.classes() {
        let row = &mut packed[class / CLASS_GROUP * words..][..words];
        for (word, pixels) in row.iter_mut().zip(means.mean(class).chunks(4)) {
            for (place, &pixel) in pixels.iter().enumerate() {
                let [low, high] = pixel.to_le_bytes();
                let limbs = &mut word.limbs[class % CLASS_GROUP];
                limbs[0] |= u32::from(low) << (8 * place);
                limbs[1] |= u32::from(high) << (8 * place);
            }
        }
    }
    packed
}

/// The most models whose means one binding and one dispatch hold; at least one.
pub(super) fn most_models(device: &Device, classes: usize, dim: usize) -> usize {
    let class_groups = classes.div_ceil(CLASS_GROUP);
    let bytes = class_groups * row_bytes(dim) / 4 * size_of::<MeanWord>();
    let by_binding = device.most_bound() as usize / bytes;
    by_binding
        .min(device.most_workgroups() / class_groups)
        .max(1)
}

/// Converts the squared distances of a batch to one model to numbers, image by image.
pub(super) fn squared<'a>(
    bytes: &'a [u8],
    means: &'a FixedMeans,
) -> impl Iterator<Item = f64> + 'a {
    let pairs: &[[u32; 2]] = bytemuck::cast_slice(bytes);
    let images = pairs.len() / means.classes();
    (0..images).flat_map(move |image| {
        (0..means.classes()).map(move |class| {
            let [low, high] = pairs[class * images + image];
            match means.is_present(class) {
                true => FixedMeans::to_squared_distance(u64::from(high) << 32 | u64::from(low)),
                false => f64::INFINITY,
            }
        })
    })
}
