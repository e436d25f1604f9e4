//! The sums over all rows of some features.

use num_bigint::BigInt;

use super::planes::{LEAST_BIT, WIDEST, parts};
use super::running::RunningSums;
use super::{FloatSums, MOST_CLASSES};
use crate::data::Features;
use crate::error::{Error, Result};

/// Checks that each row has a label, and each label a class.
pub(super) fn check_labels(features: &Features, labels: &[u16], classes: usize) -> Result<()> {
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
        let mut sums = RunningSums::new(features, classes)?;
        sums.add(features, labels)?;
        Ok(sums.finish())
    }

    /// The sums over a draw: a list of rows, each of which counts as often as it is
    /// listed.
    ///
    /// # Errors
    /// As [`over`](Self::over), and as [`RunningSums::add_draw`].
    pub fn over_draw(
        features: &Features,
        labels: &[u16],
        classes: usize,
        draw: &[u32],
    ) -> Result<Self> {
        let mut sums = RunningSums::new(features, classes)?;
        sums.add_draw(features, labels, draw)?;
        Ok(sums.finish())
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
}
