//! Distances and the nearest class of one image, computed with integers only.
//!
//! `d²(x, c) = Σ (x − S/n)² = Σ (n·x − S)² / n²` is a fraction of integers, so two
//! of them are compared exactly by cross-multiplication. Leaving the image out of
//! its own class changes only the denominator, since `(n−1)·x − (S−x) = n·x − S`.

use std::cmp::Ordering;

use crate::classifier::model::LevelQuestion;

/// A squared distance as an exact fraction.
#[derive(Clone, Copy, Debug)]
pub struct SquaredDistance {
    /// `Σ (n·x − S)²`; below 2¹²⁸ since `n < 2⁴⁰` and `dim < 2³²`.
    numerator: u128,
    /// `n²`, or `(n−1)²` if the image is left out.
    denominator: u128,
}

impl SquaredDistance {
    /// The fraction as an `f64`, with the rounding error of one division.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The distance, as an `f64`.
    pub fn distance(self) -> f64 {
        self.to_f64().sqrt()
    }

    /// `self − other`. The whole parts are subtracted exactly, before anything is
    /// rounded.
    pub fn minus(self, other: Self) -> f64 {
        let split = |value: Self| {
            let rest = (value.numerator % value.denominator) as f64;
            (
                (value.numerator / value.denominator) as i128,
                rest / value.denominator as f64,
            )
        };
        let ((whole, rest), (other_whole, other_rest)) = (split(self), split(other));
        (whole - other_whole) as f64 + (rest - other_rest)
    }
}

impl Ord for SquaredDistance {
    fn cmp(&self, other: &Self) -> Ordering {
        wide_product(self.numerator, other.denominator)
            .cmp(&wide_product(other.numerator, self.denominator))
    }
}

impl PartialOrd for SquaredDistance {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SquaredDistance {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SquaredDistance {}

/// `a · b` as its high and low 128 bits.
fn wide_product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let low = a_low * b_low;
    let middle = a_high * b_low + (low >> 64);
    // `a_low · b_high + middle` could overflow, so `middle` is added half by half.
    let other = a_low * b_high + (middle & LOW);
    let high = a_high * b_high + (middle >> 64) + (other >> 64);
    (high, other << 64 | low & LOW)
}

/// The nearest class of one image, with its squared distance and the second least.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    /// The class of least squared distance; the lowest index wins a tie.
    pub class: u16,
    /// The squared distance to it.
    pub squared: SquaredDistance,
    /// The least squared distance to any other class, if there is one.
    pub second: Option<SquaredDistance>,
}

impl Nearest {
    /// Finds the least and the second least of the squared distances to the
    /// classes.
    fn of(squared: impl Iterator<Item = Option<SquaredDistance>>) -> Self {
        let mut best: Option<Self> = None;
        for (class, squared) in squared.enumerate() {
            let Some(squared) = squared else { continue };
            best = Some(match best {
                Some(best) if best.squared <= squared => Self {
                    second: Some(best.second.map_or(squared, |second| second.min(squared))),
                    ..best
                },
                _ => Self {
                    class: class as u16,
                    squared,
                    second: best.map(|best| best.squared),
                },
            });
        }
        best.expect("a checked question leaves a class")
    }

    /// The distance to the nearest mean.
    pub fn distance(&self) -> f64 {
        self.squared.distance()
    }

    /// The [`margin`](Self::margin), if there is a second class.
    pub fn finite_margin(&self) -> Option<f64> {
        self.second.map(|_| self.margin())
    }

    /// Second least squared distance minus the least; infinite if there is only one
    /// class.
    pub fn margin(&self) -> f64 {
        // Rounding must not make the margin of a tie negative.
        let minus = |second: SquaredDistance| second.minus(self.squared).max(0.0);
        self.second.map_or(f64::INFINITY, minus)
    }
}

/// The exact squared distance of an image of class `label` to each class mean
/// of the question's model; `None` for a class that cannot be nearest.
pub fn squared_distances<'a>(
    image: &'a [u8],
    label: u16,
    question: &'a LevelQuestion<'_>,
) -> impl Iterator<Item = Option<SquaredDistance>> + 'a {
    let sums = question.sums();
    (0..sums.classes()).map(move |class| {
        let count = sums.count(class);
        let left_out = question.leaves_one_out() && class == usize::from(label);
        let divisor = count.saturating_sub(u64::from(left_out));
        (divisor > 0).then(|| SquaredDistance {
            numerator: squared_difference(image, sums.sum(class), count),
            denominator: u128::from(divisor).pow(2),
        })
    })
}

/// `Σ (n·x − S)²`.
fn squared_difference(image: &[u8], sum: &[u64], count: u64) -> u128 {
    let square = |(&pixel, &sum): (&u8, &u64)| {
        let difference = (u64::from(pixel) * count).abs_diff(sum);
        u128::from(difference) * u128::from(difference)
    };
    image.iter().zip(sum).map(square).sum()
}

/// The nearest class by exact arithmetic.
///
/// # Panics
/// When no class can be nearest; [`Question::check`](crate::Question::check) rules that out.
pub fn nearest(image: &[u8], label: u16, question: &LevelQuestion<'_>) -> Nearest {
    Nearest::of(squared_distances(image, label, question))
}

/// The exact distances from one image to every class mean.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The nearest class and its distance.
    pub nearest: Nearest,
    /// The squared distance to each class mean; `None` for a class that cannot
    /// be nearest.
    pub squared: Vec<Option<SquaredDistance>>,
}

impl Measured {
    /// Computes the distances of an image of class `label`.
    ///
    /// # Panics
    /// As [`nearest`].
    pub fn new(image: &[u8], label: u16, question: &LevelQuestion<'_>) -> Self {
        let squared: Vec<_> = squared_distances(image, label, question).collect();
        Self {
            nearest: Nearest::of(squared.iter().copied()),
            squared,
        }
    }

    /// The distance to each class mean; `None` as in [`squared`](Self::squared).
    pub fn distances(&self) -> Vec<Option<f64>> {
        let distance = |squared: &Option<SquaredDistance>| Some(squared.as_ref()?.distance());
        self.squared.iter().map(distance).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_products_are_right() {
        assert_eq!(wide_product(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(wide_product(u128::MAX, 2), (1, u128::MAX - 1));
        assert_eq!(wide_product(1 << 100, 1 << 60), (1 << 32, 0));
        assert_eq!(wide_product(12, 10), (0, 120));
    }

    #[test]
    fn fractions_compare_where_f64_cannot() {
        let fraction = |numerator, denominator| SquaredDistance {
            numerator,
            denominator,
        };
        let big = u128::MAX / 2;
        // 1 + 1/(big−1) and 1 + 1/(big−2) are equal as f64 and in 128-bit products.
        assert!(fraction(big, big - 1) < fraction(big - 1, big - 2));
        assert_eq!(fraction(2, 4), fraction(1, 2));
        assert!(fraction(1 << 90, 3) < fraction((1 << 90) + 1, 3));
        assert_eq!(fraction(22, 4).minus(fraction(10, 4)), 3.0);
    }
}
