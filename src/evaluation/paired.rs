//! Two classifiers on the same test samples.

use crate::classifier::predictions::Predictions;
use crate::error::Result;
use crate::evaluation::Evaluation;
use crate::evaluation::comparison::{Pair, Row};

/// Two classifiers, and what changes from the first to the second.
#[derive(Clone, Debug)]
pub struct Paired {
    /// Each of them.
    pub rows: [Row; 2],
    /// From the first to the second.
    pub pair: Pair,
}

/// Which of the two is right more often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// They cannot be told apart: McNemar's exact p-value is not below 0.05.
    Neither,
    /// The first.
    First,
    /// The second.
    Second,
}

impl Paired {
    /// Two named classifiers without samples yet; `trained_on` is the number of samples
    /// that each was trained on.
    pub fn new(classes: usize, names: [&'static str; 2], trained_on: u64) -> Self {
        let row = |model| Row {
            model,
            images: trained_on,
            evaluation: Evaluation::new(classes),
        };
        let [first, second] = names;
        Self {
            rows: names.map(row),
            pair: Pair::new(first, second),
        }
    }

    /// Adds samples with the predictions of both.
    ///
    /// # Errors
    /// As [`Evaluation::add`] and [`Pair::add`].
    pub fn add(&mut self, labels: &[u16], predictions: [&Predictions; 2]) -> Result<()> {
        for (row, predictions) in self.rows.iter_mut().zip(predictions) {
            row.evaluation.add(labels, predictions)?;
        }
        let [first, second] = predictions;
        self.pair.add(labels, first, second)
    }

    /// Which of the two is right more often.
    pub fn better(&self) -> Better {
        match (self.pair.is_detectable(), self.pair.gain() > 0) {
            (false, _) => Better::Neither,
            (true, false) => Better::First,
            (true, true) => Better::Second,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_one_by_hand() -> Result<()> {
        for (fixed, broken, better) in [
            (0, 0, Better::Neither),
            (5, 0, Better::Neither),
            (6, 0, Better::Second),
            (0, 6, Better::First),
            (30, 25, Better::Neither),
        ] {
            let mut paired = Paired::new(2, ["a", "b"], 9);
            let labels = vec![1; fixed + broken];
            let of = |right: [u16; 2]| {
                let classes = [vec![right[0]; fixed], vec![right[1]; broken]].concat();
                Predictions::from_classes(classes)
            };
            paired.add(&labels, [&of([0, 1]), &of([1, 0])])?;
            assert_eq!(paired.better(), better, "{fixed} fixed, {broken} broken");
            let right = paired.rows.each_ref().map(|row| row.evaluation.correct());
            assert_eq!(right, [broken as u64, fixed as u64]);
        }
        Ok(())
    }
}
