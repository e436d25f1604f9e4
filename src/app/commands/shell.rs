//! Commands as a shell reads them.

use std::borrow::Cow;

/// A command with a line for each option.
pub(super) fn command(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        text += match word {
            _ if text.is_empty() => "",
            option if option.starts_with("--") => " \\\n    ",
            _ => " ",
        };
        text += &quoted(word);
    }
    text
}

fn quoted(word: &str) -> Cow<'_, str> {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./:,+=@%".contains(character);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        let words = ["ncm", "a b", "it's", "--x", "", "$x", "x,1"].map(str::to_owned);
        let text = command(&words);
        assert_eq!(text, "ncm 'a b' 'it'\\''s' \\\n    --x '' '$x' x,1");
    }
}
