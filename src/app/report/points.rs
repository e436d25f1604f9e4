//! Differences of accuracy, in percentage points.

/// A difference with its sign, as `+0.04`.
pub(super) fn signed(difference: f64) -> String {
    let text = format!("{:+.2}", difference * 100.0);
    // What is rounded to nothing has no sign.
    match text.as_str() {
        "-0.00" | "+0.00" => "0.00".to_owned(),
        _ => text.replace('-', "−"),
    }
}

/// A difference in words.
pub(super) fn points(difference: f64) -> String {
    format!("{} points", signed(difference))
}

/// An interval of differences.
pub(super) fn points_between([low, high]: [f64; 2]) -> String {
    format!("{} to {}", signed(low), signed(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_a_sign() {
        assert_eq!(points(0.000_44), "+0.04 points");
        assert_eq!(points(-0.000_04), "0.00 points");
        assert_eq!(points_between([-0.000_6, 0.001_49]), "−0.06 to +0.15");
    }
}
