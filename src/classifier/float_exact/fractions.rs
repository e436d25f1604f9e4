//! Squared distances and cosines as exact fractions of integers.
//!
//! All values of a row and of the sums are integers `X` and `S` in one common unit.
//!
//! - Squared distance: `Σ (n·X − S)² / n²`, and the same over `(n−1)²` where the row
//!   is left out, since `(n−1)·X − (S−X) = n·X − S`.
//! - Cosines are compared by their signs and squares: with `p = ⟨X,S⟩`, that is
//!   `p·|p| / ‖S‖²`, without `‖X‖`, which all share. Where S is zero it is 0.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint};

use super::FloatQuestion;
use crate::classifier::float_sums::{parts, quotient};
use crate::data::recipe::Metric;

/// How near a class is: a fraction, less for a nearer one. It is the squared distance,
/// or the cosine's square with the sign turned, times what all classes share.
#[derive(Clone, Debug)]
pub struct Fraction {
    numerator: BigInt,
    denominator: BigUint,
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let across =
            |one: &Self, other: &Self| &one.numerator * BigInt::from(other.denominator.clone());
        across(self, other).cmp(&across(other, self))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

/// The fractions for one row.
pub struct Fractions<'a> {
    question: &'a FloatQuestion<'a>,
    label: u16,
    /// The common unit is 2 to this power.
    exponent: i32,
    row: Vec<BigInt>,
}

impl<'a> Fractions<'a> {
    /// The fractions for a row of class `label`.
    pub fn new(question: &'a FloatQuestion<'a>, row: &[f32], label: u16) -> Self {
        let parts: Vec<(i32, i32)> = row.iter().map(|&value| parts(value)).collect();
        let bits = |&(integer, exponent): &(i32, i32)| {
            (integer != 0).then(|| exponent + integer.trailing_zeros() as i32)
        };
        let lowest = parts.iter().filter_map(bits).min();
        let sums = question.sums.exponent();
        let exponent = lowest.map_or(sums, |lowest| lowest.min(sums));
        let scaled = |(integer, power): (i32, i32)| match power - exponent {
            // All bits below the unit are zeros.
            shift @ ..0 => BigInt::from(integer >> (-shift).min(31)),
            shift => BigInt::from(integer) << shift,
        };
        Self {
            question,
            label,
            exponent,
            row: parts.into_iter().map(scaled).collect(),
        }
    }

    /// How near a class is that has rows.
    ///
    /// # Panics
    /// When there is no such class.
    pub fn of(&self, class: u16) -> Fraction {
        match self.question.metric {
            Metric::Euclidean => self.squared_distance(class),
            Metric::Cosine => self.cosine(class),
        }
    }

    /// The sums of a class in the common unit.
    fn sums(&self, class: u16) -> impl Iterator<Item = BigInt> + '_ {
        let shift = self.question.sums.exponent() - self.exponent;
        let sums = self.question.sums.class_integers(usize::from(class));
        sums.map(move |sum| sum << shift)
    }

    fn squared_distance(&self, class: u16) -> Fraction {
        let count = self.question.sums.count(usize::from(class));
        let mut numerator = BigInt::ZERO;
        for (value, sum) in self.row.iter().zip(self.sums(class)) {
            let difference = value * count - sum;
            numerator += &difference * &difference;
        }
        let divisor = BigUint::from(self.question.rows_of(class, self.label));
        Fraction {
            numerator,
            denominator: &divisor * &divisor,
        }
    }

    fn cosine(&self, class: u16) -> Fraction {
        let is_left_out = self.question.leave_one_out && class == self.label;
        let (mut product, mut squared) = (BigInt::ZERO, BigInt::ZERO);
        for (value, mut sum) in self.row.iter().zip(self.sums(class)) {
            if is_left_out {
                sum -= value;
            }
            product += value * &sum;
            squared += &sum * &sum;
        }
        let sign = product.sign();
        let denominator = match squared.into_parts().1 {
            // The product is zero then too.
            zero if zero == BigUint::ZERO => BigUint::from(1_u8),
            squared => squared,
        };
        let square = &product * &product;
        Fraction {
            numerator: BigInt::from_biguint(-sign, square.into_parts().1),
            denominator,
        }
    }

    /// How much further away the second is than the first, which is at least as near,
    /// as squared distance or as cosine. A difference of squared distances is exact but
    /// for its last bit, and one of cosines but for the rounding of each.
    pub fn margin(&self, nearest: &Fraction, second: &Fraction) -> f64 {
        if nearest == second {
            return 0.0;
        }
        match self.question.metric {
            Metric::Euclidean => {
                let across = |one: &Fraction, other: &Fraction| {
                    &one.numerator * BigInt::from(other.denominator.clone())
                };
                let difference = across(second, nearest) - across(nearest, second);
                let denominator = &nearest.denominator * &second.denominator;
                quotient(&difference, &denominator, 2 * self.exponent)
            }
            Metric::Cosine => {
                let norm = self.row.iter().map(|value| value * value).sum::<BigInt>();
                let norm = norm.into_parts().1;
                let cosine = |fraction: &Fraction| {
                    let squared =
                        quotient(&fraction.numerator, &(&fraction.denominator * &norm), 0);
                    -squared.signum() * squared.abs().sqrt()
                };
                (cosine(nearest) - cosine(second)).max(0.0)
            }
        }
    }
}
