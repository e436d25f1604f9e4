//! Twin of `shaders/distances.wgsl`: images × class means → squared distances
//! in the same fixed point, equal in every bit.

use multiversion::multiversion;

use crate::fixed_point::{FRACTION_BITS, FixedMeans, SQUARED_BITS};

/// Pixels whose products fit a signed 32-bit sum: 256 · 255 · 32,640 < 2³¹.
const BLOCK: usize = 256;

/// For each image of `pixels` its squared distance to each class mean, image
/// after image, in units of 2⁻¹⁴. A class without images counts as a mean of zeros.
#[multiversion(targets = "simd")]
pub fn squared_distances(means: &FixedMeans, pixels: &[u8], squared: &mut [u64]) {
    let classes = means.classes();
    let dim = means.mean(0).len();
    let mut wide = vec![0_i16; dim];
    for (image, squared) in pixels
        .chunks_exact(dim)
        .zip(squared.chunks_exact_mut(classes))
    {
        wide.iter_mut()
            .zip(image)
            .for_each(|(wide, &pixel)| *wide = i16::from(pixel));
        let squared_norm = dot(&wide, &wide) << SQUARED_BITS;
        for (class, squared) in squared.iter_mut().enumerate() {
            let product = dot(&wide, means.mean(class)) << (FRACTION_BITS + 1);
            *squared = squared_norm + means.squared_norms()[class] - product;
        }
    }
}

/// The dot product of an image with values of at most 15 bits.
#[inline(always)]
fn dot(image: &[i16], other: &[i16]) -> u64 {
    let product = |(&a, &b): (&i16, &i16)| i32::from(a) * i32::from(b);
    let block = |(a, b): (&[i16], &[i16])| a.iter().zip(b).map(product).sum::<i32>() as u64;
    image
        .chunks(BLOCK)
        .zip(other.chunks(BLOCK))
        .map(block)
        .sum()
}
