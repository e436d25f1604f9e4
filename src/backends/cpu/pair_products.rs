//! Products of 16-bit values, two by two, added up in 32 bits: what the product of two
//! matrices is made of.
//!
//! A word of a column holds two values that follow each other down the column, and a word
//! of a row the two that they are multiplied with. One instruction multiplies and adds
//! both (see `x86/` beside this file).

use multiversion::{multiversion, target::match_target};

#[cfg(target_arch = "x86_64")]
use super::x86::pair_products as x86;

/// Columns that are multiplied side by side.
pub const COLUMNS: usize = 64;

/// Rows that are multiplied side by side.
pub const ROWS: usize = 6;

/// Two values of each column, 16 bits each. Its vectors do not cross lines of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Columns(pub [u32; COLUMNS]);

/// Two values of each row, 16 bits each.
pub type Rows = [u32; ROWS];

/// For each row and column a sum of products, of 32 bits: signed, or not where no product
/// is negative.
pub type Sums = [[u32; COLUMNS]; ROWS];

/// Two values of 16 bits in a word.
#[inline(always)]
pub fn both(one: u16, other: u16) -> u32 {
    u32::from(one) | u32::from(other) << 16
}

/// Adds the products of signed values, none of them −2¹⁵, to the sums, with the widest SIMD
/// vectors the processor has. The caller sees to it that no sum leaves its 32 bits.
#[multiversion(targets = "simd")]
pub fn add_products(columns: &[Columns], rows: &[Rows], sums: &mut Sums) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vnni" => x86::add_products_512(columns, rows, sums),
        "x86_64+avx2" => x86::add_products_256(columns, rows, sums),
        _ => add_products_portably(columns, rows, sums),
    }
}

/// For each row and column a sum of products as a float.
pub type RoundedSums = [[f32; COLUMNS]; ROWS];

/// As [`add_products`], but adds up whole sums of 32 bits for `block` words at a time, at
/// least one, each rounded to a float. It is these sums that must not leave 32 bits.
#[multiversion(targets = "simd")]
pub fn add_blocks(columns: &[Columns], rows: &[Rows], block: usize, sums: &mut RoundedSums) {
    match_target! {
        "x86_64+avx512f+avx512bw+avx512vnni" => x86::add_blocks_512(columns, rows, block, sums),
        "x86_64+avx2" => x86::add_blocks_256(columns, rows, block, sums),
        _ => add_blocks_portably(columns, rows, block, sums),
    }
}

/// The same for the baseline instruction set.
#[inline(always)]
pub fn add_blocks_portably(
    columns: &[Columns],
    rows: &[Rows],
    block: usize,
    sums: &mut RoundedSums,
) {
    for (columns, rows) in columns.chunks(block).zip(rows.chunks(block)) {
        let mut whole = [[0; COLUMNS]; ROWS];
        add_products_portably(columns, rows, &mut whole);
        for (sums, whole) in sums.iter_mut().zip(&whole) {
            for (sum, whole) in sums.iter_mut().zip(whole) {
                *sum += whole.cast_signed() as f32;
            }
        }
    }
}

/// The same for the baseline instruction set: the one to read.
#[inline(always)]
pub fn add_products_portably(columns: &[Columns], rows: &[Rows], sums: &mut Sums) {
    let halves = |word: u32| {
        let halves = [word as u16, (word >> 16) as u16];
        halves.map(|half| i32::from(half.cast_signed()))
    };
    for (columns, rows) in columns.iter().zip(rows) {
        for (&row, sums) in rows.iter().zip(sums.iter_mut()) {
            let [one, other] = halves(row);
            for (&column, sum) in columns.0.iter().zip(sums) {
                let [first, second] = halves(column);
                *sum = sum.wrapping_add_signed(first * one + second * other);
            }
        }
    }
}
