//! Numbers for classes that are known by texts.

use std::collections::BTreeSet;

/// Labels as texts, numbered: where all are whole numbers from 0 to 65,535 they
/// are the classes; else a class is its text's place in the order of bytes.
pub(super) struct Numbered {
    /// The texts of the classes; empty where the texts are the numbers.
    pub names: Vec<String>,
}

impl Numbered {
    /// Numbers all texts that occur.
    ///
    /// # Errors
    /// When there are more classes than labels can tell apart.
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let distinct: BTreeSet<&str> = texts.into_iter().collect();
        let numbers: BTreeSet<u16> = distinct.iter().filter_map(|text| number(text)).collect();
        // Two spellings of one number, such as 1 and 01, are two classes.
        if numbers.len() == distinct.len() {
            return Ok(Self { names: Vec::new() });
        }
        if distinct.len() > usize::from(u16::MAX) + 1 {
            return Err(format!("{} different labels", distinct.len()));
        }
        Ok(Self {
            names: distinct.into_iter().map(str::to_owned).collect(),
        })
    }

    /// The class of a text that was among those numbered.
    pub(super) fn class(&self, text: &str) -> u16 {
        match self.names.is_empty() {
            true => number(text).unwrap_or(0),
            // At most 65,536 names, so that a place fits.
            false => self.names.partition_point(|name| &**name < text) as u16,
        }
    }

    /// What to say of classes that have names.
    pub(super) fn note(&self) -> Option<String> {
        let last = self.names.len().checked_sub(1)?;
        let shown: Vec<&str> = self.names.iter().take(12).map(String::as_str).collect();
        let more = if last >= 12 { " …" } else { "" };
        Some(format!(
            "classes 0 to {last} are {}{more}",
            shown.join(", ")
        ))
    }
}

/// A whole number from 0 to 65,535, written as digits alone.
pub(super) fn number(text: &str) -> Option<u16> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_classes_and_texts_are_places() {
        let of = |texts: &[&str]| {
            let numbered = Numbered::new(texts.iter().copied()).expect("few classes");
            let classes = texts.iter().map(|text| numbered.class(text));
            (classes.collect::<Vec<_>>(), numbered.names.len())
        };
        assert_eq!(of(&["7", "0", "65535"]), (vec![7, 0, 65535], 0));
        assert_eq!(of(&["07", "10"]), (vec![7, 10], 0));
        assert_eq!(of(&["7", "07"]), (vec![1, 0], 2));
        assert_eq!(of(&["b", "a", "Z", "b"]), (vec![2, 1, 0, 2], 3));
        assert_eq!(of(&["10", "9", "-1"]), (vec![1, 2, 0], 3));
        assert_eq!(of(&["65536", "0"]), (vec![1, 0], 2));
    }
}
