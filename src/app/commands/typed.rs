//! The words of the command line as the program was given them, with what a shell
//! left undone.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::data::home;

/// The words that the program was started with.
pub(super) fn words() -> Vec<OsString> {
    std::env::args_os().map(at_home).collect()
}

/// A word with the home folder in place of a leading `~`, alone or as the value
/// of an option: no shell expands `--data=~/x`.
fn at_home(word: OsString) -> OsString {
    match word.to_str().and_then(|text| text.split_once('=')) {
        Some((option, value)) if option.starts_with("--") => {
            let mut whole = OsString::from(format!("{option}="));
            whole.push(home::expanded(PathBuf::from(value)));
            whole
        }
        _ => home::expanded(PathBuf::from(word)).into_os_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_options_are_at_home_as_well() {
        let home = std::env::home_dir().expect("a home folder");
        let of = |word: &str| PathBuf::from(at_home(word.into()));
        assert_eq!(of("~/x"), home.join("x"));
        let whole = format!("--data={}", home.join("x").display());
        assert_eq!(of("--data=~/x"), PathBuf::from(whole));
        for word in ["--data=./~/x", "accuracy", "a=~/x", "--json", "--x=a=~/b"] {
            assert_eq!(of(word), PathBuf::from(word));
        }
    }
}
