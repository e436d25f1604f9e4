//! The same decisions by integers of any size, in the plainest way, and the checks against
//! them.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::super::*;
use crate::classifier::float_sums::parts;
use crate::data::Features;
use crate::data::synthetic::random::Random;
use crate::error::Result;

const METRICS: [Metric; 2] = [Metric::Euclidean, Metric::Cosine];

/// Rows of one set with their labels, and what is asked about them.
pub(super) struct Case {
    pub(super) rows: Features,
    pub(super) labels: Vec<u16>,
    pub(super) classes: usize,
    pub(super) metric: Metric,
    pub(super) leave_one_out: bool,
}

/// A fraction, less for a nearer class.
pub(super) type Near = (BigInt, BigInt);

pub(super) fn order(one: &Near, other: &Near) -> Ordering {
    (&one.0 * &other.1).cmp(&(&other.0 * &one.1))
}

impl Case {
    pub(super) fn new(
        dim: usize,
        values: Vec<f32>,
        labels: Vec<u16>,
        classes: usize,
    ) -> Result<Self> {
        Ok(Self {
            rows: Features::new(dim, values)?,
            labels,
            classes,
            metric: Metric::Euclidean,
            leave_one_out: false,
        })
    }

    pub(super) fn asking(mut self, metric: Metric, leave_one_out: bool) -> Self {
        (self.metric, self.leave_one_out) = (metric, leave_one_out);
        self
    }

    pub(super) fn integers(row: &[f32]) -> Vec<BigInt> {
        let integer = |&value: &f32| {
            let (integer, exponent) = parts(value);
            BigInt::from(integer) << (exponent + 149)
        };
        row.iter().map(integer).collect()
    }

    /// How near each class is to row `index` by the definitions, where means are of rows
    /// that are really left out.
    pub(super) fn oracle(&self, index: usize) -> Vec<Option<Near>> {
        let x = Self::integers(self.rows.row(index));
        let near = |class: usize| {
            let kept = |&row: &usize| !(self.leave_one_out && row == index);
            let rows: Vec<_> = (0..self.rows.len())
                .filter(|&row| usize::from(self.labels[row]) == class)
                .filter(kept)
                .map(|row| Self::integers(self.rows.row(row)))
                .collect();
            let sum = |column: usize| rows.iter().map(|row| &row[column]).sum::<BigInt>();
            let sums: Vec<BigInt> = (0..x.len()).map(sum).collect();
            let count = BigInt::from(rows.len());
            let dot = |a: &[BigInt], b: &[BigInt]| -> BigInt {
                a.iter().zip(b).map(|(a, b)| a * b).sum()
            };
            let nothing = BigInt::ZERO;
            (!rows.is_empty()).then(|| match self.metric {
                Metric::Euclidean => {
                    let away: Vec<_> = x.iter().zip(&sums).map(|(x, s)| x * &count - s).collect();
                    (dot(&away, &away), &count * &count)
                }
                Metric::Cosine => match (dot(&x, &sums), dot(&sums, &sums)) {
                    (_, squared) if squared == nothing => (nothing, 1.into()),
                    (product, squared) if product < nothing => (&product * &product, squared),
                    (product, squared) => (-(&product * &product), squared),
                },
            })
        };
        (0..self.classes).map(near).collect()
    }

    /// Checks everything that can be asked about every row; how many needed fractions.
    pub(super) fn check(&self) -> Result<usize> {
        let sums = FloatSums::over(&self.rows, &self.labels, self.classes)?;
        let means = sums.means();
        let question = FloatQuestion::new(&sums, &means, self.metric, self.leave_one_out);
        let mut in_fractions = 0;
        for index in 0..self.rows.len() {
            in_fractions += usize::from(self.check_row(index, &question));
        }
        Ok(in_fractions)
    }

    pub(super) fn check_row(&self, index: usize, question: &FloatQuestion<'_>) -> bool {
        let (row, label) = (self.rows.row(index), self.labels[index]);
        let near = self.oracle(index);
        let mut ranked: Vec<usize> = (0..self.classes).filter(|&c| near[c].is_some()).collect();
        let of = |class: usize| near[class].as_ref().expect("a class with rows");
        ranked.sort_by(|&one, &other| order(of(one), of(other)));
        let all = question.nearest(row, label, Among::All);
        assert_eq!(
            all.map(|settled| usize::from(settled.answer)),
            ranked.first().copied(),
            "row {index}"
        );
        let Some(all) = all else { return false };
        let few: Vec<u16> = ranked
            .iter()
            .take(2)
            .map(|&class| class as u16)
            .rev()
            .collect();
        let among = question.nearest(row, label, Among::These(&few));
        assert_eq!(among.map(|settled| settled.answer), Some(all.answer));
        let place = ranked.iter().position(|&class| class == usize::from(label));
        for places in 0..self.classes + 1 {
            let within = question.is_within(row, label, places, Among::All);
            let expected = place.is_some_and(|place| place < places);
            assert_eq!(within.answer, expected, "row {index}, {places} places");
        }
        self.check_bounds(row, label, question, of);
        let measured = question.measured(row, label).expect("a nearest class");
        assert_eq!(measured.class, all.answer);
        assert_eq!(measured.in_fractions, all.in_fractions);
        assert!(measured.margin >= 0.0);
        let tie = ranked
            .get(1)
            .map(|&second| order(of(ranked[0]), of(second)).is_eq());
        assert_eq!(measured.margin.is_infinite(), tie.is_none());
        if tie == Some(true) {
            assert_eq!(measured.margin, 0.0);
        }
        let distances = question.distances(row, label);
        assert_eq!(distances[usize::from(all.answer)], Some(measured.distance));
        all.in_fractions
    }

    /// The exact value lies between the bounds of the estimate.
    pub(super) fn check_bounds<'a>(
        &self,
        row: &[f32],
        label: u16,
        question: &FloatQuestion<'_>,
        of: impl Fn(usize) -> &'a Near,
    ) {
        let x = Self::integers(row);
        let norm: BigInt = x.iter().map(|x| x * x).sum();
        let estimates = Estimates::new(question, row, label);
        for estimate in estimates.among(Among::All) {
            let near = of(usize::from(estimate.class));
            // A bound b is at fault if b² and the fraction are in the wrong order.
            let against = |bound: f64| match self.metric {
                Metric::Euclidean => compared(near, bound.max(0.0), &(BigInt::from(1) << 298)),
                Metric::Cosine if norm == BigInt::ZERO => 0.0_f64.total_cmp(&(bound + 0.0)),
                Metric::Cosine => compared(near, bound, &norm),
            };
            assert!(against(estimate.low).is_ge(), "{estimate:?} is too high");
            assert!(against(estimate.high).is_le(), "{estimate:?} is too low");
        }
    }
}

/// `near / unit` against `bound · |bound|`.
fn compared(near: &Near, bound: f64, unit: &BigInt) -> Ordering {
    // As an integer times 2⁻¹⁰⁷⁴, which every f64 is.
    let bits = bound.abs().to_bits();
    let fraction = BigInt::from(bits & ((1 << 52) - 1) | u64::from(bits >> 52 > 0) << 52);
    let integer = fraction << (bits >> 52).saturating_sub(1);
    let mut square = &integer * &integer;
    if bound < 0.0 {
        square = -square;
    }
    (&near.0 << 2148_u32).cmp(&(square * &near.1 * unit))
}

pub(super) fn both_ways(make: impl Fn() -> Result<Case>) -> Result<Vec<usize>> {
    let mut needed = Vec::new();
    for metric in METRICS {
        for leave_one_out in [false, true] {
            needed.push(make()?.asking(metric, leave_one_out).check()?);
        }
    }
    Ok(needed)
}

pub(super) fn normal(random: &mut Random) -> f32 {
    let unit = |random: &mut Random| (random.next() >> 40) as f32 / (1 << 24) as f32;
    (0..6).map(|_| unit(random)).sum::<f32>() - 3.0
}
