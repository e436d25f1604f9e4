//! Dot products of images with ten class means at a time.
//!
//! A vector of an image is loaded once for all ten classes, and multiplied by an
//! instruction that adds the products of neighbouring 16-bit lanes (`vpmaddwd`, or
//! `vpdpwssd`, which also adds to a third operand). With 32 registers two images
//! share each load of a mean.

use std::arch::x86_64::*;

use crate::backends::cpu::distances::{BLOCK, CENTRE};

/// Classes at a time.
pub const CLASSES: usize = 10;

/// Pixels of a slice: a vector of 512 bits, or two of 256.
pub const PIXELS: usize = 32;

/// The centred means of ten classes for a few neighbouring pixels. Each lies in one line
/// of the cache: a load that touches two takes twice as long.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Slice([[i16; PIXELS]; CLASSES]);

/// Slices whose products fit a 32-bit sum.
const SLICES: usize = BLOCK / PIXELS;

/// The dot products of one centred image with itself and with ten centred means.
#[derive(Clone, Copy, Default)]
pub struct Products {
    pub norm: i64,
    pub classes: [i64; CLASSES],
}

/// The slices of ten means, class after class in `means`; missing classes and pixels
/// are zeros.
pub fn slices(means: &[i16], dim: usize) -> impl Iterator<Item = Slice> {
    (0..dim).step_by(PIXELS).map(move |first| {
        let mut slice = [[0; PIXELS]; CLASSES];
        for (mean, of_class) in means.chunks_exact(dim).zip(&mut slice) {
            let pixels = &mean[first..dim.min(first + PIXELS)];
            of_class[..pixels.len()].copy_from_slice(pixels);
        }
        Slice(slice)
    })
}

/// The pixels of an image in slices, the last one filled up with the centre, which
/// counts nothing.
struct Sliced<'a> {
    whole: &'a [[u8; PIXELS]],
    last: [u8; PIXELS],
}

impl<'a> Sliced<'a> {
    fn new(image: &'a [u8]) -> Self {
        let (whole, rest) = image.as_chunks();
        let mut last = [CENTRE as u8; PIXELS];
        last[..rest.len()].copy_from_slice(rest);
        Self { whole, last }
    }

    fn get(&self, index: usize) -> &[u8; PIXELS] {
        self.whole.get(index).unwrap_or(&self.last)
    }
}

/// The products of two images, with 512-bit vectors.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn products_of_two(slices: &[Slice], images: [&[u8]; 2]) -> [Products; 2] {
    let images = images.map(Sliced::new);
    let mut products = [Products::default(); 2];
    for (block, slices) in slices.chunks(SLICES).enumerate() {
        let mut norms = [_mm512_setzero_si512(); 2];
        let mut sums = [[_mm512_setzero_si512(); CLASSES]; 2];
        for (index, slice) in (block * SLICES..).zip(slices) {
            let first = centred_512(images[0].get(index));
            let second = centred_512(images[1].get(index));
            norms[0] = _mm512_dpwssd_epi32(norms[0], first, first);
            norms[1] = _mm512_dpwssd_epi32(norms[1], second, second);
            for (class, &mean) in slice.0.iter().enumerate() {
                let mean = bytemuck::cast(mean);
                sums[0][class] = _mm512_dpwssd_epi32(sums[0][class], first, mean);
                sums[1][class] = _mm512_dpwssd_epi32(sums[1][class], second, mean);
            }
        }
        for image in 0..2 {
            products[image].norm += i64::from(_mm512_reduce_add_epi32(norms[image]));
            for (class, &sum) in sums[image].iter().enumerate() {
                products[image].classes[class] += i64::from(_mm512_reduce_add_epi32(sum));
            }
        }
    }
    products
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn centred_512(pixels: &[u8; PIXELS]) -> __m512i {
    let wide = _mm512_cvtepu8_epi16(bytemuck::cast(*pixels));
    _mm512_sub_epi16(wide, _mm512_set1_epi16(CENTRE))
}

/// The products of one image, with 256-bit vectors.
#[target_feature(enable = "avx2")]
pub fn products_of_one(slices: &[Slice], image: &[u8]) -> Products {
    let image = Sliced::new(image);
    let mut products = Products::default();
    for (block, slices) in slices.chunks(SLICES).enumerate() {
        let mut norm = _mm256_setzero_si256();
        let mut sums = [_mm256_setzero_si256(); CLASSES];
        for (index, slice) in (block * SLICES..).zip(slices) {
            let [left, right]: [[u8; 16]; 2] = bytemuck::cast(*image.get(index));
            for (half, pixels) in [left, right].into_iter().enumerate() {
                let pixels = centred_256(pixels);
                norm = _mm256_add_epi32(norm, _mm256_madd_epi16(pixels, pixels));
                for (class, &mean) in slice.0.iter().enumerate() {
                    let means: [[i16; 16]; 2] = bytemuck::cast(mean);
                    let product = _mm256_madd_epi16(pixels, bytemuck::cast(means[half]));
                    sums[class] = _mm256_add_epi32(sums[class], product);
                }
            }
        }
        products.norm += sum_256(norm);
        for (class, sum) in sums.into_iter().enumerate() {
            products.classes[class] += sum_256(sum);
        }
    }
    products
}

#[inline]
#[target_feature(enable = "avx2")]
fn centred_256(pixels: [u8; 16]) -> __m256i {
    let wide = _mm256_cvtepu8_epi16(bytemuck::cast(pixels));
    _mm256_sub_epi16(wide, _mm256_set1_epi16(CENTRE))
}

/// The sum of the eight lanes.
#[inline]
#[target_feature(enable = "avx2")]
fn sum_256(lanes: __m256i) -> i64 {
    let four = _mm_add_epi32(
        _mm256_castsi256_si128(lanes),
        _mm256_extracti128_si256::<1>(lanes),
    );
    let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b1110>(four));
    let one = _mm_add_epi32(two, _mm_shuffle_epi32::<0b0101>(two));
    i64::from(_mm_cvtsi128_si32(one))
}
