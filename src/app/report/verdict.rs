//! What a comparison comes to.

use super::points::{points, points_between};
use super::text;
use crate::evaluation::comparison::{Comparison, Finding, Pair};

/// The answer: what leave-one-out gains decides, and what comes from having seen the test
/// images is said beside it.
pub fn verdict(comparison: &Comparison) -> String {
    let finding = match comparison.finding() {
        Finding::NoDetectableDifference => "No detectable difference",
        Finding::NoDetectableGain => "No detectable gain",
        Finding::Loss => "A detectable loss",
        Finding::Gain => "A detectable gain",
    };
    let honest = &comparison.train_to_left_out;
    format!(
        "{finding}: with each test image left out of its own mean {} {}",
        gained(honest),
        seen(comparison)
    )
}

/// What a pair comes to, and how certain that is.
pub(super) fn gained(pair: &Pair) -> String {
    format!(
        "{} fixed and {} broken, {} (95 % interval {}; exact McNemar p {}).",
        text::count(pair.fixed),
        text::count(pair.broken),
        points(pair.difference()),
        points_between(pair.difference95()),
        equals(&p_value(pair.mcnemar().exact_p)),
    )
}

/// What train+test has right only because it has seen the test images.
fn seen(comparison: &Comparison) -> String {
    let leaked = comparison.leaked();
    if leaked == 0 {
        return "No answer of train+test is right only because it has seen the image.".into();
    }
    let more = comparison.train_to_both.gain();
    let honest = comparison.train_to_left_out.gain();
    let more = u64::try_from(more).unwrap_or(0);
    match u64::try_from(honest) {
        Ok(0) => format!(
            "Train+test has {} more right than train, only because it has seen {}.",
            text::count(more),
            if more == 1 { "it" } else { "them" }
        ),
        Ok(honest) => format!(
            "Train+test has {} more right than train: {} and {} that it has right only because it \
             has seen {}.",
            text::count(more),
            text::count(honest),
            text::count(leaked),
            if leaked == 1 { "it" } else { "them" }
        ),
        Err(_) => format!(
            "Train+test has {} right only because it has seen {}.",
            text::images(leaked),
            if leaked == 1 { "it" } else { "them" }
        ),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict() {
        let says = |kinds: &[(&str, usize)], begins: &str, ends: &str| {
            let verdict = verdict(&Comparison::of_kinds(kinds));
            assert!(
                verdict.starts_with(begins) && verdict.ends_with(ends),
                "{verdict}"
            );
        };
        let nothing_seen = "No answer of train+test is right only because it has seen the image.";
        says(
            &[("RRR", 5)],
            "No detectable difference: with each test image left out of its own mean 0 fixed and \
             0 broken, 0.00 points (95 % interval −",
            nothing_seen,
        );
        says(&[("WRR", 2)], "No detectable gain: ", nothing_seen);
        says(&[("RWW", 2)], "No detectable difference: ", nothing_seen);
        says(&[("WRR", 30)], "A detectable gain: ", nothing_seen);
        says(&[("RWW", 30)], "A detectable loss: ", nothing_seen);
        says(
            &[("WRW", 30)],
            "No detectable difference: ",
            " Train+test has 30 more right than train, only because it has seen them.",
        );
        // Honestly it is a loss, though train+test has more right.
        says(
            &[("WRW", 50), ("RWW", 20)],
            "A detectable loss: ",
            " Train+test has 50 images right only because it has seen them.",
        );
        says(
            &[("WRW", 1), ("WRR", 1)],
            "No detectable gain: ",
            " Train+test has 2 more right than train: 1 and 1 that it has right only because it \
             has seen it.",
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
