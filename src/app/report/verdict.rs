//! What a comparison comes to, in one sentence.

use crate::evaluation::comparison::{Comparison, Finding};

/// The answer in one sentence.
pub fn verdict(comparison: &Comparison) -> String {
    let finding = match comparison.finding() {
        Finding::NoDetectableDifference => "No detectable difference",
        Finding::NoDetectableGain => "No detectable gain",
        Finding::Loss => "A detectable loss",
        Finding::Gain => "A detectable gain",
        Finding::GainOnlyWhenSeen => {
            "A gain that is only detectable with each image left in the model it is tested on"
        }
    };
    let both = &comparison.train_to_both;
    let counts = format!(
        "{} fixed and {} broken (exact McNemar p {})",
        both.fixed,
        both.broken,
        equals(&p_value(both.mcnemar().exact_p))
    );
    let leaked = comparison.leaked();
    let share = match u64::try_from(comparison.gain()) {
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

/// A p-value with four digits, in powers of ten where it is tiny.
pub(super) fn p_value(p: f64) -> String {
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

    #[test]
    fn every_verdict() {
        let says = |kinds: &[(&str, usize)], begins: &str, ends: &str| {
            let verdict = verdict(&Comparison::of_kinds(kinds));
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
