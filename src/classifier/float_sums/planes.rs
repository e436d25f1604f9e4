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
//! The first rows that are not zero decide where the 63 binades lie: seven of them are
//! above their largest value. Values of later rows that lie outside are added one by one
//! to integers wide enough for any value.

use multiversion::multiversion;

use super::rounded::power_of_two;
use super::wide::{Wide, add_shifted};

/// The most rows of one sum.
pub const MOST_ROWS: usize = 1 << 10;

/// From the last bit of the low plane to that of the high plane.
pub const APART: i32 = 43;

/// From the last bit of the low plane to where values end.
pub const REACH: i32 = 2 * APART;

/// No sum in either plane has more than 53 bits.
const _: () = assert!(MOST_ROWS.ilog2() as i32 + APART <= 53);

/// Bits of a value behind its first.
const FRACTION: i32 = 23;

/// Binades above the largest value of the first rows.
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
    /// The magnitudes of values that the planes take, as a [`Range`] has them.
    least: u32,
    most: u32,
    /// `M`.
    magic: f64,
}

impl Window {
    /// The window for rows like some whose largest magnitude has these bits.
    fn around(most: u32) -> Self {
        // Of a subnormal one this is a little too high, where the window ends anyway.
        let binade = (most >> FRACTION) as i32 - 127;
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
            most: bits(last_bit + REACH) - 1,
            magic: 1.5 * power_of_two(52 + last_bit + APART),
        }
    }

    fn holds(&self, (least, most): Range) -> bool {
        self.least <= least && most <= self.most
    }
}

/// The least magnitude of values other than zero, as bits, less one; and the largest, as
/// bits. Less one makes zeros larger than any other value.
type Range = (u32, u32);

/// The range of zeros alone, and of no values.
const NOTHING: Range = (u32::MAX, 0);

#[inline(always)]
fn magnitude(value: f32) -> u32 {
    value.to_bits() & 0x7fff_ffff
}

/// Values of a row whose range is found side by side.
const LANES: usize = 16;

/// The range of all values of some rows, which are read side by side: the memory then
/// delivers several at a time.
#[inline(always)]
fn range_of<const ROWS: usize>(rows: &[&[f32]; ROWS]) -> Range {
    let (mut least, mut most) = ([NOTHING.0; LANES], [NOTHING.1; LANES]);
    let parts = rows.map(|row| row.as_chunks::<LANES>());
    for place in 0..parts[0].0.len() {
        for (chunks, _) in parts {
            for lane in 0..LANES {
                let magnitude = magnitude(chunks[place][lane]);
                least[lane] = least[lane].min(magnitude.wrapping_sub(1));
                most[lane] = most[lane].max(magnitude);
            }
        }
    }
    let mut range = NOTHING;
    for lane in 0..LANES {
        range = (range.0.min(least[lane]), range.1.max(most[lane]));
    }
    for (_, rest) in parts {
        for &value in rest {
            let magnitude = magnitude(value);
            range = (
                range.0.min(magnitude.wrapping_sub(1)),
                range.1.max(magnitude),
            );
        }
    }
    range
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
    match <&[&[f32]; TOGETHER]>::try_from(rows) {
        Ok(rows) => add_group(block, rows),
        Err(_) => {
            for row in rows {
                add_group(block, &[row]);
            }
        }
    }
}

#[inline(always)]
fn add_group<const ROWS: usize>(block: &mut Block, rows: &[&[f32]; ROWS]) {
    let range = range_of(rows);
    if range.1 == 0 {
        return;
    }
    let window = *(block.window).get_or_insert_with(|| Window::around(range.1));
    if window.holds(range) {
        add_together(&window, rows, &mut block.high, &mut block.low);
    } else {
        rows.iter().for_each(|row| block.add_any(&window, row));
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
    let (dim, magic) = (high.len().min(low.len()), window.magic);
    let rows = rows.map(|row| &row[..dim]);
    for (column, (high, low)) in high.iter_mut().zip(low).enumerate() {
        // Kept in registers from row to row.
        let (mut highs, mut lows) = (*high, *low);
        for row in rows {
            let value = f64::from(row[column]);
            let rounded = (value + magic) - magic;
            highs += rounded;
            lows += value - rounded;
        }
        (*high, *low) = (highs, lows);
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
            if window.holds((bits - 1, bits)) {
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
