//! Long lines broken between words.

/// Columns that every text and every table fits.
pub(super) const COLUMNS: usize = 80;

/// Text whose lines have at most `width` characters. The first begins behind
/// `start` characters that are there already, the others behind `indent` blanks.
/// A word that is longer than a line, such as a path, stays whole.
pub(super) fn wrapped(text: &str, [start, indent]: [usize; 2], width: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let (mut column, mut is_first_word) = (start, true);
    for word in text.split(' ') {
        let length = word.chars().count();
        if !is_first_word && column + 1 + length > width {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if !is_first_word {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
        is_first_word = false;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", [0, 2], 7), "one two\n  three");
        assert_eq!(wrapped("one two three", [4, 0], 7), "one\ntwo\nthree");
        assert_eq!(wrapped("a /long/path b", [0, 0], 5), "a\n/long/path\nb");
        assert_eq!(wrapped("two  blanks", [0, 0], 80), "two  blanks");
    }
}
