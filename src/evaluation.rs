//! What predictions are worth against the true labels.

use crate::predictions::Predictions;
use crate::statistics::wilson_interval95;

/// Counts of images by true and predicted class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// `classes × classes`, rows = true class.
    counts: Vec<u64>,
}

impl Confusion {
    fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    fn add(&mut self, labels: &[u16], predicted: &[u16]) {
        for (&label, &predicted) in labels.iter().zip(predicted) {
            self.counts[usize::from(label) * self.classes + usize::from(predicted)] += 1;
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Images of class `truth` that were given class `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes + predicted]
    }

    /// One row for each true class, one column for each predicted class.
    pub fn rows(&self) -> impl Iterator<Item = &[u64]> {
        self.counts.chunks_exact(self.classes)
    }

    fn correct(&self) -> u64 {
        (0..self.classes)
            .map(|class| self.count(class, class))
            .sum()
    }
}

/// How one class fared. A share of nothing is `None`, never NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScores {
    /// Of the images given this class, the share that is of it.
    pub precision: Option<f64>,
    /// Of the images of this class, the share given it.
    pub recall: Option<f64>,
    /// The harmonic mean of the two: 2·right / (of it + given it).
    pub f1: Option<f64>,
    /// Images of this class.
    pub support: u64,
}

/// Predictions measured against labels, any number of images at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    confusion: Confusion,
    settled: u64,
}

impl Evaluation {
    /// No images yet, of so many classes.
    pub fn new(classes: usize) -> Self {
        Self {
            confusion: Confusion::new(classes),
            settled: 0,
        }
    }

    /// Adds images.
    ///
    /// # Panics
    /// When there is not one prediction for each label or a class is unknown.
    pub fn add(&mut self, labels: &[u16], predictions: &Predictions) {
        assert_eq!(
            labels.len(),
            predictions.classes().len(),
            "one prediction for each image"
        );
        self.confusion.add(labels, predictions.classes());
        self.settled += predictions.settled() as u64;
    }

    /// Counts by true and predicted class.
    pub fn confusion(&self) -> &Confusion {
        &self.confusion
    }

    /// How many predictions exact arithmetic had to settle.
    pub fn settled(&self) -> u64 {
        self.settled
    }

    /// Images whose predicted class is their label.
    pub fn correct(&self) -> u64 {
        self.confusion.correct()
    }

    /// Images asked about.
    pub fn total(&self) -> u64 {
        self.confusion.counts.iter().sum()
    }

    /// The share of images whose predicted class is their label.
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total() as f64
    }

    /// 95 % Wilson interval of the accuracy.
    ///
    /// # Panics
    /// When no image has been added.
    pub fn interval95(&self) -> [f64; 2] {
        wilson_interval95(self.correct(), self.total())
    }

    /// Precision, recall, F1 and support of each class.
    pub fn per_class(&self) -> impl Iterator<Item = ClassScores> + '_ {
        let share = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let confusion = &self.confusion;
        (0..confusion.classes()).map(move |class| {
            let right = confusion.count(class, class);
            let support = (0..confusion.classes())
                .map(|other| confusion.count(class, other))
                .sum();
            let given = (0..confusion.classes())
                .map(|other| confusion.count(other, class))
                .sum();
            ClassScores {
                precision: share(right, given),
                recall: share(right, support),
                f1: share(2 * right, support + given),
                support,
            }
        })
    }
}
