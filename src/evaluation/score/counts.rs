//! Counts of answers as they are stored, and added.

use crate::error::{Error, Result};
use crate::evaluation::Evaluation;

/// The most samples of a score, so that no sum of counts wraps.
const MOST: u64 = 1 << 40;

/// What an evaluation has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// True class, predicted class, and how often that occurs.
    pub answers: Vec<(u16, u16, u64)>,
    /// Answers that were decided exactly, and those of them that needed fractions.
    pub settled: [u64; 2],
    /// Samples whose class is among the nearest, where that was asked.
    pub top5: Option<u64>,
}

impl From<&Evaluation> for Counts {
    fn from(evaluation: &Evaluation) -> Self {
        let mut answers: Vec<_> = evaluation.confusion().counted().collect();
        answers.sort_unstable();
        Self {
            answers,
            settled: [evaluation.settled(), evaluation.settled_in_fractions()],
            top5: evaluation.top5(),
        }
    }
}

impl Evaluation {
    /// An evaluation that has counted this, among so many classes.
    ///
    /// # Errors
    /// When no evaluation could have.
    pub fn of_counts(classes: usize, counts: &Counts) -> Result<Self> {
        let mut evaluation = Self::new(classes);
        evaluation.add_counts(counts)?;
        Ok(evaluation)
    }

    /// Adds what an evaluation of other samples has counted.
    ///
    /// # Errors
    /// When no evaluation could have among so many classes, or there are too many samples.
    pub fn add_counts(&mut self, counts: &Counts) -> Result<()> {
        let classes = self.confusion().classes();
        let highest = |&(label, predicted, _): &(u16, u16, u64)| usize::from(label.max(predicted));
        let sum = |sum: u64, &(_, _, count): &(u16, u16, u64)| sum.checked_add(count);
        let total = counts.answers.iter().try_fold(0_u64, sum);
        let total = total.filter(|total| total + self.total() < MOST);
        let [settled, in_fractions] = counts.settled;
        let is_right = match total {
            Some(total) => {
                let right = counts.answers.iter().filter(|answer| answer.0 == answer.1);
                let right: u64 = right.map(|answer| answer.2).sum();
                in_fractions <= settled
                    && settled <= total
                    && counts
                        .top5
                        .is_none_or(|top5| (right..=total).contains(&top5))
                    && counts
                        .answers
                        .iter()
                        .all(|answer| highest(answer) < classes)
            }
            None => false,
        };
        match is_right {
            true => {
                self.count(counts);
                Ok(())
            }
            false => Err(Error::Invalid(format!(
                "counts that are not those of answers among {classes} classes"
            ))),
        }
    }
}
