//! How well predictions agree with the true labels.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::classifier::predictions::Predictions;
use crate::error::{Error, Result};
#[cfg(feature = "arrays")]
use crate::evaluation::score::Counts;
use crate::evaluation::statistics::{Z, wilson_interval95};

/// The confusion matrix: counts of images by true and predicted class. Few of its
/// off-diagonal entries are non-zero, so only those are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// For each class: its images, those of them that are right, and the images
    /// predicted as it.
    support: Vec<u64>,
    right: Vec<u64>,
    given: Vec<u64>,
    /// Wrong answers by true and predicted class.
    wrong: BTreeMap<(u16, u16), u64>,
}

impl Confusion {
    fn new(classes: usize) -> Self {
        let none = vec![0; classes];
        Self {
            support: none.clone(),
            right: none.clone(),
            given: none,
            wrong: BTreeMap::new(),
        }
    }

    fn add(&mut self, labels: &[u16], predicted: &[u16]) {
        for (&label, &predicted) in labels.iter().zip(predicted) {
            self.add_counted(label, predicted, 1);
        }
    }

    /// Adds so many answers of one kind.
    fn add_counted(&mut self, label: u16, predicted: u16, images: u64) {
        self.support[usize::from(label)] += images;
        self.given[usize::from(predicted)] += images;
        if label == predicted {
            self.right[usize::from(label)] += images;
        } else if images > 0 {
            *self.wrong.entry((label, predicted)).or_default() += images;
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.support.len()
    }

    /// All answers that occur, as (true class, predicted class, images): the right ones first.
    pub fn counted(&self) -> impl Iterator<Item = (u16, u16, u64)> + '_ {
        let right = (0_u16..=u16::MAX).zip(&self.right);
        let right = right.filter(|&(_, &images)| images > 0);
        let right = right.map(|(class, &images)| (class, class, images));
        right.chain(self.wrong())
    }

    /// The classes that images have or were given.
    pub fn occurring(&self) -> Vec<usize> {
        let occurs = |class: &usize| self.support[*class] + self.given[*class] > 0;
        (0..self.classes()).filter(occurs).collect()
    }

    /// Images of class `truth` that were predicted as class `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        if truth == predicted {
            return self.right.get(truth).copied().unwrap_or(0);
        }
        let place = |class: usize| u16::try_from(class).ok();
        let key = place(truth).zip(place(predicted));
        key.and_then(|key| self.wrong.get(&key))
            .copied()
            .unwrap_or(0)
    }

    /// The whole matrix: one row per true class, one column per predicted class.
    pub fn rows(&self) -> impl Iterator<Item = Vec<u64>> + '_ {
        let row = |truth| {
            (0..self.classes())
                .map(|predicted| self.count(truth, predicted))
                .collect()
        };
        (0..self.classes()).map(row)
    }

    /// The wrong answers that occur, as (true class, predicted class, images).
    pub fn wrong(&self) -> impl Iterator<Item = (u16, u16, u64)> + '_ {
        self.wrong
            .iter()
            .map(|(&(truth, predicted), &images)| (truth, predicted, images))
    }

    /// The most frequent wrong answers, most frequent first.
    pub fn most_frequent(&self, most: usize) -> Vec<(u16, u16, u64)> {
        let mut wrong: Vec<_> = self.wrong().collect();
        wrong.sort_by_key(|&(truth, predicted, images)| (Reverse(images), truth, predicted));
        wrong.truncate(most);
        wrong
    }
}

/// The scores of one class. A ratio whose denominator is zero is `None`, never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScores {
    /// The share of the images predicted as this class that belong to it.
    pub precision: Option<f64>,
    /// The share of the images of this class that were predicted as it.
    pub recall: Option<f64>,
    /// The harmonic mean of precision and recall: 2·right / (support + predicted).
    pub f1: Option<f64>,
    /// Images of this class.
    pub support: u64,
}

/// The nearest classes among which a label counts as near.
pub const PLACES: usize = 5;

/// Classes from which on that says something.
pub const FEWEST_FOR_PLACES: usize = 20;

/// Predictions compared with labels, for any number of images at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    confusion: Confusion,
    settled: u64,
    settled_in_fractions: u64,
    within: Option<u64>,
}

impl Evaluation {
    /// An evaluation without images yet, for `classes` classes.
    pub fn new(classes: usize) -> Self {
        Self {
            confusion: Confusion::new(classes),
            settled: 0,
            settled_in_fractions: 0,
            within: None,
        }
    }

    /// Adds images.
    ///
    /// # Errors
    /// When the numbers of labels and predictions differ, or a label or prediction
    /// is not below the number of classes; then none of the images is added.
    pub fn add(&mut self, labels: &[u16], predictions: &Predictions) -> Result<()> {
        let predicted = predictions.classes();
        if labels.len() != predicted.len() {
            return Err(Error::Invalid(format!(
                "{} predictions for {} labels",
                predicted.len(),
                labels.len()
            )));
        }
        let classes = self.confusion.classes();
        let highest = labels.iter().chain(predicted).max().copied();
        if let Some(class) = highest.filter(|&class| usize::from(class) >= classes) {
            return Err(Error::Invalid(format!(
                "class {class} is not one of {classes} classes"
            )));
        }
        self.confusion.add(labels, predicted);
        self.settled += predictions.settled() as u64;
        self.settled_in_fractions += predictions.settled_in_fractions() as u64;
        if let Some(within) = predictions.within() {
            let within = within.iter().filter(|&&is_within| is_within).count();
            *self.within.get_or_insert(0) += within as u64;
        }
        Ok(())
    }

    /// Adds counts that are those of answers.
    #[cfg(feature = "arrays")]
    pub(super) fn count(&mut self, counts: &Counts) {
        for &(label, predicted, images) in &counts.answers {
            self.confusion.add_counted(label, predicted, images);
        }
        let [settled, in_fractions] = counts.settled;
        self.settled += settled;
        self.settled_in_fractions += in_fractions;
        if let Some(within) = counts.top5 {
            *self.within.get_or_insert(0) += within;
        }
    }

    /// Number of samples whose label is among the [`PLACES`] nearest classes, where the
    /// predictions say so.
    pub fn top5(&self) -> Option<u64> {
        self.within
    }

    /// The confusion matrix.
    pub fn confusion(&self) -> &Confusion {
        &self.confusion
    }

    /// How many predictions were decided again, the backend's margin being within its error
    /// bound.
    pub fn settled(&self) -> u64 {
        self.settled
    }

    /// How many of these needed fractions of integers.
    pub fn settled_in_fractions(&self) -> u64 {
        self.settled_in_fractions
    }

    /// Number of images whose predicted class is their label.
    pub fn correct(&self) -> u64 {
        self.confusion.right.iter().sum()
    }

    /// Number of images evaluated.
    pub fn total(&self) -> u64 {
        self.confusion.support.iter().sum()
    }

    /// The share of images whose predicted class is their label; NaN if no image
    /// has been added.
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total() as f64
    }

    /// The 95 % Wilson interval of the accuracy.
    ///
    /// # Panics
    /// When no image has been added: [`total`](Self::total) is zero.
    pub fn interval95(&self) -> [f64; 2] {
        wilson_interval95(self.correct(), self.total())
    }

    /// The mean recall of the classes that have images; NaN if no image has been added.
    pub fn balanced_accuracy(&self) -> f64 {
        let recalls = self.per_class().filter_map(|scores| scores.recall);
        let (sum, classes) = recalls.fold((0.0, 0.0), |(sum, classes), recall| {
            (sum + recall, classes + 1.0)
        });
        sum / classes
    }

    /// The 95 % interval of the balanced accuracy: ± 1.96·√(Σ r(1−r)/n)/C over the C classes
    /// that have images, r = (right + 1)/(n + 2) of n images.
    pub fn balanced_interval95(&self) -> [f64; 2] {
        let confusion = &self.confusion;
        let present = confusion.right.iter().zip(&confusion.support);
        let present = present.filter(|&(_, &support)| support > 0);
        let (variance, classes) = present.fold((0.0, 0.0), |(sum, classes), (&right, &n)| {
            let recall = (right + 1) as f64 / (n + 2) as f64;
            (sum + recall * (1.0 - recall) / n as f64, classes + 1.0)
        });
        let (centre, half) = (self.balanced_accuracy(), Z * variance.sqrt() / classes);
        [(centre - half).max(0.0), (centre + half).min(1.0)]
    }

    /// Precision, recall, F1 and support of each class.
    pub fn per_class(&self) -> impl Iterator<Item = ClassScores> + '_ {
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let confusion = &self.confusion;
        (0..confusion.classes()).map(move |class| {
            let (right, support) = (confusion.right[class], confusion.support[class]);
            let given = confusion.given[class];
            ClassScores {
                precision: share(right, given),
                recall: share(right, support),
                f1: share(2 * right, support + given),
                support,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_accuracy_counts_classes_alike() {
        // Class 0: 9 of 10 right; class 1: 1 of 2; class 2 has no images.
        let mut evaluation = Evaluation::new(3);
        let labels = [[0; 10].as_slice(), &[1; 2]].concat();
        let predicted = [[0; 9].as_slice(), &[1, 1, 0]].concat();
        let added = evaluation.add(&labels, &Predictions::from_classes(predicted));
        assert!(added.is_ok());
        assert!((evaluation.balanced_accuracy() - 0.7).abs() < 1e-15);
        // By hand: r = 10/12 and 2/4.
        let half = Z * f64::sqrt(10.0 / 12.0 * (2.0 / 12.0) / 10.0 + 0.25 / 2.0) / 2.0;
        let [low, high] = evaluation.balanced_interval95();
        assert!((low - (0.7 - half)).abs() < 1e-15 && high == 1.0);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_not_counted() {
        let mut evaluation = Evaluation::new(2);
        let mut add = |labels: &[u16], classes: &[u16]| {
            evaluation.add(labels, &Predictions::from_classes(classes.into()))
        };
        assert!(add(&[0, 1], &[0]).is_err());
        assert!(add(&[0, 2], &[0, 1]).is_err());
        assert!(add(&[0, 1], &[0, 2]).is_err());
        assert!(add(&[0, 1], &[1, 1]).is_ok());
        assert_eq!((evaluation.correct(), evaluation.total()), (1, 2));
        assert_eq!(evaluation.confusion().count(9, 9), 0);
    }
}
