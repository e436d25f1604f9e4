//! CPU counterpart of `shaders/distances.wgsl`: images × class means → squared
//! distances in the same fixed point, equal in every bit.
//!
//! Distances do not change when images and means are shifted alike, so both are
//! centred: 128 grey levels are subtracted from pixels and from means. This halves
//! their magnitude, so that a 32-bit sum holds the products of four times as many
//! pixels.

use multiversion::multiversion;

use crate::classifier::fixed_point::{FRACTION_BITS, FixedMeans, NOTHING, SQUARED_BITS};

/// The grey level that is shifted to zero.
const CENTRE: i16 = 128;

/// The most pixels whose products fit a signed 32-bit sum: 1,008 · 128 · 2¹⁴ < 2³¹.
const BLOCK: usize = 1008;

/// The class means in the form this stage reads.
#[derive(Clone, Debug)]
pub struct CentredMeans {
    dim: usize,
    /// `classes × dim` centred means.
    means: Vec<i16>,
    squared_norms: Vec<i64>,
    present: Vec<bool>,
}

impl CentredMeans {
    /// Centres the means of a model.
    pub fn new(fixed: &FixedMeans) -> Self {
        let dim = fixed.mean(0).len();
        let centred = |class| {
            fixed
                .mean(class)
                .iter()
                .map(|&mean| mean - (CENTRE << FRACTION_BITS))
        };
        let means: Vec<i16> = (0..fixed.classes()).flat_map(centred).collect();
        let squared_norms = means.chunks_exact(dim).map(squared_norm).collect();
        let present = (0..fixed.classes())
            .map(|class| fixed.is_present(class))
            .collect();
        Self {
            dim,
            means,
            squared_norms,
            present,
        }
    }
}

fn squared_norm(mean: &[i16]) -> i64 {
    mean.iter()
        .map(|&mean| i64::from(mean) * i64::from(mean))
        .sum()
}

/// The squared distance of each image in `pixels` to each class mean, image by
/// image, in units of 2⁻¹⁴; [`NOTHING`] for a class without images. Uses the widest
/// SIMD vectors the processor has.
#[multiversion(targets = "simd")]
pub fn squared_distances(means: &CentredMeans, pixels: &[u8], squared: &mut [u64]) {
    squared_distances_portably(means, pixels, squared);
}

/// The same for the baseline instruction set.
#[inline(always)]
pub fn squared_distances_portably(means: &CentredMeans, pixels: &[u8], squared: &mut [u64]) {
    let mut centred = vec![0_i16; means.dim];
    let images = pixels.chunks_exact(means.dim);
    for (image, squared) in images.zip(squared.chunks_exact_mut(means.present.len())) {
        centred
            .iter_mut()
            .zip(image)
            .for_each(|(centred, &pixel)| *centred = i16::from(pixel) - CENTRE);
        let image_norm = dot(&centred, &centred) << SQUARED_BITS;
        for (class, squared) in squared.iter_mut().enumerate() {
            let mean = &means.means[class * means.dim..][..means.dim];
            let product = dot(&centred, mean) << (FRACTION_BITS + 1);
            let distance = image_norm + means.squared_norms[class] - product;
            *squared = if means.present[class] {
                distance.cast_unsigned()
            } else {
                NOTHING
            };
        }
    }
}

/// The dot product of a centred image with a centred image or mean.
#[inline(always)]
fn dot(image: &[i16], other: &[i16]) -> i64 {
    let product = |(&a, &b): (&i16, &i16)| i32::from(a) * i32::from(b);
    let block = |(a, b): (&[i16], &[i16])| i64::from(a.iter().zip(b).map(product).sum::<i32>());
    image
        .chunks(BLOCK)
        .zip(other.chunks(BLOCK))
        .map(block)
        .sum()
}
