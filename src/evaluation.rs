//! What predictions are worth against the true labels.

use crate::dataset::Split;
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
    fn new(classes: usize, labels: &[u16], predicted: &[u16]) -> Self {
        let mut counts = vec![0; classes * classes];
        for (&label, &predicted) in labels.iter().zip(predicted) {
            counts[usize::from(label) * classes + usize::from(predicted)] += 1;
        }
        Self { classes, counts }
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

/// Predictions measured against labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Images whose predicted class is their label.
    pub correct: u64,
    /// Images asked about.
    pub total: u64,
    /// 95 % Wilson interval of the accuracy.
    pub interval95: [f64; 2],
    /// Counts by true and predicted class.
    pub confusion: Confusion,
    /// How many predictions exact arithmetic had to settle.
    pub settled: usize,
}

impl Evaluation {
    /// Compares predictions with the labels of the images they are about.
    ///
    /// # Panics
    /// When there is not one prediction for each image.
    pub fn new(split: &Split, predictions: &Predictions) -> Self {
        assert_eq!(
            split.len(),
            predictions.classes().len(),
            "one prediction for each image"
        );
        let highest = predictions
            .classes()
            .iter()
            .max()
            .map_or(0, |&class| usize::from(class) + 1);
        let classes = split.classes().max(highest);
        let confusion = Confusion::new(classes, split.labels(), predictions.classes());
        let (correct, total) = (confusion.correct(), split.len() as u64);
        let interval95 = wilson_interval95(correct, total);
        Self {
            correct,
            total,
            interval95,
            confusion,
            settled: predictions.settled(),
        }
    }

    /// The share of images whose predicted class is their label.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.total as f64
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
