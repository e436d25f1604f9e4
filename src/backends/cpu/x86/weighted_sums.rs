//! Products of pairs of 16-bit values, added up in 32 bits: weights times pixels.
//!
//! The sums of a tile stay in registers while pairs of images go by: a vector of pixels
//! is loaded once for all draws of the tile.

use std::arch::x86_64::*;

use crate::backends::cpu::weighted_sums::{PixelPairs, STRIPE, Sums, TILE, WeightPairs};

/// Vectors of 512 bits in a stripe.
const WIDE: usize = STRIPE / 16;

/// With 512-bit vectors: 24 of the 32 registers hold sums.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn add_products_512(pixels: &[PixelPairs], weights: &[WeightPairs], sums: &mut Sums) {
    let mut lanes: [[__m512i; WIDE]; TILE] = bytemuck::cast(*sums);
    for (pixels, weights) in pixels.iter().zip(weights) {
        let pixels: [__m512i; WIDE] = bytemuck::cast(pixels.0);
        for draw in 0..TILE {
            let weights = _mm512_set1_epi32(weights[draw].cast_signed());
            for vector in 0..WIDE {
                lanes[draw][vector] =
                    _mm512_dpwssd_epi32(lanes[draw][vector], pixels[vector], weights);
            }
        }
    }
    *sums = bytemuck::cast(lanes);
}

/// Vectors of 256 bits that are summed at once.
const NARROW: usize = 2;

/// Pixels in them.
const PART: usize = 8 * NARROW;

/// With 256-bit vectors, a quarter of the stripe at a time: 12 of the 16 registers hold
/// sums.
#[target_feature(enable = "avx2")]
pub fn add_products_256(pixels: &[PixelPairs], weights: &[WeightPairs], sums: &mut Sums) {
    for part in 0..STRIPE / PART {
        let mut lanes = [[_mm256_setzero_si256(); NARROW]; TILE];
        for (pixels, weights) in pixels.iter().zip(weights) {
            let pixels: &[u32; PART] = &pixels.0.as_chunks().0[part];
            let pixels: [__m256i; NARROW] = bytemuck::cast(*pixels);
            for draw in 0..TILE {
                let weights = _mm256_set1_epi32(weights[draw].cast_signed());
                for vector in 0..NARROW {
                    let products = _mm256_madd_epi16(pixels[vector], weights);
                    lanes[draw][vector] = _mm256_add_epi32(lanes[draw][vector], products);
                }
            }
        }
        for (sums, lanes) in sums.iter_mut().zip(lanes) {
            let more: [u32; PART] = bytemuck::cast(lanes);
            let sums: &mut [u32; PART] = &mut sums.as_chunks_mut().0[part];
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }
}
