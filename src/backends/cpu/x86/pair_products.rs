//! Products of pairs of 16-bit values, added up in 32 bits.
//!
//! The sums of a tile stay in registers while pairs go by: a vector of columns is loaded
//! once for all rows of the tile.

use std::arch::x86_64::*;

use crate::backends::cpu::pair_products::{COLUMNS, Columns, ROWS, RoundedSums, Rows, Sums};

/// Vectors of 512 bits in all columns.
const WIDE: usize = COLUMNS / 16;

/// With 512-bit vectors.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn add_products_512(columns: &[Columns], rows: &[Rows], sums: &mut Sums) {
    let more: Sums = bytemuck::cast(products_512(columns, rows));
    for (sums, more) in sums.iter_mut().zip(&more) {
        for (sum, more) in sums.iter_mut().zip(more) {
            *sum = sum.wrapping_add(*more);
        }
    }
}

/// With 512-bit vectors, some words after the other.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub fn add_blocks_512(columns: &[Columns], rows: &[Rows], block: usize, sums: &mut RoundedSums) {
    let mut lanes: [[__m512; WIDE]; ROWS] = bytemuck::cast(*sums);
    for (columns, rows) in columns.chunks(block).zip(rows.chunks(block)) {
        let products = products_512(columns, rows);
        for (lanes, products) in lanes.iter_mut().zip(products) {
            for (lane, products) in lanes.iter_mut().zip(products) {
                *lane = _mm512_add_ps(*lane, _mm512_cvtepi32_ps(products));
            }
        }
    }
    *sums = bytemuck::cast(lanes);
}

/// 24 of the 32 registers hold sums.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn products_512(columns: &[Columns], rows: &[Rows]) -> [[__m512i; WIDE]; ROWS] {
    let mut lanes = [[_mm512_setzero_si512(); WIDE]; ROWS];
    for (columns, rows) in columns.iter().zip(rows) {
        let columns: [__m512i; WIDE] = bytemuck::cast(columns.0);
        for row in 0..ROWS {
            let values = _mm512_set1_epi32(rows[row].cast_signed());
            for vector in 0..WIDE {
                lanes[row][vector] =
                    _mm512_dpwssd_epi32(lanes[row][vector], columns[vector], values);
            }
        }
    }
    lanes
}

/// Vectors of 256 bits that are summed at once.
const NARROW: usize = 2;

/// Columns in them: a quarter of all.
const PART: usize = 8 * NARROW;

/// With 256-bit vectors.
#[target_feature(enable = "avx2")]
pub fn add_products_256(columns: &[Columns], rows: &[Rows], sums: &mut Sums) {
    for part in 0..COLUMNS / PART {
        let products = products_256(columns, rows, part);
        for (sums, products) in sums.iter_mut().zip(products) {
            let more: [u32; PART] = bytemuck::cast(products);
            let sums: &mut [u32; PART] = &mut sums.as_chunks_mut().0[part];
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum = sum.wrapping_add(more);
            }
        }
    }
}

/// With 256-bit vectors, some words after the other.
#[target_feature(enable = "avx2")]
pub fn add_blocks_256(columns: &[Columns], rows: &[Rows], block: usize, sums: &mut RoundedSums) {
    for (columns, rows) in columns.chunks(block).zip(rows.chunks(block)) {
        for part in 0..COLUMNS / PART {
            let products = products_256(columns, rows, part);
            for (sums, products) in sums.iter_mut().zip(products) {
                let sums: &mut [f32; PART] = &mut sums.as_chunks_mut().0[part];
                let mut lanes: [__m256; NARROW] = bytemuck::cast(*sums);
                for (lane, products) in lanes.iter_mut().zip(products) {
                    *lane = _mm256_add_ps(*lane, _mm256_cvtepi32_ps(products));
                }
                *sums = bytemuck::cast(lanes);
            }
        }
    }
}

/// Of a quarter of the columns: 12 of the 16 registers hold sums.
#[inline]
#[target_feature(enable = "avx2")]
fn products_256(columns: &[Columns], rows: &[Rows], part: usize) -> [[__m256i; NARROW]; ROWS] {
    let mut lanes = [[_mm256_setzero_si256(); NARROW]; ROWS];
    for (columns, rows) in columns.iter().zip(rows) {
        let columns: &[u32; PART] = &columns.0.as_chunks().0[part];
        let columns: [__m256i; NARROW] = bytemuck::cast(*columns);
        for row in 0..ROWS {
            let values = _mm256_set1_epi32(rows[row].cast_signed());
            for vector in 0..NARROW {
                let products = _mm256_madd_epi16(columns[vector], values);
                lanes[row][vector] = _mm256_add_epi32(lanes[row][vector], products);
            }
        }
    }
    lanes
}
