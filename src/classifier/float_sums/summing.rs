//! The sums over rows, class by class, on all cores.

use num_bigint::BigInt;
use rayon::prelude::*;

use super::planes::{self, LEAST_BIT, WIDEST, parts};
use super::wide::{Wide, joined, terms};
use super::{FloatSums, MOST_CLASSES, MOST_ROWS};
use crate::classifier::draw::check_draw;
use crate::data::Features;
use crate::error::{Error, Result};

/// The fewest rows of a class, and the fewest values, that are worth a task of their own.
const FEWEST_ROWS: usize = 64;
const FEWEST_VALUES: usize = 1 << 16;

/// Checks that each row has a label, and each label a class.
fn check_labels(features: &Features, labels: &[u16], classes: usize) -> Result<()> {
    if features.len() != labels.len() || !(1..=MOST_CLASSES).contains(&classes) {
        return Err(Error::Invalid(format!(
            "{} labels for {} rows of {classes} classes",
            labels.len(),
            features.len()
        )));
    }
    match (0..)
        .zip(labels)
        .find(|(_, label)| usize::from(**label) >= classes)
    {
        None => Ok(()),
        Some((index, label)) => {
            let index: usize = index;
            Err(Error::Invalid(format!(
                "label {label} at index {index} is not one of {classes} classes"
            )))
        }
    }
}

impl FloatSums {
    /// The sums over all rows, each added to the class of its label.
    ///
    /// # Errors
    /// When the counts of rows and labels differ, a label is not below `classes`, or these
    /// are more than [`MOST_CLASSES`].
    pub fn over(features: &Features, labels: &[u16], classes: usize) -> Result<Self> {
        check_labels(features, labels, classes)?;
        Self::by_class(features, labels, classes, || 0..features.len())
    }

    /// The sums over a draw: a list of rows, each of which counts as often as it is
    /// listed.
    ///
    /// # Errors
    /// As [`over`](Self::over), and as [`check_draw`].
    pub fn over_draw(
        features: &Features,
        labels: &[u16],
        classes: usize,
        draw: &[u32],
    ) -> Result<Self> {
        check_labels(features, labels, classes)?;
        check_draw(features.len(), draw)?;
        Self::by_class(features, labels, classes, || {
            draw.iter().map(|&index| index as usize)
        })
    }

    /// The sums over rows, with integers of any size, one row after another. This is
    /// the definition against which the faster way is checked.
    ///
    /// # Errors
    /// As [`over`](Self::over).
    ///
    /// # Panics
    /// When a row does not exist.
    pub fn of(
        features: &Features,
        labels: &[u16],
        classes: usize,
        rows: impl IntoIterator<Item = usize>,
    ) -> Result<Self> {
        check_labels(features, labels, classes)?;
        let dim = features.dim();
        let (mut counts, mut sums) = (vec![0; classes], vec![BigInt::ZERO; classes * dim]);
        for row in rows {
            let class = usize::from(labels[row]);
            counts[class] += 1;
            for (sum, &value) in sums[class * dim..].iter_mut().zip(features.row(row)) {
                let (integer, exponent) = parts(value);
                *sum += BigInt::from(integer) << (exponent - LEAST_BIT) as u32;
            }
        }
        let mut limbs = vec![0; sums.len() * WIDEST];
        for (limbs, sum) in limbs.chunks_exact_mut(WIDEST).zip(&sums) {
            // Two's complement: what is missing above repeats the sign.
            let mut bytes = sum.to_signed_bytes_le();
            let sign = if *sum < BigInt::ZERO { 0xff } else { 0 };
            bytes.resize(8 * WIDEST, sign);
            for (limb, bytes) in limbs.iter_mut().zip(bytes.chunks_exact(8)) {
                *limb = bytes
                    .iter()
                    .rev()
                    .fold(0, |limb, &byte| limb << 8 | u64::from(byte));
            }
        }
        let sums = Self::new(dim, counts, LEAST_BIT, WIDEST, limbs)?;
        sums.prepared_by(features.preparation().clone())
    }

    /// The sums over rows that exist, which are visited class by class: so the sums of
    /// one stay in the processor's cache.
    fn by_class<Rows: Iterator<Item = usize>>(
        features: &Features,
        labels: &[u16],
        classes: usize,
        rows: impl Fn() -> Rows,
    ) -> Result<Self> {
        let mut ends = vec![0_usize; classes + 1];
        rows().for_each(|row| ends[usize::from(labels[row]) + 1] += 1);
        (0..classes).for_each(|class| ends[class + 1] += ends[class]);
        let starts = ends.clone();
        let mut sorted = vec![0; starts[classes]];
        for row in rows() {
            let end = &mut ends[usize::from(labels[row])];
            sorted[*end] = row;
            *end += 1;
        }
        // Parts of classes, so that all cores have enough to do where classes are few.
        let tasks = 8 * rayon::current_num_threads();
        let fewest = (FEWEST_VALUES / features.dim()).clamp(FEWEST_ROWS, planes::MOST_ROWS);
        let most = (sorted.len() / tasks).clamp(fewest, planes::MOST_ROWS);
        let sums: Vec<Wide> = (0..classes)
            .into_par_iter()
            .map(|class| {
                let rows = &sorted[starts[class]..starts[class + 1]];
                sum_of(features, rows, most)
            })
            .collect();
        let counts: Vec<u64> = (0..classes)
            .map(|class| (starts[class + 1] - starts[class]) as u64)
            .collect();
        if let Some(class) = counts.iter().position(|&count| count > MOST_ROWS) {
            return Err(Error::Invalid(format!("class {class} has too many rows")));
        }
        Ok(Self {
            dim: features.dim(),
            counts,
            sums: in_one_list(&sums, features.dim()),
            preparation: features.preparation().clone(),
        })
    }
}

/// The sum of rows of one class, of which at most `most` at a time.
fn sum_of(features: &Features, rows: &[usize], most: usize) -> Wide {
    let dim = features.dim();
    let part = |rows: &[usize]| planes::sum_of(dim, rows.iter().map(|&row| features.row(row)));
    if rows.len() <= most {
        return part(rows);
    }
    let add = |mut sum: Wide, other: Wide| {
        sum.add(&other, false);
        sum
    };
    rows.par_chunks(most)
        .map(part)
        .reduce(|| Wide::zeros(dim), add)
}

/// The sums of classes, of `dim` values each, as one list in lowest terms.
fn in_one_list(sums: &[Wide], dim: usize) -> Wide {
    let extent = sums.par_iter().map(Wide::extent).reduce(|| None, joined);
    let (exponent, width) = terms(extent);
    let mut limbs = vec![0; sums.len() * dim * width];
    limbs
        .par_chunks_mut(dim * width)
        .zip(sums)
        .for_each(|(limbs, sum)| sum.align_into(exponent, width, limbs));
    Wide::new(exponent, width, limbs)
}
