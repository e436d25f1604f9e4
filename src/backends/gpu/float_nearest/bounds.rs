//! What a device's score can be off by, and what it is told of each sample for that.
//!
//! # The bound
//!
//! Write x for (x − o) and v for the class's vector, both exact and scaled; x̂ and v̂ for what
//! the device has; ε = 2⁻²³ for what one operation on `f32` may be off by, whichever way it
//! is rounded. By Cauchy and Schwarz's inequality
//!
//! ```text
//! |⟨x, v⟩ − ⟨x̂, v̂⟩|  =  |⟨x − x̂, v⟩ + ⟨x̂, v − v̂⟩|  ≤  ‖x − x̂‖‖v‖ + ‖x̂‖‖v − v̂‖
//! ```
//!
//! The device adds products in blocks of B values, then the D/B blocks. A product is rounded
//! once, and its sum at most B times in its block and D/B times after it, in whatever order
//! a block is added up; fusing leaves roundings out. So ⟨x̂, v̂⟩ is off by at most
//!
//! ```text
//! γ·Σ|x̂||v̂|  ≤  γ·‖x̂‖‖v̂‖,    γ = nε/(1 − nε),    n = B + D/B + 2
//! ```
//!
//! A block is about √D long, where n is least. The score `a·N − b·⟨x̂, v̂⟩` takes four
//! operations more, with that of the bound itself from it; a relative error of [eight
//! ε](MOST_OPERATIONS) of both terms covers them. Together the error is at most
//!
//! ```text
//! b·‖x − x̂‖ · ‖v‖  +  b·‖x̂‖ · (‖v − v̂‖ + (γ + 8ε)·‖v̂‖)  +  a · (|N − N̂| + 8ε·|N̂|)
//! ```
//!
//! of which the device computes the sum, from factors that are rounded up here and have a
//! [surplus](super::rounding::SURPLUS) for its own seven roundings.
//!
//! **Subnormal numbers** may be flushed to zero, which moves a result by less than 2⁻¹²⁶.
//! x̂ and v̂ have none, and neither have the factors. Of the at most 2²⁴ products and as many
//! sums, each with factors up to 1, less than 2⁻¹⁰⁰ is lost; factors a and b below 2⁻¹²⁶
//! are 0 and lose as little. [`FLUSHED`] is added for all of it.
//!
//! **Overflow.** ‖x̂‖, ‖v̂‖, |N̂|, a and b are at most 1 or little more, so nothing is.

use super::rounding::{ROUNDED, SURPLUS, down, flushed, power, up};
use super::samples::Row;
use super::tiles::DEPTH;

/// Operations on a score after its product, and more.
pub(super) const MOST_OPERATIONS: f64 = 8.0;

/// More than flushed subnormal numbers can change a score: 2⁻⁹⁶.
pub(super) const FLUSHED: f64 = 1.0 / (1_u128 << 96) as f64;

/// Beyond every score that the device computes.
pub(super) const FAR: f32 = 1e30;

/// What the host's own bounds are held within: far from what the device computes, too.
const MOST: f64 = 1e29;

/// The slices of a block, for rows of `dim` values.
pub(super) fn slices_to_a_block(dim: usize) -> usize {
    ((dim as f64).sqrt() / DEPTH as f64).round().max(1.0) as usize
}

/// γ and the operations after the product.
pub(super) fn product_rounding(dim: usize) -> f64 {
    let slices = dim.div_ceil(DEPTH);
    let block = slices_to_a_block(dim).min(slices);
    let operations = (block * DEPTH + slices.div_ceil(block) + 2) as f64;
    operations * ROUNDED / (1.0 - operations * ROUNDED) + MOST_OPERATIONS * ROUNDED
}

/// How scores of one sample are scaled: all are multiplied by 2 to the power of minus
/// `exponent` of the classes, and of this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    exponent: i32,
    /// a
    pub(super) offset_factor: f32,
    /// b
    pub(super) product_factor: f32,
    /// b·‖x − x̂‖
    pub(super) displacement: f32,
    /// b·‖x̂‖
    pub(super) norm: f32,
}

impl Scale {
    /// For a sample in a question whose N have that exponent: the greater one of both is
    /// taken out, so that a or b is 1.
    pub(super) fn new(row: &Row, offset_exponent: i32) -> Self {
        let exponent = row.exponent.max(offset_exponent);
        let factor = power(row.exponent - exponent);
        Self {
            exponent,
            offset_factor: flushed(power(offset_exponent - exponent)),
            product_factor: flushed(factor),
            displacement: up(factor * row.displacement * SURPLUS),
            norm: up(factor * row.norm * SURPLUS),
        }
    }

    /// Bounds of a score that the host computed, as the device takes them; `classes` is the
    /// exponent of the classes.
    pub(super) fn bounds(&self, [low, high]: [f64; 2], classes: i32) -> [f32; 2] {
        let scaled = |value: f64| {
            let exponent = -(self.exponent + classes);
            // Where no class has a score but zero, everything else is far from it.
            let scaled = match exponent <= 1023 {
                true => value * power(exponent),
                false => value * f64::MAX,
            };
            // Other scores are no further than a few units from zero.
            scaled.clamp(-MOST, MOST)
        };
        [down(scaled(low)), -down(-scaled(high))]
    }
}
