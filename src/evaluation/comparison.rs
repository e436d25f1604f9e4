//! Whether one way of training beats another on the same images, honestly:
//! paired, with leave-one-out beside the way that has seen its exam questions.

use crate::classifier::predictions::Predictions;
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;
use crate::evaluation::statistics::{McNemar, mcnemar};

/// p-values below this count as a detectable difference.
const SIGNIFICANT: f64 = 0.05;

/// One way of training, evaluated.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the model was trained on.
    pub model: &'static str,
    /// Images the model was trained on.
    pub images: u64,
    /// How it did.
    pub evaluation: Evaluation,
}

/// Two rows on the same images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The model before.
    pub from: &'static str,
    /// The model after.
    pub to: &'static str,
    /// Images wrong before and right after.
    pub fixed: u64,
    /// Images right before and wrong after.
    pub broken: u64,
    /// Images given another class, right or wrong.
    pub changed: u64,
}

impl Pair {
    /// Two classifiers by their names, and no images yet.
    pub fn new(from: &'static str, to: &'static str) -> Self {
        Self {
            from,
            to,
            fixed: 0,
            broken: 0,
            changed: 0,
        }
    }

    /// Adds images with what both predict of them.
    ///
    /// # Errors
    /// When there is not one prediction of each for each label.
    pub fn add(&mut self, labels: &[u16], from: &Predictions, to: &Predictions) -> Result<()> {
        let images = [labels.len(), from.classes().len(), to.classes().len()];
        if images != [labels.len(); 3] {
            let [labels, from, to] = images;
            return Err(Error::Invalid(format!(
                "{from} and {to} predictions for {labels} labels"
            )));
        }
        let predicted = from.classes().iter().zip(to.classes());
        for (label, (before, after)) in labels.iter().zip(predicted) {
            self.fixed += u64::from(before != label && after == label);
            self.broken += u64::from(before == label && after != label);
            self.changed += u64::from(before != after);
        }
        Ok(())
    }

    /// Whether fixed and broken could be equally likely.
    pub fn mcnemar(&self) -> McNemar {
        mcnemar(self.fixed, self.broken)
    }

    fn is_detectable(&self) -> bool {
        self.mcnemar().exact_p < SIGNIFICANT
    }
}

/// What models are called that were trained on the training images, on the test
/// images as well, and on both but for the image that is asked about.
pub const TRAIN: &str = "train";
/// See [`TRAIN`].
pub const TRAIN_AND_TEST: &str = "train+test";
/// See [`TRAIN`].
pub const LEAVE_ONE_OUT: &str = "train+test leave-one-out";

/// Trained on train, on train+test, and on train+test with each image left
/// out: the same test images, three ways.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Trained on train.
    pub train: Row,
    /// Trained on train+test.
    pub both: Row,
    /// Trained on train+test, each image left out.
    pub left_out: Row,
    /// train → train+test.
    pub train_to_both: Pair,
    /// train → leave-one-out: what the test images really add.
    pub train_to_left_out: Pair,
    /// train+test → leave-one-out: what comes from having seen them.
    pub both_to_left_out: Pair,
}

/// What training on the test images as well does to the answers about them.
/// A difference counts as detectable where its exact p-value is below 0.05.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No more are right than before, nor detectably fewer.
    NoDetectableDifference,
    /// More are right, but no more than chance explains.
    NoDetectableGain,
    /// Detectably fewer are right.
    Loss,
    /// Detectably more are right, also with each image left out of the model
    /// that it is tested on.
    Gain,
    /// Detectably more are right, but only with each image left in.
    GainOnlyWhenSeen,
}

impl Comparison {
    /// No images yet; the three models were trained on so many images, in the
    /// order train, train+test, leave-one-out.
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

    /// Adds images with what each of the three models predicts of them, in the
    /// order of [`new`](Self::new).
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

    /// The three models in the order of [`new`](Self::new).
    pub fn rows(&self) -> [&Row; 3] {
        [&self.train, &self.both, &self.left_out]
    }

    /// The three pairs of them.
    pub fn pairs(&self) -> [&Pair; 3] {
        [
            &self.train_to_both,
            &self.train_to_left_out,
            &self.both_to_left_out,
        ]
    }

    /// Images right under train+test and wrong once left out of it: right
    /// only because the model had seen them.
    pub fn leaked(&self) -> u64 {
        self.both_to_left_out.broken
    }

    /// What the comparison comes to.
    pub fn finding(&self) -> Finding {
        let (both, honest) = (&self.train_to_both, &self.train_to_left_out);
        match (both.is_detectable(), honest.is_detectable()) {
            (false, _) if self.gain() > 0 => Finding::NoDetectableGain,
            (false, _) => Finding::NoDetectableDifference,
            (true, _) if self.gain() < 0 => Finding::Loss,
            (true, true) if honest.fixed > honest.broken => Finding::Gain,
            (true, _) => Finding::GainOnlyWhenSeen,
        }
    }

    /// How many more images are right under train+test than under train.
    pub fn gain(&self) -> i64 {
        let both = &self.train_to_both;
        both.fixed.cast_signed() - both.broken.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each kind of image so many, all of class 1: right (R) or wrong (W)
    /// under train, under train+test and left out of it.
    fn comparison(kinds: &[(&str, usize)]) -> Comparison {
        let mut comparison = Comparison::new(2, [10, 20, 20]);
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

    #[test]
    fn counts_by_hand() {
        let found = comparison(&[("WRW", 3), ("WRR", 4), ("RWW", 2), ("RRR", 10), ("WWW", 1)]);
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
            let comparison = comparison(kinds);
            assert_eq!(comparison.finding(), finding, "{kinds:?}");
            assert_eq!(
                [comparison.gain(), comparison.leaked().cast_signed()],
                [gain, leaked.cast_signed()]
            );
        };
        finds(&[("RRR", 5)], Finding::NoDetectableDifference, 0, 0);
        finds(&[("WRR", 2)], Finding::NoDetectableGain, 2, 0);
        finds(&[("RWW", 2)], Finding::NoDetectableDifference, -2, 0);
        finds(&[("WRR", 30)], Finding::Gain, 30, 0);
        finds(&[("RWW", 30)], Finding::Loss, -30, 0);
        finds(&[("WRW", 30)], Finding::GainOnlyWhenSeen, 30, 30);
        // Honestly it is a loss, though the leak makes it look like a gain.
        finds(
            &[("WRW", 50), ("RWW", 20)],
            Finding::GainOnlyWhenSeen,
            30,
            50,
        );
    }
}
