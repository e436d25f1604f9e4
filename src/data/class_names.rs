//! Numbers for classes that are known by texts.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::{Error, Result};

/// Labels as texts, numbered: where all are whole numbers from 0 to 65,535 they
/// are the classes; else a class is its text's place in the order of bytes.
pub(super) struct Numbered {
    /// The texts of the classes; empty where the texts are the numbers.
    pub names: Vec<String>,
}

impl Numbered {
    /// Numbers all texts that occur; `path` is what they are from.
    ///
    /// # Errors
    /// When there are more classes than labels can tell apart.
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a str>, path: &Path) -> Result<Self> {
        let distinct: BTreeSet<&str> = texts.into_iter().collect();
        let numbers: BTreeSet<u16> = distinct.iter().filter_map(|text| number(text)).collect();
        // Two spellings of one number, such as 1 and 01, are two classes.
        if numbers.len() == distinct.len() {
            return Ok(Self { names: Vec::new() });
        }
        if distinct.len() > usize::from(u16::MAX) + 1 {
            return Err(Error::bad_file(
                path,
                format!("{} different labels", distinct.len()),
                "at most 65,536 classes",
                "use fewer classes",
            ));
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
            let texts = texts.iter().copied();
            let numbered = Numbered::new(texts.clone(), Path::new("")).expect("few classes");
            let classes = texts.map(|text| numbered.class(text));
            (classes.collect::<Vec<_>>(), numbered.names.len())
        };
        assert_eq!(of(&["7", "0", "65535"]), (vec![7, 0, 65535], 0));
        assert_eq!(of(&["07", "10"]), (vec![7, 10], 0));
        assert_eq!(of(&["7", "07"]), (vec![1, 0], 2));
        assert_eq!(of(&["b", "a", "Z", "b"]), (vec![2, 1, 0, 2], 3));
        assert_eq!(of(&["10", "9", "-1"]), (vec![1, 2, 0], 3));
        assert_eq!(of(&["65536", "0"]), (vec![1, 0], 2));
    }

    /// More classes than labels can tell apart are an error about their file.
    #[test]
    fn too_many_classes_are_refused_by_their_file() {
        let texts: Vec<String> = (0..=65_536).map(|class| format!("c{class}")).collect();
        let of = |texts: &[String]| {
            Numbered::new(texts.iter().map(String::as_str), Path::new("some.csv"))
        };
        assert!(of(&texts[1..]).is_ok());
        let error = of(&texts).err().map(|error| error.to_string());
        let says = "some.csv: found 65537 different labels; expected at most 65,536 classes; \
                    use fewer classes";
        assert_eq!(error.as_deref(), Some(says));
    }
}
