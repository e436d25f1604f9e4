//! `--classes FILE.csv`: the scores of each class.

use std::fmt::Write;

use super::destination::Destination;
use super::file::ResultFile;
use crate::error::Result;
use crate::evaluation::Evaluation;

const HEADER: &str = "class,name,support,right,precision,recall,f1\n";

/// Writes a line for each class that samples have or were given. A ratio that has no value
/// is empty; names are quoted.
///
/// # Errors
/// As [`ResultFile`].
pub fn write(destination: &Destination, evaluation: &Evaluation, names: &[String]) -> Result<()> {
    let ratio = |ratio: Option<f64>| ratio.map(|ratio| ratio.to_string()).unwrap_or_default();
    let mut text = HEADER.to_owned();
    let confusion = evaluation.confusion();
    let occurring = confusion.occurring();
    for (class, scores) in evaluation.per_class().enumerate() {
        if occurring.binary_search(&class).is_err() {
            continue;
        }
        let name = names.get(class).map(|name| quoted(name));
        let _ = writeln!(
            text,
            "{class},{},{},{},{},{},{}",
            name.unwrap_or_default(),
            scores.support,
            confusion.count(class, class),
            ratio(scores.precision),
            ratio(scores.recall),
            ratio(scores.f1),
        );
    }
    let mut file = ResultFile::create(destination)?;
    file.write(&text)?;
    file.finish()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
