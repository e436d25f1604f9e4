//! The sums of a few rows of one class, exactly, at nearly the speed of memory.
//!
//! # Two planes
//!
//! Each value x is cut into `x = high + low`, and the parts are added up in two planes
//! of `f64`. With `s = e + 43`:
//!
//! - `high = (x + M) − M` with `M = 1.5 · 2^(52+s)`. Where `|x| < 2^(s+43)` the sum
//!   `x + M` lies between 2^(52+s) and 2^(53+s), where neighbours are 2^s apart, so
//!   that `high` is x rounded to a multiple of 2^s, and the difference is exact.
//! - `low = x − high` is exact too: a multiple of the last bit of x, not above
//!   `2^(s−1)` in magnitude, and of no more bits than x.
//!
//! A row may go this way if each of its values is 0 or in `2^(e+23)..2^(e+86)` in
//! magnitude. The 24 bits of such a value end at 2^e or above it. So in the low plane
//! all is a multiple of `2^e`, and the sum of up to 2¹⁰ rows is at most
//! `2¹⁰ · 2^(s−1) = 2^(52+e)`; in the high plane all is a multiple of `2^s`, and the sum
//! at most `2¹⁰ · 2^(s+43) = 2^(53+s)`. Every partial sum is therefore an `f64`,
//! and no addition rounds.
//!
//! The first row that is not zero decides where the 63 binades lie: 55 of them
//! are below its largest value. Values of later rows that lie outside are added one by one
//! to integers wide enough for any value.

use multiversion::multiversion;

use super::rounded::power_of_two;
use super::wide::{Wide, add_shifted};

/// The most rows of one sum.
pub const MOST_ROWS: usize = 1 << 10;

/// From the last bit of the low plane to that of the high plane.
const APART: i32 = 43;

/// From the last bit of the low plane to where values end.
const REACH: i32 = 2 * APART;

/// Bits of a value behind its first.
const FRACTION: i32 = 23;

/// Binades that are kept above the first row's.
const HEADROOM: i32 = 7;

/// Every `f32` is a multiple of 2 to this power.
pub const LEAST_BIT: i32 = -149;

/// Limbs for sums of any values in units of `2^LEAST_BIT`: those of 2⁴⁰ rows lie below
/// `2^(128 + 40 + 149)`.
pub const WIDEST: usize = 5;

/// Rows that are added in one go.
const TOGETHER: usize = 4;

/// Which values the planes take.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The exponent e of the last bit of the low plane.
    last_bit: i32,
    /// The magnitudes of values that the planes take, as bits, each less one.
    least: u32,
    most: u32,
    /// `M`.
    magic: f64,
}

impl Window {
    /// The window for rows like one whose largest magnitude has these bits, less one.
    fn around(most: u32) -> Self {
        let largest = f32::from_bits(most + 1);
        // Of a subnormal one this is a little too high, where the window ends anyway.
        let binade = (largest.to_bits() >> FRACTION) as i32 - 127;
        let last_bit = (binade + 1 + HEADROOM - REACH).max(LEAST_BIT);
        let bits = |exponent: i32| ((exponent + 127).clamp(0, 255) as u32) << FRACTION;
        let least = match last_bit {
            // There is no lower bit.
            LEAST_BIT => 0,
            _ => bits(last_bit + FRACTION) - 1,
        };
        Self {
            last_bit,
            least,
            most: bits(last_bit + REACH) - 2,
            magic: 1.5 * power_of_two(52 + last_bit + APART),
        }
    }

    fn holds(&self, (least, most): Range) -> bool {
        self.least <= least && most <= self.most
    }
}

/// The least and the largest magnitude of values other than zero, as bits, each less
/// one; of zeros alone the first is above the second.
type Range = (u32, u32);

/// Less one, so that zero is larger than any other as the least magnitude.
const NOTHING: Range = (u32::MAX, 0);

#[inline(always)]
fn magnitude(value: f32) -> u32 {
    value.to_bits() & 0x7fff_ffff
}

#[inline(always)]
fn widened((least, most): Range, row: &[f32]) -> Range {
    row.iter().fold((least, most), |(least, most), &value| {
        let magnitude = magnitude(value);
        (least.min(magnitude.wrapping_sub(1)), most.max(magnitude))
    })
}

/// The sum of at most [`MOST_ROWS`] rows of `dim` finite values.
pub fn sum_of<'a>(dim: usize, rows: impl ExactSizeIterator<Item = &'a [f32]>) -> Wide {
    debug_assert!(rows.len() <= MOST_ROWS);
    let mut block = Block {
        window: None,
        high: vec![0.0; dim],
        low: vec![0.0; dim],
        rest: None,
    };
    let mut waiting: [&[f32]; TOGETHER] = [&[]; TOGETHER];
    let mut count = 0;
    for row in rows {
        waiting[count] = row;
        count += 1;
        if count == TOGETHER {
            add_rows(&mut block, &waiting);
            count = 0;
        }
    }
    add_rows(&mut block, &waiting[..count]);
    block.finish()
}

/// What has been added so far.
struct Block {
    window: Option<Window>,
    high: Vec<f64>,
    low: Vec<f64>,
    /// Values outside the window, in units of `2^LEAST_BIT`.
    rest: Option<Wide>,
}

/// Adds at most [`TOGETHER`] rows.
#[multiversion(targets = "simd")]
fn add_rows(block: &mut Block, rows: &[&[f32]]) {
    let range = (rows.iter()).fold(NOTHING, |range, row| widened(range, row));
    if range.1 == 0 {
        return;
    }
    let window = *(block.window).get_or_insert_with(|| Window::around(range.1 - 1));
    if !window.holds((range.0, range.1 - 1)) {
        rows.iter().for_each(|row| block.add_any(&window, row));
    } else if let Ok(rows) = <&[&[f32]; TOGETHER]>::try_from(rows) {
        add_together(&window, rows, &mut block.high, &mut block.low);
    } else {
        for row in rows {
            add_together(&window, &[row], &mut block.high, &mut block.low);
        }
    }
}

/// Adds rows that the window holds to both planes.
#[inline(always)]
fn add_together<const ROWS: usize>(
    window: &Window,
    rows: &[&[f32]; ROWS],
    high: &mut [f64],
    low: &mut [f64],
) {
    let dim = high.len().min(low.len());
    let rows = rows.map(|row| &row[..dim]);
    for (column, (high, low)) in high.iter_mut().zip(low).enumerate() {
        for row in rows {
            let value = f64::from(row[column]);
            let rounded = (value + window.magic) - window.magic;
            *high += rounded;
            *low += value - rounded;
        }
    }
}

impl Block {
    /// Adds a row of any values.
    fn add_any(&mut self, window: &Window, row: &[f32]) {
        for (column, &value) in row.iter().enumerate() {
            let bits = magnitude(value);
            if bits == 0 {
                continue;
            }
            if window.holds((bits - 1, bits - 1)) {
                let value = f64::from(value);
                let rounded = (value + window.magic) - window.magic;
                self.high[column] += rounded;
                self.low[column] += value - rounded;
            } else {
                let dim = self.high.len();
                let zeros = || Wide::new(LEAST_BIT, WIDEST, vec![0; dim * WIDEST]);
                let rest = self.rest.get_or_insert_with(zeros);
                let (integer, exponent) = parts(value);
                let shift = (exponent - LEAST_BIT) as u32;
                add_shifted(rest.get_mut(column), integer, shift);
            }
        }
    }

    /// All that has been added, as integers.
    fn finish(self) -> Wide {
        let Some(window) = self.window else {
            return Wide::zeros(self.high.len());
        };
        let units = |exponent: i32| power_of_two(-exponent);
        let (high_units, low_units) = (units(window.last_bit + APART), units(window.last_bit));
        let mut limbs = Vec::with_capacity(2 * self.high.len());
        for (high, low) in self.high.iter().zip(&self.low) {
            // Whole numbers, not above 2⁵³.
            let (high, low) = ((high * high_units) as i64, (low * low_units) as i64);
            let sum = (i128::from(high) << APART) + i128::from(low);
            limbs.extend([sum as u64, (sum >> 64) as u64]);
        }
        let mut sum = Wide::new(window.last_bit, 2, limbs);
        if let Some(rest) = self.rest {
            sum.add(&rest, false);
        }
        sum
    }
}

/// A finite value as an integer of at most 24 bits and a power of two.
pub fn parts(value: f32) -> (i32, i32) {
    let bits = value.to_bits();
    let (biased, fraction) = ((bits >> FRACTION & 0xff) as i32, (bits & 0x7f_ffff) as i32);
    let (integer, exponent) = match biased {
        0 => (fraction, LEAST_BIT),
        _ => (fraction | 1 << FRACTION, biased - 127 - FRACTION),
    };
    (if value < 0.0 { -integer } else { integer }, exponent)
}
