//! `ncm merge`: class sums of parts of a dataset as one model.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use super::next;
use crate::app::report::destination::{Destination, Outputs};
use crate::app::report::file::ResultFile;
use crate::app::report::merge::Merged;
use crate::app::report::{Report, Results};
use crate::app::{Error, Result};
use crate::classifier::model::{ModelFile, Overlap, Parts, overlaps};
use crate::data::shard::Shard;
use crate::error;

const EXAMPLES: &str = "\
Examples:
  ncm means --data shard-1 --save 1.npz
  ncm means --data shard-2 --save 2.npz
  ncm merge 1.npz 2.npz --save all.npz
  ncm accuracy --data tests --model all.npz";

/// What stands for standard input.
const INPUT: &str = "-";

/// Add up models of parts of a dataset, or take one out
///
/// A part is a model file that `ncm means --save` or `ncm merge --save` wrote. It
/// knows which samples it has seen: a part whose samples are all in another is
/// passed over, so that a task may run twice, and parts that share only some are
/// refused. The same samples give the same bytes, in whatever order and steps
/// their parts are added up.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MergeArguments {
    /// Model files of parts; - is standard input
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,

    /// Take this part out: the rest is as if its samples had never been there
    #[arg(long, value_name = "PART")]
    without: Option<PathBuf>,

    /// Write a model file of all parts; - is standard output
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &MergeArguments) -> Result<Results> {
    let save = arguments.save.as_deref();
    let outputs = Outputs::new([save], arguments.json)?;
    let read: Vec<PathBuf> = (arguments.parts.iter().chain(&arguments.without))
        .cloned()
        .collect();
    if read
        .iter()
        .filter(|path| **path == Path::new(INPUT))
        .count()
        > 1
    {
        return Err(Error::Usage("- is named twice; it can be read once".into()));
    }
    // Parts are read whole before anything is written, so that one may be replaced.
    let destination = save.map(|path| Destination::new(path, &[])).transpose()?;
    let inputs: Vec<Input> = read
        .iter()
        .map(|path| Input::open(path))
        .collect::<Result<_>>()?;
    let (parts, without) = inputs.split_at(arguments.parts.len());
    let mut notes = Vec::new();
    let mut merged = added(parts, &mut notes)?;
    for part in without {
        let file = part.read()?;
        apart(&merged, part, &file)?;
        merged
            .remove(&file)
            .map_err(|error| part.refuse(&error.to_string()))?;
        if file.model.preparation().centre().is_some() {
            notes.push("the centre of cl2n still knows the samples that were taken out".into());
        }
    }
    let file = merged
        .finish()
        .map_err(|_| Error::Usage("no sample would be left; a model needs some".into()))?;
    if let Some(destination) = &destination {
        let mut result = ResultFile::create(destination)?;
        result.write_bytes(&file.bytes()?)?;
        result.finish()?;
    }
    let merged = Merged {
        file: &file,
        parts: parts.len(),
        notes: &notes,
    };
    if arguments.json {
        return Ok(Results::Data(merged.json()));
    }
    let next = match &destination {
        Some(destination) if !destination.is_stream() => {
            let path = destination.path().display().to_string();
            let words = ["accuracy", "--model", &path].map(String::from);
            next::of("how often it is right", &words)
        }
        _ => String::new(),
    };
    let text = merged.text() + &outputs.written() + &next;
    Ok(outputs.beside(merged.worded(text)))
}

/// All parts added up but those that are in others, of which the notes tell.
fn added(parts: &[Input], notes: &mut Vec<String>) -> Result<Parts> {
    let shards = parts
        .iter()
        .map(Input::shards)
        .collect::<Result<Vec<_>>>()?;
    let mut merged: Option<Parts> = None;
    for ((part, shards), overlap) in parts.iter().zip(&shards).zip(overlaps(&shards)) {
        match overlap {
            Some(Overlap::AllIn(other)) => {
                let other = parts[other].name.display();
                let own = part.name.display();
                notes.push(format!("all samples of {own} are in {other}: passed over"));
                continue;
            }
            Some(Overlap::Shares { other, shards }) => {
                let other = parts[other].name.display();
                let few = if shards == 1 { "shard" } else { "shards" };
                return Err(
                    part.refuse(&format!("{shards} {few} that others have, such as {other}"))
                );
            }
            None => {}
        }
        let file = part.read()?;
        if file.shards != *shards {
            return Err(error::Error::Changed.into());
        }
        match &mut merged {
            None => {
                merged = Some(Parts::new(file).map_err(|error| part.refuse(&error.to_string()))?)
            }
            Some(merged) => {
                apart(merged, part, &file)?;
                let added = merged.add(&file);
                added.map_err(|error| part.refuse(&error.to_string()))?;
            }
        }
    }
    // Of equal parts one is not in another.
    merged.ok_or_else(|| Error::Usage("no part was named".into()))
}

/// Refuses a part that cannot be added to the others.
fn apart(merged: &Parts, part: &Input, file: &ModelFile) -> Result<()> {
    match merged.apart_from(file) {
        None => Ok(()),
        Some([found, expected]) => {
            let expected = format!("{expected}, as those before it");
            let advice = "merge parts of one kind";
            Err(error::Error::bad_file(&part.name, found, expected, advice).into())
        }
    }
}

/// A part to be read.
struct Input {
    name: PathBuf,
    /// What came through a pipe, which can be read once.
    piped: Option<Vec<u8>>,
}

impl Input {
    fn open(path: &Path) -> Result<Self> {
        let is_input = path == Path::new(INPUT);
        let name = if is_input {
            Path::new("standard input")
        } else {
            path
        };
        let unreadable = error::Error::unreadable(name);
        let mut bytes = Vec::new();
        let piped = if is_input {
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(unreadable)?;
            Some(bytes)
        } else if fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
            Some(fs::read(path).map_err(unreadable)?)
        } else {
            None
        };
        Ok(Self {
            name: name.to_owned(),
            piped,
        })
    }

    fn shards(&self) -> Result<Vec<Shard>> {
        let shards = match &self.piped {
            Some(bytes) => ModelFile::shards_in(Cursor::new(bytes), &self.name),
            None => ModelFile::shards_of(&self.name),
        };
        Ok(shards?)
    }

    fn read(&self) -> Result<ModelFile> {
        let file = match &self.piped {
            Some(bytes) => ModelFile::from_bytes(bytes, &self.name),
            None => ModelFile::read(&self.name),
        };
        Ok(file?)
    }

    fn refuse(&self, found: &str) -> Error {
        let expected = "a part with samples of its own";
        let advice = "write parts with ncm means --save, each of other samples";
        error::Error::bad_file(&self.name, found, expected, advice).into()
    }
}
