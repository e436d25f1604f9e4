//! The sums of a few rows of one class, exactly, at nearly the speed of memory.
//!
//! # One plane, or two
//!
//! With `M = 1.5 · 2^(52+s)` and `|x| < 2^(s+51)`, the sum `x + M` lies between 2^(52+s)
//! and 2^(53+s), where neighbouring `f64` are 2^s apart. So it is M plus x rounded to a
//! multiple of 2^s, and the difference of the bits of `x + M` and M is that multiple, an
//! integer of at most 2⁵¹ in magnitude. Those of 2¹⁰ rows are added up in 64 bits: the high
//! plane.
//!
//! The 24 bits of a value that is not below `2^(s+23)` in magnitude end at 2^s or above
//! it, so nothing was rounded. Most rows have no smaller values, but for zeros. Where some
//! do, the rest `x − ((x + M) − M)` is exact: it has no more bits than x, and is at most
//! `2^(s−1)`. It goes to a low plane in the same way, in units of 2^e with `s = e + 51`, as far
//! as `|x| ≥ 2^(e+23)`.
//!
//! The first rows that are not zero decide where these 79 binades lie: seven of them are
//! above their largest value. Values of later rows that lie outside are added one by one
//! to integers wide enough for any value.

use multiversion::multiversion;

use super::rounded::power_of_two;
use super::wide::{Wide, add_shifted};

/// The most rows of one sum.
pub const MOST_ROWS: usize = 1 << 10;

/// Bits of a value in one plane, and so from the last bit of the low plane to that of the
/// high plane.
pub const APART: i32 = 51;

/// From the last bit of the low plane to where values end.
pub const REACH: i32 = 2 * APART;

/// A plane holds the sums and their signs.
const _: () = assert!(MOST_ROWS.ilog2() as i32 + APART < 63);

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
    /// The least magnitude of those that the high plane takes alone.
    least_of_high: u32,
    /// Each plane's `M`.
    high: f64,
    low: f64,
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
            least_of_high: bits(last_bit + APART + FRACTION) - 1,
            high: 1.5 * power_of_two(52 + last_bit + APART),
            low: 1.5 * power_of_two(52 + last_bit),
        }
    }

    fn holds(&self, (least, most): Range) -> bool {
        self.least <= least && most <= self.most
    }

    /// Whether the high plane takes values whole that the window holds.
    fn is_high(&self, (least, _): Range) -> bool {
        self.least_of_high <= least
    }

    /// A value as integers in both planes.
    #[inline(always)]
    fn split(&self, value: f32) -> (i64, i64) {
        let value = f64::from(value);
        let sum = value + self.high;
        let rest = value - (sum - self.high);
        (integer(sum, self.high), integer(rest + self.low, self.low))
    }
}

/// `sum − magic` in units of the last bit of both.
#[inline(always)]
fn integer(sum: f64, magic: f64) -> i64 {
    sum.to_bits().wrapping_sub(magic.to_bits()).cast_signed()
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

/// The sum of at most [`MOST_ROWS`] rows of finite values, which may come a few at a time.
pub struct Block {
    rows: usize,
    window: Option<Window>,
    high: Vec<i64>,
    /// Empty before it is needed.
    low: Vec<i64>,
    /// Values outside the window, in units of `2^LEAST_BIT`.
    rest: Option<Wide>,
}

/// Adds at most [`TOGETHER`] rows.
#[multiversion(targets = "simd")]
fn add_rows(block: &mut Block, rows: &[&[f32]]) {
    match *rows {
        [a, b, c, d] => add_group(block, &[a, b, c, d]),
        [a, b, c] => add_group(block, &[a, b, c]),
        [a, b] => add_group(block, &[a, b]),
        _ => rows.iter().for_each(|row| add_group(block, &[row])),
    }
}

#[inline(always)]
fn add_group<const ROWS: usize>(block: &mut Block, rows: &[&[f32]; ROWS]) {
    let range = range_of(rows);
    if range.1 == 0 {
        return;
    }
    let window = *(block.window).get_or_insert_with(|| Window::around(range.1));
    if !window.holds(range) {
        rows.iter().for_each(|row| block.add_any(&window, row));
    } else if window.is_high(range) {
        add_to_high(&window, rows, &mut block.high);
    } else {
        block.low.resize(block.high.len(), 0);
        add_to_both(&window, rows, &mut block.high, &mut block.low);
    }
}

/// Adds rows that the high plane takes whole.
#[inline(always)]
fn add_to_high<const ROWS: usize>(window: &Window, rows: &[&[f32]; ROWS], high: &mut [i64]) {
    let (dim, magic) = (high.len(), window.high);
    let rows = rows.map(|row| &row[..dim]);
    for (column, high) in high.iter_mut().enumerate() {
        // Kept in a register from row to row.
        let mut sum = *high;
        for row in rows {
            sum = sum.wrapping_add(integer(f64::from(row[column]) + magic, magic));
        }
        *high = sum;
    }
}

/// Adds rows that the window holds to both planes.
#[inline(always)]
fn add_to_both<const ROWS: usize>(
    window: &Window,
    rows: &[&[f32]; ROWS],
    high: &mut [i64],
    low: &mut [i64],
) {
    let dim = high.len().min(low.len());
    let rows = rows.map(|row| &row[..dim]);
    for (column, (high, low)) in high.iter_mut().zip(low).enumerate() {
        let (mut highs, mut lows) = (*high, *low);
        for row in rows {
            let (whole, rest) = window.split(row[column]);
            highs = highs.wrapping_add(whole);
            lows = lows.wrapping_add(rest);
        }
        (*high, *low) = (highs, lows);
    }
}

impl Block {
    /// The sum of no rows, of `dim` values.
    pub fn new(dim: usize) -> Self {
        Self {
            rows: 0,
            window: None,
            high: vec![0; dim],
            low: Vec::new(),
            rest: None,
        }
    }

    /// How many more rows may be added.
    pub fn room(&self) -> usize {
        MOST_ROWS - self.rows
    }

    /// Adds rows, for which there must be room.
    pub fn add<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a [f32]>) {
        debug_assert!(rows.len() <= self.room());
        self.rows += rows.len();
        let mut waiting: [&[f32]; TOGETHER] = [&[]; TOGETHER];
        let mut count = 0;
        for row in rows {
            waiting[count] = row;
            count += 1;
            if count == TOGETHER {
                add_rows(self, &waiting);
                count = 0;
            }
        }
        add_rows(self, &waiting[..count]);
    }

    /// Adds a row of any values.
    fn add_any(&mut self, window: &Window, row: &[f32]) {
        self.low.resize(self.high.len(), 0);
        for (column, &value) in row.iter().enumerate() {
            let bits = magnitude(value);
            if bits == 0 {
                continue;
            }
            if window.holds((bits - 1, bits)) {
                let (whole, rest) = window.split(value);
                self.high[column] += whole;
                self.low[column] += rest;
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
    pub fn finish(self) -> Wide {
        let Some(window) = self.window else {
            return Wide::zeros(self.high.len());
        };
        let mut sum = if self.low.is_empty() {
            let limbs = self.high.into_iter().map(i64::cast_unsigned);
            Wide::new(window.last_bit + APART, 1, limbs.collect())
        } else {
            let both = self.high.iter().zip(&self.low);
            let sums = both.map(|(&high, &low)| (i128::from(high) << APART) + i128::from(low));
            let limbs = sums.flat_map(|sum| [sum as u64, (sum >> 64) as u64]);
            Wide::new(window.last_bit, 2, limbs.collect())
        };
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
