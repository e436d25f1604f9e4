//! Compares ways of training on the same test images, in pairs. Training on the test
//! images too is evaluated twice: as it is, and leave-one-out, where no image is in
//! the model that it is tested on.

use crate::classifier::predictions::Predictions;
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;
use crate::evaluation::statistics::{McNemar, gain_interval95, mcnemar};

/// The significance level: a p-value below it counts as a detectable difference.
const SIGNIFICANT: f64 = 0.05;

/// One way of training, with its evaluation.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the model was trained on.
    pub model: &'static str,
    /// Number of images the model was trained on.
    pub images: u64,
    /// Its results on the test images.
    pub evaluation: Evaluation,
}

/// Two models compared on the same images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The first model.
    pub from: &'static str,
    /// The second model.
    pub to: &'static str,
    /// Images that the first model has wrong and the second right.
    pub fixed: u64,
    /// Images that the first model has right and the second wrong.
    pub broken: u64,
    /// Images for which the two models predict different classes, right or wrong.
    pub changed: u64,
    /// All images compared.
    pub images: u64,
}

impl Pair {
    /// A comparison of two named models, without images yet.
    pub fn new(from: &'static str, to: &'static str) -> Self {
        Self {
            from,
            to,
            fixed: 0,
            broken: 0,
            changed: 0,
            images: 0,
        }
    }

    /// Adds images with the predictions of both models.
    ///
    /// # Errors
    /// When the numbers of labels and of either model's predictions differ.
    pub fn add(&mut self, labels: &[u16], from: &Predictions, to: &Predictions) -> Result<()> {
        let images = [labels.len(), from.classes().len(), to.classes().len()];
        if images != [labels.len(); 3] {
            let [labels, from, to] = images;
            return Err(Error::Invalid(format!(
                "{from} and {to} predictions for {labels} labels"
            )));
        }
        self.images += labels.len() as u64;
        let predicted = from.classes().iter().zip(to.classes());
        for (label, (before, after)) in labels.iter().zip(predicted) {
            self.fixed += u64::from(before != label && after == label);
            self.broken += u64::from(before == label && after != label);
            self.changed += u64::from(before != after);
        }
        Ok(())
    }

    /// How much greater the share of right answers is under the second model.
    ///
    /// # Panics
    /// As [`difference95`](Self::difference95).
    pub fn difference(&self) -> f64 {
        assert!(self.images > 0, "a difference without images");
        self.gain() as f64 / self.images as f64
    }

    /// The 95 % interval of that difference, for other images (Bonett and Price 2012).
    ///
    /// # Panics
    /// When no image has been added.
    pub fn difference95(&self) -> [f64; 2] {
        let unequal = (self.fixed + self.broken) as f64;
        gain_interval95(self.gain() as f64, unequal, self.images, 0.0)
    }

    /// How many more images are right under the second model.
    pub fn gain(&self) -> i64 {
        self.fixed.cast_signed() - self.broken.cast_signed()
    }

    /// McNemar's test of whether fixed and broken images are equally likely.
    pub fn mcnemar(&self) -> McNemar {
        mcnemar(self.fixed, self.broken)
    }

    /// Whether McNemar's exact p-value is below 0.05.
    pub fn is_detectable(&self) -> bool {
        self.mcnemar().exact_p < SIGNIFICANT
    }
}

/// The name of the model trained on the training images.
pub const TRAIN: &str = "train";
/// The name of the model trained on the training and test images.
pub const TRAIN_AND_TEST: &str = "train+test";
/// The name of the model trained on both, with each image left out when it is asked
/// about.
pub const LEAVE_ONE_OUT: &str = "train+test leave-one-out";

/// The same test images under three models: trained on train, on train+test, and on
/// train+test with each image left out.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Trained on train.
    pub train: Row,
    /// Trained on train+test.
    pub both: Row,
    /// Trained on train+test, with each image left out.
    pub left_out: Row,
    /// train → train+test.
    pub train_to_both: Pair,
    /// train → leave-one-out: what adding the test images really gains.
    pub train_to_left_out: Pair,
    /// train+test → leave-one-out: what comes only from having seen the test
    /// images.
    pub both_to_left_out: Pair,
}

/// The effect of also training on the test images, with each left out of the model that
/// it is tested on. This one test decides: a difference counts as detectable if its exact
/// p-value is below 0.05.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No more images are right than before, and not detectably fewer.
    NoDetectableDifference,
    /// More images are right, but not detectably more.
    NoDetectableGain,
    /// Detectably fewer images are right.
    Loss,
    /// Detectably more images are right.
    Gain,
}

impl Comparison {
    /// A comparison without images yet. `images` is the number of images each model
    /// was trained on, in the order train, train+test, leave-one-out.
    pub fn new(classes: usize, images: [u64; 3]) -> Self {
        let row = |model, images| Row {
            model,
            images,
            evaluation: Evaluation::new(classes),
        };
        let [train, both, left_out] = images;
        Self {
            train: row(TRAIN, train),
            both: row(TRAIN_AND_TEST, both),
            left_out: row(LEAVE_ONE_OUT, left_out),
            train_to_both: Pair::new(TRAIN, TRAIN_AND_TEST),
            train_to_left_out: Pair::new(TRAIN, LEAVE_ONE_OUT),
            both_to_left_out: Pair::new(TRAIN_AND_TEST, LEAVE_ONE_OUT),
        }
    }

    /// Adds images with the predictions of the three models, in the order of
    /// [`new`](Self::new).
    ///
    /// # Errors
    /// As [`Evaluation::add`], and when there are not three sets of predictions.
    pub fn add(&mut self, labels: &[u16], predictions: &[Predictions]) -> Result<()> {
        let [train, both, left_out] = predictions else {
            return Err(Error::Invalid(format!(
                "{} sets of predictions for three models",
                predictions.len()
            )));
        };
        self.train.evaluation.add(labels, train)?;
        self.both.evaluation.add(labels, both)?;
        self.left_out.evaluation.add(labels, left_out)?;
        self.train_to_both.add(labels, train, both)?;
        self.train_to_left_out.add(labels, train, left_out)?;
        self.both_to_left_out.add(labels, both, left_out)
    }

    /// The three models, in the order of [`new`](Self::new).
    pub fn rows(&self) -> [&Row; 3] {
        [&self.train, &self.both, &self.left_out]
    }

    /// The three pairs of models.
    pub fn pairs(&self) -> [&Pair; 3] {
        [
            &self.train_to_both,
            &self.train_to_left_out,
            &self.both_to_left_out,
        ]
    }

    /// Images that are right under train+test and wrong under leave-one-out: they
    /// are right only because the model had seen them.
    pub fn leaked(&self) -> u64 {
        self.both_to_left_out.broken
    }

    /// The conclusion of the comparison.
    pub fn finding(&self) -> Finding {
        let honest = &self.train_to_left_out;
        match (honest.is_detectable(), honest.gain() > 0) {
            (false, true) => Finding::NoDetectableGain,
            (false, false) => Finding::NoDetectableDifference,
            (true, true) => Finding::Gain,
            (true, false) => Finding::Loss,
        }
    }
}

#[cfg(test)]
impl Comparison {
    /// A comparison on images of class 1. Each kind says whether the images are
    /// right (R) or wrong (W) under train, train+test and leave-one-out, and comes
    /// with their number.
    pub(crate) fn of_kinds(kinds: &[(&str, usize)]) -> Self {
        let mut comparison = Self::new(2, [10, 20, 20]);
        for &(kind, images) in kinds {
            let predictions: Vec<_> = kind
                .bytes()
                .map(|right| Predictions::new(vec![u16::from(right == b'R'); images], 0))
                .collect();
            let added = comparison.add(&vec![1; images], &predictions);
            added.expect("one prediction for each image");
        }
        comparison
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_hand() {
        let found =
            Comparison::of_kinds(&[("WRW", 3), ("WRR", 4), ("RWW", 2), ("RRR", 10), ("WWW", 1)]);
        let correct = found.rows().map(|row| row.evaluation.correct());
        assert_eq!(correct, [12, 17, 14]);
        let counts = found
            .pairs()
            .map(|pair| (pair.fixed, pair.broken, pair.changed));
        assert_eq!(counts, [(7, 2, 9), (4, 2, 6), (0, 3, 3)]);
        assert_eq!(found.leaked(), 3);
    }

    #[test]
    fn every_finding() {
        let finds = |kinds: &[(&str, usize)], finding: Finding, gain: i64, leaked: u64| {
            let comparison = Comparison::of_kinds(kinds);
            assert_eq!(comparison.finding(), finding, "{kinds:?}");
            assert_eq!(
                (comparison.train_to_both.gain(), comparison.leaked()),
                (gain, leaked)
            );
        };
        finds(&[("RRR", 5)], Finding::NoDetectableDifference, 0, 0);
        finds(&[("WRR", 2)], Finding::NoDetectableGain, 2, 0);
        finds(&[("RWW", 2)], Finding::NoDetectableDifference, -2, 0);
        finds(&[("WRR", 30)], Finding::Gain, 30, 0);
        finds(&[("RWW", 30)], Finding::Loss, -30, 0);
        finds(&[("WRW", 30)], Finding::NoDetectableDifference, 30, 30);
        // A loss under leave-one-out, though seeing the test images makes it look
        // like a gain.
        finds(&[("WRW", 50), ("RWW", 20)], Finding::Loss, 30, 50);
    }
}
