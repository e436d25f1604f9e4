//! Numbers that are counted from 0.

/// An index or a class.
pub(super) fn from_zero(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| match text.parse::<i128>() {
        Ok(number) if number < 0 => "these numbers are counted from 0".to_owned(),
        Ok(_) => "this number is too large".to_owned(),
        Err(_) => "not a whole number, such as 0 or 12".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(from_zero("12"), Ok(12));
        let says = |text: &str, says: &str| {
            let error = from_zero(text).expect_err(text);
            assert!(error.contains(says), "{text}: {error}");
        };
        says("-1", "counted from 0");
        says("99999999999999999999", "too large");
        for text in ["", "1.5", "-", "x", "0x1"] {
            says(text, "whole number");
        }
    }
}
