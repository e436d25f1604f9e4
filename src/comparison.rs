//! Whether one way of training beats another on the same images, honestly:
//! paired, with leave-one-out beside the way that has seen its exam questions.

use crate::dataset::Split;
use crate::evaluation::Evaluation;
use crate::predictions::Predictions;
use crate::statistics::{McNemar, mcnemar};

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
    /// Whether fixed and broken could be equally likely.
    pub mcnemar: McNemar,
}

impl Pair {
    fn new(
        split: &Split,
        from: (&'static str, &Predictions),
        to: (&'static str, &Predictions),
    ) -> Self {
        let (mut fixed, mut broken, mut changed) = (0, 0, 0);
        let predicted = from.1.classes().iter().zip(to.1.classes());
        for (label, (before, after)) in split.labels().iter().zip(predicted) {
            fixed += u64::from(before != label && after == label);
            broken += u64::from(before == label && after != label);
            changed += u64::from(before != after);
        }
        let mcnemar = mcnemar(fixed, broken);
        Self {
            from: from.0,
            to: to.0,
            fixed,
            broken,
            changed,
            mcnemar,
        }
    }

    fn is_detectable(&self) -> bool {
        self.mcnemar.exact_p < SIGNIFICANT
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

impl Comparison {
    /// Compares three predictions of the same images, in the order of [`ROWS`],
    /// each with the number of images its model was trained on.
    pub fn new(split: &Split, predictions: [(&Predictions, u64); 3]) -> Self {
        let row = |index: usize| Row {
            model: ROWS[index],
            images: predictions[index].1,
            evaluation: Evaluation::new(split, predictions[index].0),
        };
        let named = |index: usize| (ROWS[index], predictions[index].0);
        let pair = |from: usize, to: usize| Pair::new(split, named(from), named(to));
        Self {
            rows: [0, 1, 2].map(row),
            pairs: [pair(0, 1), pair(0, 2), pair(1, 2)],
        }
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
            "{} fixed and {} broken (exact McNemar p = {})",
            both.fixed,
            both.broken,
            p_value(both.mcnemar.exact_p)
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
    if p >= 0.0001 {
        format!("{p:.4}")
    } else {
        format!("{p:.1e}")
    }
}

fn plural<'a>(count: u64, one: &'a str, more: &'a str) -> &'a str {
    if count == 1 { one } else { more }
}
