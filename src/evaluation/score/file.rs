//! Scores as files, in NumPy's `.npz` format:
//!
//! | array | type | shape | |
//! |---|---|---|---|
//! | `format` | text | | `ncm score 1` |
//! | `confusion` | `u64` | entries × 4 | question, true class, predicted class, samples; in ascending order |
//! | `settled` | `u64` | questions × 2 | answers decided by exact arithmetic, and those of them in fractions |
//! | `top5` | `u64` | questions | samples whose class is among the five nearest, where that was asked |
//! | `changes` | `u64` | 3 × 3 | of a comparison: fixed, broken and changed from question 0 to 1, 0 to 2 and 1 to 2 |
//! | `model_digests` | `u8` | questions × 16 | which models were asked, the highest byte first |
//! | `model_counts` | `u64` | questions × classes | samples of each class that they were trained on |
//! | `trained_on` | text | questions | what that is called |
//! | `leave_one_out` | `u64` | questions | 1 where each sample was left out of its own class |
//! | `dataset`, `values`, `recipe`, `evaluated_on` | text | | what the samples are |
//! | `shape` | `u64` | 1 or 2 | values of a vector, or rows and columns of an image |
//! | `splits` | `u64` | 2 | samples for training and for testing |
//! | `notes`, `range_notes`, `class_names` | text | | where there are some |
//! | `model_levels` and so on | `u64` | 256 | what images look like, as in a model's file |
//!
//! Behind them are which samples they were, in the arrays of [`shard`], and `checksum`.

use std::io::{Read, Seek};
use std::path::Path;

use zip::result::ZipResult;

use super::{Answers, Asked, Changes, Counts, Score};
use crate::classifier::look::Look;
use crate::data::npz::{Archive, FORMAT, Writer, printable};
use crate::data::recipe::Recipe;
use crate::data::shard::{self, Shard};
use crate::data::{MOST_PIXELS, Shape};
use crate::error::{Error, Result};
use crate::evaluation::Evaluation;

/// The name of the format.
const NAME: &str = "ncm score 1";

/// What images look like: those of the model, and those that were evaluated.
const LOOKS: [[&str; 2]; 2] = [
    ["model_levels", "model_outermost_levels"],
    ["levels", "outermost_levels"],
];

/// The most classes.
const MOST_CLASSES: u64 = 1 << 16;

impl Score {
    /// Whether a file says that it holds a score.
    ///
    /// # Errors
    /// When it is no archive.
    pub fn is_in(bytes: impl Read + Seek, path: &Path) -> Result<bool> {
        let mut archive = Archive::open(bytes, path, "the arrays of a model or a score")?;
        let format = match archive.has(FORMAT) {
            true => archive.text(FORMAT)?,
            false => None,
        };
        Ok(format.is_some_and(|format| format.starts_with("ncm score ")))
    }

    /// Reads a score; `path` is used in error messages.
    ///
    /// # Errors
    /// When the file could not have been written by [`bytes`](Self::bytes).
    pub fn read_in(bytes: impl Read + Seek, path: &Path) -> Result<Self> {
        let mut archive = Archive::open(bytes, path, "the arrays of a score")?;
        archive.check_format(NAME)?;
        read(&mut archive)
    }

    /// The content of the file. The same score always gives the same bytes.
    ///
    /// # Errors
    /// When one of its arrays has 4 GiB or more, which such an archive cannot hold.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.archive()
            .map_err(|error| Error::Invalid(format!("a score that makes no archive: {error}")))
    }

    fn archive(&self) -> ZipResult<Vec<u8>> {
        let mut archive = Writer::new();
        let (asked, classes) = (self.answers.len(), self.classes());
        let counts: Vec<Counts> = (self.answers.iter())
            .map(|answers| (&answers.evaluation).into())
            .collect();
        let entries = (0_u64..).zip(&counts).flat_map(|(question, counts)| {
            let each = counts.answers.iter();
            each.map(move |&(label, predicted, samples)| {
                [question, label.into(), predicted.into(), samples]
            })
        });
        let entries: Vec<u64> = entries.flatten().collect();
        let models = || self.answers.iter().map(|answers| &answers.asked);
        archive.add_text(FORMAT, NAME)?;
        add(&mut archive, "confusion", &[entries.len() / 4, 4], entries)?;
        let settled = counts.iter().flat_map(|counts| counts.settled).collect();
        add(&mut archive, "settled", &[asked, 2], settled)?;
        let top5: Option<Vec<u64>> = counts.iter().map(|counts| counts.top5).collect();
        if let Some(top5) = top5 {
            add(&mut archive, "top5", &[asked], top5)?;
        }
        if !self.changes.is_empty() {
            let each = self.changes.iter();
            let changes = each.flat_map(|it| [it.fixed, it.broken, it.changed]);
            let shape = [self.changes.len(), 3];
            add(&mut archive, "changes", &shape, changes.collect())?;
        }
        let digests = models().flat_map(|asked| asked.digest.to_be_bytes());
        let digests: Vec<u8> = digests.collect();
        archive.add("model_digests", "|u1", &[asked, 16], &digests)?;
        let trained = models().flat_map(|asked| asked.counts.iter().copied());
        add(
            &mut archive,
            "model_counts",
            &[asked, classes],
            trained.collect(),
        )?;
        let names: Vec<String> = models().map(|asked| printable(&asked.trained_on)).collect();
        archive.add_texts("trained_on", &names)?;
        let left_out = models().map(|asked| u64::from(asked.leave_one_out));
        add(&mut archive, "leave_one_out", &[asked], left_out.collect())?;
        for (name, text) in [
            ("dataset", self.dataset.as_str()),
            ("values", &self.values),
            ("recipe", self.recipe.name()),
            ("evaluated_on", &self.evaluated_on),
        ] {
            archive.add_text(name, &printable(text))?;
        }
        let shape = match self.shape {
            Shape::Vector { dim } => vec![dim as u64],
            Shape::Image { rows, columns } => vec![rows as u64, columns as u64],
        };
        add(&mut archive, "shape", &[shape.len()], shape)?;
        add(&mut archive, "splits", &[2], self.splits.to_vec())?;
        for (name, texts) in [
            ("notes", &self.notes),
            ("range_notes", &self.range_notes),
            ("class_names", &self.class_names),
        ] {
            if !texts.is_empty() {
                archive.add_texts(name, texts)?;
            }
        }
        for (look, names) in self.looks.iter().flatten().zip(LOOKS) {
            look.write(&mut archive, names)?;
        }
        shard::write(&self.shards, &mut archive)?;
        archive.finish_checked()
    }
}

fn add(archive: &mut Writer, name: &str, shape: &[usize], numbers: Vec<u64>) -> ZipResult<()> {
    let bytes: Vec<u8> = numbers.into_iter().flat_map(u64::to_le_bytes).collect();
    archive.add(name, "<u8", shape, &bytes)
}

fn read<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Score> {
    let answers = answers(archive)?;
    let classes = answers[0].asked.counts.len();
    let total = answers[0].evaluation.total();
    let changes = match answers.len() {
        1 => Vec::new(),
        _ => changes(archive, &answers)?,
    };
    let mut text = |name: &str| -> Result<String> {
        let text = archive.text(name)?;
        text.ok_or_else(|| archive.refuse(format!("no text in {name}"), "all arrays of a score"))
    };
    let [dataset, values] = [text("dataset")?, text("values")?];
    let [recipe, evaluated_on] = [text("recipe")?, text("evaluated_on")?];
    let recipe = Recipe::named(&recipe).ok_or_else(|| {
        let names = Recipe::ALL.map(Recipe::name).join(", ");
        archive.refuse(format!("the recipe {recipe:?}"), format!("one of {names}"))
    })?;
    let shape = shape(archive)?;
    let splits = archive.whole_array("splits", &[2])?;
    let [notes, range_notes] = [notes(archive, "notes")?, notes(archive, "range_notes")?];
    let class_names = match archive.has("class_names") {
        true => archive.row_of_texts("class_names", classes)?,
        false => Vec::new(),
    };
    let looks = match LOOKS.iter().flatten().all(|name| archive.has(name)) {
        true => {
            let [model, own] = LOOKS;
            let own = Look::read(archive, own)?;
            let pixels: u128 = own.all().iter().map(|&count| u128::from(count)).sum();
            if pixels != u128::from(total) * shape.dim() as u128 {
                return Err(archive.refuse(
                    format!("levels of {pixels} pixels"),
                    format!("those of {total} images of {shape}"),
                ));
            }
            Some([Look::read(archive, model)?, own])
        }
        false => None,
    };
    let shards: Option<Vec<Shard>> = shard::read(archive, Some(total))?;
    Ok(Score {
        dataset,
        shape,
        values,
        class_names,
        recipe,
        splits: [splits[0], splits[1]],
        evaluated_on,
        notes,
        range_notes,
        answers,
        changes,
        looks,
        shards: shards.ok_or_else(|| archive.refuse("no shards", "those of all samples"))?,
    })
}

fn notes<R: Read + Seek>(archive: &mut Archive<'_, R>, name: &str) -> Result<Vec<String>> {
    if !archive.has(name) {
        return Ok(Vec::new());
    }
    let many = archive.header(name)?.shape.first().copied();
    archive.row_of_texts(name, many.unwrap_or(0) as usize)
}

/// What each question found, at least one.
fn answers<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Vec<Answers>> {
    let of_counts = archive.header("model_counts")?;
    let (asked, classes) = match of_counts.shape[..] {
        [asked @ (1 | 3), classes] if (1..=MOST_CLASSES).contains(&classes) => {
            (asked as usize, classes as usize)
        }
        _ => {
            let expected = "a number for each question and class in model_counts";
            return Err(archive.refuse(of_counts.to_string(), expected));
        }
    };
    let trained = archive.whole_array("model_counts", &[asked, classes])?;
    let digests = archive.whole_array("model_digests", &[asked, 16])?;
    let trained_on = archive.row_of_texts("trained_on", asked)?;
    let left_out = archive.whole_array("leave_one_out", &[asked])?;
    let settled = archive.whole_array("settled", &[asked, 2])?;
    let top5 = match archive.has("top5") {
        true => Some(archive.whole_array("top5", &[asked])?),
        false => None,
    };
    let of_confusion = archive.header("confusion")?;
    let entries = of_confusion.shape.first().copied().unwrap_or(0);
    let confusion = archive.whole_array("confusion", &[entries as usize, 4])?;
    let confusion = confusion.as_chunks::<4>().0;
    if !confusion.is_sorted_by(|one, other| one[..3] < other[..3]) {
        let expected = "each question, true class and predicted class once, in order";
        return Err(archive.refuse("confusion without order", expected));
    }
    let mut answers = Vec::new();
    for (question, counts) in trained.chunks_exact(classes).enumerate() {
        let own = confusion.iter().filter(|entry| entry[0] == question as u64);
        let class = |class: u64| u16::try_from(class).ok();
        let own: Option<Vec<(u16, u16, u64)>> = own
            .map(|&[_, label, predicted, samples]| {
                Some((class(label)?, class(predicted)?, samples))
            })
            .collect();
        let refuse = |error: Error| archive.refuse(error.to_string(), "counts of answers");
        let counted = Counts {
            answers: own.ok_or_else(|| refuse(Error::Invalid("too many classes".into())))?,
            settled: [settled[2 * question], settled[2 * question + 1]],
            top5: top5.as_ref().map(|top5| top5[question]),
        };
        let digest = digests[16 * question..][..16].iter();
        answers.push(Answers {
            asked: Asked {
                trained_on: trained_on[question].clone(),
                leave_one_out: left_out[question] == 1,
                counts: counts.to_vec(),
                digest: digest.fold(0, |digest, &byte| digest << 8 | u128::from(byte as u8)),
            },
            evaluation: Evaluation::of_counts(classes, &counted).map_err(refuse)?,
        });
    }
    let totals: Vec<u64> = answers.iter().map(|it| it.evaluation.total()).collect();
    let sum = |counts: &[u64]| {
        counts
            .iter()
            .try_fold(0_u64, |sum, &it| sum.checked_add(it))
    };
    let is_right = totals.iter().all(|&total| total == totals[0] && total > 0)
        && confusion
            .iter()
            .all(|entry| entry[0] < asked as u64 && entry[3] > 0)
        && answers
            .iter()
            .all(|it| sum(&it.asked.counts).is_some_and(|sum| sum > 0));
    match is_right {
        true => Ok(answers),
        false => Err(archive.refuse(
            format!("{totals:?} answers"),
            "some to each question, as many of each, and a trained model",
        )),
    }
}

fn changes<R: Read + Seek>(
    archive: &mut Archive<'_, R>,
    answers: &[Answers],
) -> Result<Vec<Changes>> {
    let numbers = archive.whole_array("changes", &[3, 3])?;
    let each = numbers.as_chunks::<3>().0.iter();
    let changes = each.map(|&[fixed, broken, changed]| Changes {
        fixed,
        broken,
        changed,
    });
    let correct = |question: usize| i128::from(answers[question].evaluation.correct());
    let total = answers[0].evaluation.total();
    let pairs = [(0, 1), (0, 2), (1, 2)].into_iter().zip(changes);
    pairs
        .map(|((from, to), it)| {
            let gain = i128::from(it.fixed) - i128::from(it.broken);
            let is_right = gain == correct(to) - correct(from)
                && it.changed <= total
                && it.fixed.checked_add(it.broken) <= Some(it.changed);
            match is_right {
                true => Ok(it),
                false => Err(archive.refuse(format!("{it:?}"), "the changes between answers")),
            }
        })
        .collect()
}

fn shape<R: Read + Seek>(archive: &mut Archive<'_, R>) -> Result<Shape> {
    let header = archive.header("shape")?;
    let sizes = match header.shape[..] {
        [count @ (1 | 2)] => archive.whole_array("shape", &[count as usize])?,
        _ => return Err(archive.refuse(header.to_string(), "one or two sizes in shape")),
    };
    let shape = match sizes[..] {
        [rows, columns] => Shape::Image {
            rows: rows as usize,
            columns: columns as usize,
        },
        _ => Shape::Vector {
            dim: sizes[0] as usize,
        },
    };
    match (1..=MOST_PIXELS).contains(&shape.dim()) {
        true => Ok(shape),
        false => Err(archive.refuse(shape.to_string(), "a sample of 1 to 16000000 values")),
    }
}
