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

/// Trained on train, on train+test, and on train+test with each image left
/// out: the same test images, three ways.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// In the order train, train+test, train+test leave-one-out.
    pub rows: [Row; 3],
    /// train → train+test, train → leave-one-out, train+test → leave-one-out.
    pub pairs: [Pair; 3],
}

/// The names of the rows.
pub const ROWS: [&str; 3] = ["train", "train+test", "train+test leave-one-out"];

/// The rows that each pair joins.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

impl Comparison {
    /// No images yet; each row's model was trained on so many images, in the
    /// order of [`ROWS`].
    pub fn new(classes: usize, images: [u64; 3]) -> Self {
        let row = |index: usize| Row {
            model: ROWS[index],
            images: images[index],
            evaluation: Evaluation::new(classes),
        };
        Self {
            rows: [0, 1, 2].map(row),
            pairs: PAIRS.map(|(from, to)| Pair::new(ROWS[from], ROWS[to])),
        }
    }

    /// Adds images with what each row predicts of them, in the order of [`ROWS`].
    ///
    /// # Errors
    /// As [`Evaluation::add`], and when there are not three sets of predictions.
    pub fn add(&mut self, labels: &[u16], predictions: &[Predictions]) -> Result<()> {
        if predictions.len() != ROWS.len() {
            return Err(Error::Invalid(format!(
                "{} sets of predictions for three rows",
                predictions.len()
            )));
        }
        for (row, predictions) in self.rows.iter_mut().zip(predictions) {
            row.evaluation.add(labels, predictions)?;
        }
        for (pair, (from, to)) in self.pairs.iter_mut().zip(PAIRS) {
            pair.add(labels, &predictions[from], &predictions[to])?;
        }
        Ok(())
    }

    /// Images right under train+test and wrong once left out of it: right
    /// only because the model had seen them.
    pub fn leaked(&self) -> u64 {
        self.pairs[2].broken
    }

    /// The answer in one sentence.
    pub fn verdict(&self) -> String {
        let [both, honest, _] = &self.pairs;
        let gain = both.fixed.cast_signed() - both.broken.cast_signed();
        let finding = match (both.is_detectable(), honest.is_detectable()) {
            (false, _) if gain > 0 => "No detectable gain",
            (false, _) => "No detectable difference",
            (true, _) if gain < 0 => "A detectable loss",
            (true, true) if honest.fixed > honest.broken => "A detectable gain",
            (true, _) => {
                "A gain that is only detectable with each image left in the model it is tested on"
            }
        };
        let counts = format!(
            "{} fixed and {} broken (exact McNemar p {})",
            both.fixed,
            both.broken,
            equals(&p_value(both.mcnemar().exact_p))
        );
        let leaked = self.leaked();
        let share = match u64::try_from(gain) {
            _ if leaked == 0 => "no right answer comes".to_owned(),
            Ok(gain) if gain >= leaked => {
                format!(
                    "{leaked} of the {gain} extra right answers {}",
                    plural(leaked, "comes", "come")
                )
            }
            _ => format!(
                "{leaked} right {}",
                plural(leaked, "answer comes", "answers come")
            ),
        };
        format!("{finding}: {counts}; {share} from testing on images the model had seen.")
    }
}

/// A p-value with four digits, in powers of ten where it is tiny.
pub fn p_value(p: f64) -> String {
    if p == 0.0 {
        "< 1e-300".to_owned()
    } else if p >= 0.0001 {
        format!("{p:.4}")
    } else {
        format!("{p:.1e}")
    }
}

/// A value behind its sign.
fn equals(p: &str) -> String {
    if p.starts_with('<') {
        p.to_owned()
    } else {
        format!("= {p}")
    }
}

fn plural<'a>(count: u64, one: &'a str, more: &'a str) -> &'a str {
    if count == 1 { one } else { more }
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
        let correct = found.rows.each_ref().map(|row| row.evaluation.correct());
        assert_eq!(correct, [12, 17, 14]);
        let counts = found
            .pairs
            .each_ref()
            .map(|pair| (pair.fixed, pair.broken, pair.changed));
        assert_eq!(counts, [(7, 2, 9), (4, 2, 6), (0, 3, 3)]);
        assert_eq!(found.leaked(), 3);
    }

    #[test]
    fn every_verdict() {
        let says = |kinds: &[(&str, usize)], begins: &str, ends: &str| {
            let verdict = comparison(kinds).verdict();
            let ends = format!("{ends} from testing on images the model had seen.");
            assert!(
                verdict.starts_with(begins) && verdict.ends_with(&ends),
                "{verdict}"
            );
        };
        says(
            &[("RRR", 5)],
            "No detectable difference: 0 fixed and 0 broken",
            "no right answer comes",
        );
        says(
            &[("WRR", 2)],
            "No detectable gain: 2 fixed",
            "no right answer comes",
        );
        says(
            &[("RWW", 2)],
            "No detectable difference: 0 fixed and 2 broken",
            "no right answer comes",
        );
        says(
            &[("WRR", 30)],
            "A detectable gain: 30 fixed",
            "no right answer comes",
        );
        says(
            &[("RWW", 30)],
            "A detectable loss: 0 fixed and 30 broken",
            "no right answer comes",
        );
        let leaked = "A gain that is only detectable with each image left in";
        says(
            &[("WRW", 30)],
            leaked,
            "30 of the 30 extra right answers come",
        );
        // Honestly it is a loss, though the leak makes it look like a gain.
        says(
            &[("WRW", 50), ("RWW", 20)],
            leaked,
            "; 50 right answers come",
        );
        says(
            &[("WRW", 1), ("WRR", 1)],
            "No detectable gain",
            "1 of the 2 extra right answers comes",
        );
        says(
            &[("WRW", 1), ("RWW", 1)],
            "No detectable difference",
            "; 1 right answer comes",
        );
    }

    #[test]
    fn tiny_p_values_keep_their_size() {
        assert_eq!(p_value(0.000_1), "0.0001");
        assert_eq!(p_value(0.000_012_3), "1.2e-5");
        assert_eq!(p_value(1.0), "1.0000");
        assert_eq!(equals(&p_value(0.0)), "< 1e-300");
        assert_eq!(equals(&p_value(0.5)), "= 0.5000");
    }
}
