//! What one would ask next, at the end of a result.

use super::data_arguments::DataArguments;
use crate::app::report;
use crate::app::shell::quoted_line;

/// A question, and the command that answers it of the same dataset.
pub(super) fn of_same_data(
    question: &str,
    words: &[impl AsRef<str>],
    data: &DataArguments,
) -> String {
    let words = words.iter().map(|word| word.as_ref().to_owned());
    let words: Vec<String> = words.chain(data.given_words()).collect();
    of(question, &words)
}

/// A question, and the words behind `ncm` that answer it.
pub(super) fn of(question: &str, words: &[String]) -> String {
    let command = format!("ncm {}", quoted_line(words));
    report::next(question, &command)
}
