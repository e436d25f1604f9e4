//! Decides when a fixed-point answer is certain to equal the exact one: the margin
//! between the two least squared distances must be wider than the error from
//! rounding the means. Answers that are not certain are settled by
//! [`exact`](crate::classifier::exact).
//!
//! Let `E` be the displacement of the means (multiplied by `n/(n−1)` under
//! leave-one-out) and `D₂` the second least distance. The squared distances to the
//! nearest and to the second class change by at most `E·(2·D₂ + E)`. A class
//! further away cannot come closer than the second by more than that either, since
//! every distance changes by at most `E`. The two can move towards each other, so
//! the margin must exceed twice this bound.
//!
//! The rule is a table of integers with one entry per bit length of `D₂²`, so that
//! every backend and every GPU applies it identically.

use crate::classifier::fixed_point::{FixedMeans, SQUARED_BITS};
use crate::classifier::level_sums::LevelSums;
use crate::classifier::model::LevelQuestion;

/// The number of bit lengths a squared distance can have: 0 to 64.
pub const ENTRIES: usize = 65;

/// An upper bound on the relative error of a surcharge rounded to 2⁻³⁰.
const SURCHARGE_ERROR: f64 = 1.0 / (1 << 29) as f64;

/// An upper bound on the loss from dropping the bits below 2⁻¹⁴ of a surcharge's
/// product.
const PRODUCT_ERROR: f64 = 1.0 / (1 << 13) as f64;

/// The margins that make answers to one question certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certainty([u64; ENTRIES]);

impl Certainty {
    /// The rule for one question about the model that `means` was made from.
    pub fn new(means: &FixedMeans, question: &LevelQuestion<'_>) -> Self {
        let mut most_doubtful = [0; ENTRIES];
        // With all bits set there is no second class, so any margin is certain.
        for (bits, margin) in most_doubtful[..ENTRIES - 1].iter_mut().enumerate() {
            *margin = most_moved(means, question, bits).ceil() as u64;
        }
        Self(most_doubtful)
    }

    /// Whether an answer is certain. `least` and `second` are fixed-point squared
    /// distances; `second` is [`NOTHING`](crate::classifier::fixed_point::NOTHING) where
    /// only one class can be nearest.
    pub fn is_certain(&self, least: u64, second: u64) -> bool {
        let bits = u64::BITS - second.leading_zeros();
        second - least > self.0[bits as usize]
    }

    /// The widest margin that is not certain, indexed by the bit length of the
    /// second least squared distance.
    pub fn most_doubtful(&self) -> &[u64; ENTRIES] {
        &self.0
    }
}

/// An upper bound on how far rounding can change the margin, in fixed point, when
/// the second least squared distance has `bits` significant bits.
fn most_moved(means: &FixedMeans, question: &LevelQuestion<'_>, bits: usize) -> f64 {
    let unit = f64::from(1 << SQUARED_BITS);
    let second = 2.0_f64.powi(bits as i32) / unit;
    let (growth, slack) = match question.leaves_one_out() {
        true => (
            growth(question.sums()),
            second * SURCHARGE_ERROR + PRODUCT_ERROR,
        ),
        false => (1.0, 0.0),
    };
    let moved = means.displacement() * growth;
    let bound = moved * (2.0 * (second + slack).sqrt() + moved) + slack;
    // The last factor covers the rounding errors of this computation itself.
    2.0 * bound * unit * (1.0 + 1e-9)
}

/// The largest `n/(n−1)` of any class: the factor by which leave-one-out stretches
/// distances.
fn growth(sums: &LevelSums) -> f64 {
    let smallest = sums
        .counts()
        .iter()
        .copied()
        .filter(|&count| count > 1)
        .min();
    smallest.map_or(1.0, |count| count as f64 / (count - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::fixed_point::NOTHING;
    use crate::classifier::model::{Model, Question};

    #[test]
    fn means_on_the_grid_doubt_ties_alone() -> crate::error::Result<()> {
        let model = Model::new("", LevelSums::new(1, vec![2, 4], vec![3, 5])?)?;
        let means = FixedMeans::new(model.sums().levels()?);
        let rule = Certainty::new(&means, &Question::plain(&model).of_levels()?);
        assert!(rule.most_doubtful().iter().all(|&margin| margin == 0));
        assert!(rule.is_certain(7, 8) && !rule.is_certain(8, 8) && !rule.is_certain(0, 0));
        assert!(rule.is_certain(8, NOTHING));
        Ok(())
    }

    #[test]
    fn the_margin_needed_is_twice_what_a_distance_moves() -> crate::error::Result<()> {
        // A mean of 1/3 is 42⅔ steps of 1/128, so E = 1/3 step.
        let model = Model::new("", LevelSums::new(1, vec![3, 1], vec![1, 0])?)?;
        let means = FixedMeans::new(model.sums().levels()?);
        let rule = Certainty::new(&means, &Question::plain(&model).of_levels()?);
        // D₂² < 2¹⁶ in squared steps, so D₂ < 256 and the bound is below
        // 2 · ⅓ · (2 · 256 + ⅓) = 341.6.
        assert_eq!(rule.most_doubtful()[16], 342);
        assert!(!rule.is_certain(40_000 - 342, 40_000) && rule.is_certain(40_000 - 343, 40_000));
        // The next power of two has its own entry.
        assert!(!rule.is_certain(65_536 - 343, 65_536));
        // With one of three images left out, ⅓ step becomes ½.
        let left_out = Certainty::new(&means, &Question::leave_one_out(&model).of_levels()?);
        assert!((512..520).contains(&left_out.most_doubtful()[16]));
        Ok(())
    }
}
