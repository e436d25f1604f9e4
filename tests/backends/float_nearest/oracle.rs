//! The nearest class of feature vectors once more, with integers of any size, in the
//! plainest way: classes are summed and samples are left out literally.

use std::cmp::Ordering;

use ncm::{Features, Metric};
use num_bigint::BigInt;

/// Labelled rows, prepared as they are to be compared.
pub struct Rows<'a> {
    pub features: &'a Features,
    pub labels: &'a [u16],
}

/// A value in units of 2⁻¹⁴⁹, of which every `f32` is a multiple.
fn integer(value: f32) -> BigInt {
    let bits = value.to_bits();
    let (exponent, fraction) = (bits >> 23 & 0xff, bits & 0x7f_ffff);
    let magnitude = match exponent {
        0 => BigInt::from(fraction),
        _ => BigInt::from(fraction | 0x80_0000) << (exponent - 1),
    };
    if bits >> 31 == 1 {
        -magnitude
    } else {
        magnitude
    }
}

fn integers(row: &[f32]) -> Vec<BigInt> {
    row.iter().copied().map(integer).collect()
}

fn dot(a: &[BigInt], b: &[BigInt]) -> BigInt {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// How near a class is: a fraction, less for a nearer one.
type Near = (BigInt, BigInt);

fn order(one: &Near, other: &Near) -> Ordering {
    (&one.0 * &other.1).cmp(&(&other.0 * &one.1))
}

/// Class sums of training rows.
pub struct Oracle {
    sums: Vec<Vec<BigInt>>,
    counts: Vec<usize>,
    metric: Metric,
}

impl Oracle {
    pub fn new(train: &[Rows<'_>], classes: usize, metric: Metric) -> Self {
        let dim = train[0].features.dim();
        let mut sums = vec![vec![BigInt::ZERO; dim]; classes];
        let mut counts = vec![0; classes];
        for Rows { features, labels } in train {
            for (index, &label) in labels.iter().enumerate() {
                let class = usize::from(label);
                counts[class] += 1;
                let row = integers(features.row(index));
                for (sum, value) in sums[class].iter_mut().zip(row) {
                    *sum += value;
                }
            }
        }
        Self {
            sums,
            counts,
            metric,
        }
    }

    /// Each class that can be nearest to a row, the nearest first. Where `label` is given,
    /// the row is taken out of that class.
    pub fn ranking(&self, row: &[f32], label: Option<u16>) -> Vec<u16> {
        let x = integers(row);
        let near = |class: usize| -> Option<(Near, u16)> {
            let left_out = label.is_some_and(|label| usize::from(label) == class);
            let count = self.counts[class] - usize::from(left_out);
            let sums: Vec<BigInt> = match left_out {
                true => self.sums[class]
                    .iter()
                    .zip(&x)
                    .map(|(s, x)| s - x)
                    .collect(),
                false => self.sums[class].clone(),
            };
            let near = match self.metric {
                Metric::Euclidean => {
                    let away = x.iter().zip(&sums);
                    let away: Vec<_> = away.map(|(x, s)| x * count - s).collect();
                    (dot(&away, &away), BigInt::from(count) * count)
                }
                Metric::Cosine => {
                    let (product, squared) = (dot(&x, &sums), dot(&sums, &sums));
                    let square = &product * &product;
                    match squared == BigInt::ZERO {
                        true => (BigInt::ZERO, BigInt::from(1)),
                        false if product < BigInt::ZERO => (square, squared),
                        false => (-square, squared),
                    }
                }
            };
            (count > 0).then_some((near, class as u16))
        };
        let mut all: Vec<_> = (0..self.counts.len()).filter_map(near).collect();
        all.sort_by(|(one, class), (other, other_class)| {
            order(one, other).then(class.cmp(other_class))
        });
        all.into_iter().map(|(_, class)| class).collect()
    }
}
