//! Commands as a shell reads them.

use std::borrow::Cow;

/// A command with its words quoted and a line for each option.
pub fn quoted_lines(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        if word.starts_with("--") {
            text += " \\\n    ";
        } else if !text.is_empty() {
            text += " ";
        }
        text += &quoted(word);
    }
    text
}

/// A command with its words quoted, in one line.
pub fn quoted_line(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// A word as shells want it.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./:,+=@%".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        let words = ["ncm", "a b", "it's", "--x", "", "$x", "x,1"].map(str::to_owned);
        let text = quoted_lines(&words);
        assert_eq!(text, "ncm 'a b' 'it'\\''s' \\\n    --x '' '$x' x,1");
        let line = quoted_line(&words);
        assert_eq!(line, "ncm 'a b' 'it'\\''s' --x '' '$x' x,1");
    }
}
