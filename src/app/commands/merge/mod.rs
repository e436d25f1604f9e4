//! `ncm merge`: parts of a dataset as one model, or scores of parts of it as one.

mod inputs;
mod parts;
mod scores;

use std::path::PathBuf;

use self::inputs::Input;
use super::next;
use crate::app::report::accuracy::Accuracy;
use crate::app::report::compare::Compare;
use crate::app::report::destination::{Destination, Outputs};
use crate::app::report::file::write_whole;
use crate::app::report::part::Part;
use crate::app::report::{Report, Results};
use crate::app::{Error, Result};

const EXAMPLES: &str = "\
Examples:
  ncm means --data shard-1 --save 1.npz
  ncm means --data shard-2 --save 2.npz
  ncm merge 1.npz 2.npz --save all.npz
  ncm accuracy --data test-1 --model all.npz --save score-1.npz
  ncm accuracy --data test-2 --model all.npz --save score-2.npz
  ncm merge score-1.npz score-2.npz";

/// Add up models of parts of a dataset, or scores, or take a part out
///
/// A part is a model file that `ncm means --save` or `ncm merge --save` wrote, a
/// score a file of `ncm accuracy --save` or `ncm compare --save`. Both know which
/// samples they have seen: one whose samples are all in another is passed over, so
/// that a task may run twice, and those that share only some are refused. The same
/// samples give the same bytes, in whatever order and steps they are added up.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MergeArguments {
    /// Model files of parts, or scores; - is standard input
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,

    /// Take this part out: the rest is as if its samples had never been there
    #[arg(long, value_name = "PART")]
    without: Option<PathBuf>,

    /// Write a file of all of them; - is standard output
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &MergeArguments) -> Result<Results> {
    let save = arguments.save.as_deref();
    let outputs = Outputs::new([save], arguments.json)?;
    // All are read whole before anything is written, so that one may be replaced.
    let destination = save.map(|path| Destination::new(path, &[])).transpose()?;
    let paths = arguments.parts.iter().chain(&arguments.without);
    let inputs = Input::open_all(paths)?;
    let (parts, without) = inputs.split_at(arguments.parts.len());
    let mut notes = Vec::new();
    let count = Some(parts.len());
    if !parts[0].is_score()? {
        let file = parts::merged(parts, without, &mut notes)?;
        write(destination.as_ref(), || file.bytes())?;
        let report = Part {
            file: &file,
            parts: count,
            notes: &notes,
        };
        let next = arguments.next(destination.as_ref());
        return Ok(finished(arguments, &report, &outputs, &next));
    }
    if !without.is_empty() {
        return Err(Error::Usage(
            "--without takes a part out of models; merge the other scores instead".into(),
        ));
    }
    let score = scores::merged(parts, &mut notes)?;
    write(destination.as_ref(), || score.bytes())?;
    let results = match score.comparison() {
        Some(comparison) => {
            let report = Compare {
                score: &score,
                comparison: &comparison,
                source: None,
                run: None,
                parts: count,
                notes: &notes,
            };
            finished(arguments, &report, &outputs, "")
        }
        None => {
            let report = Accuracy {
                score: &score,
                source: None,
                run: None,
                parts: count,
                notes: &notes,
            };
            finished(arguments, &report, &outputs, "")
        }
    };
    Ok(results)
}

/// Writes what was merged, if it is to be written.
fn write(
    destination: Option<&Destination>,
    bytes: impl FnOnce() -> crate::error::Result<Vec<u8>>,
) -> Result<()> {
    if let Some(destination) = destination {
        write_whole(destination, &bytes()?)?;
    }
    Ok(())
}

fn finished(
    arguments: &MergeArguments,
    report: &impl Report,
    outputs: &Outputs<'_>,
    next: &str,
) -> Results {
    match arguments.json {
        true => Results::Data(report.json()),
        false => {
            let text = report.text() + &outputs.written() + next;
            outputs.beside(report.worded(text))
        }
    }
}

impl MergeArguments {
    /// What to ask of a model that was written.
    fn next(&self, destination: Option<&Destination>) -> String {
        match destination {
            Some(destination) if !destination.is_stream() => {
                let path = destination.path().display().to_string();
                let words = ["accuracy", "--model", &path].map(String::from);
                next::of("how often it is right", &words)
            }
            _ => String::new(),
        }
    }
}
