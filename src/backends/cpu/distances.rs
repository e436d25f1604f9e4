//! CPU counterpart of `shaders/distances.wgsl`: images × class means → squared
//! distances in the same fixed point, equal in every bit.
//!
//! Distances do not change when images and means are shifted alike, so both are
//! centred: 128 grey levels are subtracted from pixels and from means. This halves
//! their magnitude, so that a 32-bit sum holds the products of four times as many
//! pixels.

#[cfg(target_arch = "x86_64")]
use super::x86::distances as x86;
use multiversion::{multiversion, target::match_target};

use crate::classifier::fixed_point::{FRACTION_BITS, FixedMeans, NOTHING, SQUARED_BITS};

/// The grey level that is shifted to zero.
pub const CENTRE: i16 = 128;

/// The most pixels whose products fit a signed 32-bit sum: 1,008 · 128 · 2¹⁴ < 2³¹.
pub const BLOCK: usize = 1008;

/// The class means in the form this stage reads.
#[derive(Clone, Debug)]
pub struct CentredMeans {
    dim: usize,
    /// `classes × dim` centred means.
    means: Vec<i16>,
    /// The same for vectors: slices of ten classes, then the slices of the next ten.
    #[cfg(target_arch = "x86_64")]
    slices: Vec<x86::Slice>,
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
            #[cfg(target_arch = "x86_64")]
            slices: means
                .chunks(dim * x86::CLASSES)
                .flat_map(|means| x86::slices(means, dim))
                .collect(),
            means,
            squared_norms,
            present,
        }
    }

    /// The squared distance to the mean of `class`, from the dot products of an image
    /// with itself and with that mean.
    #[inline(always)]
    fn squared(&self, class: usize, norm: i64, product: i64) -> u64 {
        let product = product << (FRACTION_BITS + 1);
        let distance = (norm << SQUARED_BITS) + self.squared_norms[class] - product;
        if self.present[class] {
            distance.cast_unsigned()
        } else {
            NOTHING
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
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vnni" => {
            squared_distances_of_pairs(means, pixels, squared);
        }
        "x86_64+avx2" => squared_distances_of_each(means, pixels, squared),
        _ => squared_distances_portably(means, pixels, squared),
    }
}

/// The same for the baseline instruction set: the one to read.
#[inline(always)]
pub fn squared_distances_portably(means: &CentredMeans, pixels: &[u8], squared: &mut [u64]) {
    let mut centred = vec![0_i16; means.dim];
    let images = pixels.chunks_exact(means.dim);
    for (image, squared) in images.zip(squared.chunks_exact_mut(means.present.len())) {
        centred
            .iter_mut()
            .zip(image)
            .for_each(|(centred, &pixel)| *centred = i16::from(pixel) - CENTRE);
        let norm = dot(&centred, &centred);
        for (class, squared) in squared.iter_mut().enumerate() {
            let mean = &means.means[class * means.dim..][..means.dim];
            *squared = means.squared(class, norm, dot(&centred, mean));
        }
    }
}

/// The same with the 512-bit vectors of x86, two images at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn squared_distances_of_pairs(means: &CentredMeans, pixels: &[u8], squared: &mut [u64]) {
    let (dim, classes) = (means.dim, means.present.len());
    let pairs = pixels.chunks(2 * dim);
    for (pair, squared) in pairs.zip(squared.chunks_mut(2 * classes)) {
        let (first, second) = pair.split_at(dim);
        // The last image may have no neighbour.
        let images = [first, if second.is_empty() { first } else { second }];
        for (group, slices) in means.groups() {
            let products = x86::products_of_two(slices, images);
            for (squared, products) in squared.chunks_exact_mut(classes).zip(&products) {
                means.finish(group, products, squared);
            }
        }
    }
}

/// The same with the 256-bit vectors of x86.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn squared_distances_of_each(means: &CentredMeans, pixels: &[u8], squared: &mut [u64]) {
    let images = pixels.chunks_exact(means.dim);
    for (image, squared) in images.zip(squared.chunks_exact_mut(means.present.len())) {
        for (group, slices) in means.groups() {
            means.finish(group, &x86::products_of_one(slices, image), squared);
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl CentredMeans {
    /// The slices of each ten classes, with the number of the first of them.
    fn groups(&self) -> impl Iterator<Item = (usize, &[x86::Slice])> {
        let slices = self.slices.chunks(self.dim.div_ceil(x86::PIXELS));
        (0..).step_by(x86::CLASSES).zip(slices)
    }

    /// Stores the squared distances of one image to the classes from `first` on.
    #[inline(always)]
    fn finish(&self, first: usize, products: &x86::Products, squared: &mut [u64]) {
        let classes = squared[first..].iter_mut().zip(&products.classes);
        for (class, (squared, &product)) in (first..).zip(classes) {
            *squared = self.squared(class, products.norm, product);
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
