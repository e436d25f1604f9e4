//! Files of parts and scores to be read.

use std::fs;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use crate::app::{Error, Result};
use crate::classifier::model::{ModelFile, Overlap};
use crate::data::content;
use crate::data::shard::Shard;
use crate::error;
use crate::evaluation::score::Score;

/// What stands for standard input.
const INPUT: &str = "-";

/// Bytes of a file that is read at once.
const SMALL: u64 = 1 << 20;

/// A file of a part or a score.
pub(super) struct Input {
    pub(super) name: PathBuf,
    /// What came through a pipe, which can be read once.
    piped: Option<Vec<u8>>,
}

/// Something to read and to seek in.
trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

impl Input {
    /// Looks at all files, and reads those that can be read once.
    pub(super) fn open_all<'a>(paths: impl Iterator<Item = &'a PathBuf>) -> Result<Vec<Self>> {
        let paths: Vec<&PathBuf> = paths.collect();
        let is_input = |path: &&&PathBuf| ***path == Path::new(INPUT);
        if paths.iter().filter(is_input).count() > 1 {
            return Err(Error::Usage("- is named twice; it can be read once".into()));
        }
        paths.into_iter().map(|path| Self::open(path)).collect()
    }

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

    /// The bytes of the file.
    fn source(&self) -> Result<Box<dyn Source + '_>> {
        if let Some(bytes) = &self.piped {
            return Ok(Box::new(Cursor::new(bytes)));
        }
        let unreadable = || error::Error::unreadable(&self.name);
        let mut file = content::raw(&self.name)?;
        if file.metadata().map_err(unreadable())?.len() > SMALL {
            return Ok(Box::new(BufReader::new(file)));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(unreadable())?;
        Ok(Box::new(Cursor::new(bytes)))
    }

    pub(super) fn is_score(&self) -> Result<bool> {
        Ok(Score::is_in(self.source()?, &self.name)?)
    }

    /// Which samples the model in it has seen.
    pub(super) fn shards(&self) -> Result<Vec<Shard>> {
        let shards = ModelFile::shards_in(self.source()?, &self.name)?;
        shards.ok_or_else(|| self.refuse("a model that does not say which samples it has seen"))
    }

    pub(super) fn part(&self) -> Result<ModelFile> {
        Ok(ModelFile::part_in(self.source()?, &self.name)?)
    }

    pub(super) fn score(&self) -> Result<Score> {
        Ok(Score::read_in(self.source()?, &self.name)?)
    }

    pub(super) fn refuse(&self, found: &str) -> Error {
        let expected = "samples of its own";
        let advice = "write parts with ncm means --save, or scores with ncm accuracy --save, each \
                      of other samples";
        error::Error::bad_file(&self.name, found, expected, advice).into()
    }

    /// Refuses one of another kind than those before it.
    pub(super) fn apart(&self, [found, expected]: [String; 2]) -> Error {
        let expected = format!("{expected}, as those before it");
        let advice = "merge files of one kind";
        error::Error::bad_file(&self.name, found, expected, advice).into()
    }
}

/// Those that are not in others, by their places. The notes tell of the rest.
pub(super) fn apart_from_others(
    inputs: &[Input],
    overlaps: Vec<Option<Overlap>>,
    notes: &mut Vec<String>,
) -> Result<Vec<usize>> {
    let mut own = Vec::new();
    for (place, overlap) in overlaps.into_iter().enumerate() {
        let input = &inputs[place];
        let name = |other: usize| inputs[other].name.display();
        match overlap {
            None => own.push(place),
            Some(Overlap::AllIn(other)) => notes.push(format!(
                "all samples of {} are in {}: passed over",
                name(place),
                name(other)
            )),
            Some(Overlap::Shares { other, shards }) => {
                let few = if shards == 1 { "shard" } else { "shards" };
                let found = format!("{shards} {few} that others have, such as {}", name(other));
                return Err(input.refuse(&found));
            }
            Some(Overlap::Rows(other)) => {
                let found = format!("rows of which {} has some as well", name(other));
                return Err(input.refuse(&found));
            }
        }
    }
    Ok(own)
}
