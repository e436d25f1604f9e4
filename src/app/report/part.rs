//! A model that knows which samples it has seen: what a file holds, or several as one.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::FileKeys;
use super::merged::rendered;
use super::table::Table;
use super::{Report, text};
use crate::classifier::model::ModelFile;
use crate::data::Shape;
use crate::data::shard::{Rows, Shard};

/// Shards that a person is shown.
const SHOWN: usize = 20;

/// Digits of a digest that a person is shown.
const DIGITS: usize = 12;

/// A model and what it has seen.
pub struct Part<'a> {
    /// The model.
    pub file: &'a ModelFile,
    /// How many were named, where they were merged.
    pub parts: Option<usize>,
    /// What was passed over.
    pub notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    #[serde(flatten)]
    model: FileKeys<'a>,
    /// Values of a sample.
    dim: usize,
    /// The type of the values as they were stored: `u8`, `f16`, `bf16` or `f32`; empty where
    /// that is not known.
    values: &'a str,
    /// Classes, numbered from 0.
    classes: usize,
    /// Names of the classes in order; empty where numbers are all that is known.
    class_names: &'a [String],
    /// Samples of each class.
    counts: &'a [u64],
    /// Which samples they are; null where that is not known.
    shards: Option<Vec<ShardKeys<'a>>>,
}

#[derive(Serialize, JsonSchema)]
struct ShardKeys<'a> {
    /// Hash of the samples in 32 digits.
    digest: String,
    /// How many there are.
    samples: u64,
    /// What their dataset is called.
    dataset: &'a str,
    /// Which of its sets they are.
    set: &'a str,
    /// Which rows of a larger source they are; null of all samples of a set.
    rows: Option<RowKeys>,
}

#[derive(Serialize, JsonSchema)]
struct RowKeys {
    /// The first row, from 0.
    first: u64,
    /// The first row behind them.
    end: u64,
    /// Bytes of the source.
    source_bytes: u64,
    /// Hash of the first and the last MiB of the source in 32 digits.
    source_digest: String,
}

impl From<&Rows> for RowKeys {
    fn from(rows: &Rows) -> Self {
        Self {
            first: rows.first,
            end: rows.end,
            source_bytes: rows.origin.length,
            source_digest: digits(rows.origin.digest),
        }
    }
}

impl<'a> From<&'a Shard> for ShardKeys<'a> {
    fn from(shard: &'a Shard) -> Self {
        Self {
            digest: digits(shard.digest),
            samples: shard.samples,
            dataset: &shard.dataset,
            set: &shard.set,
            rows: shard.rows.as_ref().map(RowKeys::from),
        }
    }
}

fn digits(digest: u128) -> String {
    format!("{digest:032x}")
}

impl<'a> Part<'a> {
    fn keys(&self) -> Keys<'a> {
        let file = self.file;
        let sums = file.model.sums();
        let shards = file.shards.as_ref();
        Keys {
            model: file.into(),
            dim: sums.dim(),
            values: &file.values,
            classes: sums.classes(),
            class_names: &file.class_names,
            counts: sums.counts(),
            shards: shards.map(|shards| shards.iter().map(ShardKeys::from).collect()),
        }
    }

    fn heading(&self) -> String {
        let sums = self.file.model.sums();
        let of = format!(
            "{} of {}",
            text::images(sums.samples()),
            text::counted(sums.present().count() as u64, ["class", "classes"])
        );
        let of = match (self.parts, sums.samples()) {
            (Some(parts), _) => {
                let parts = text::counted(parts as u64, ["part", "parts"]);
                format!("{parts}: {of}")
            }
            (None, 0) => "A part of no images".to_owned(),
            (None, _) => format!("A model of {of}"),
        };
        text::heading(&of)
    }

    fn shards(shards: &[Shard]) -> String {
        if shards.is_empty() {
            return String::new();
        }
        let rows = shards.iter().take(SHOWN).map(|shard| {
            let rows = shard.rows.as_ref();
            [
                digits(shard.digest)[..DIGITS].to_owned(),
                text::kept(&shard.dataset),
                shard.set.clone(),
                rows.map_or("all".into(), |rows| format!("{}..{}", rows.first, rows.end)),
                text::count(shard.samples),
            ]
        });
        let mut page = Table::new(["shard", "dataset", "set", "rows", "images"], rows).text();
        if let Some(more) = shards.len().checked_sub(SHOWN + 1) {
            page += &format!(
                "  and {} more; --json has them all\n",
                text::count(more as u64 + 1)
            );
        }
        page
    }
}

impl Report for Part<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.file.shape)
    }

    fn json(&self) -> String {
        let samples = self.file.model.sums().samples();
        rendered("info", self.parts, samples, self.notes, self.keys())
    }

    fn text(&self) -> String {
        let file = self.file;
        let mut page = self.heading();
        page.push('\n');
        let values = match file.values.is_empty() {
            true => String::new(),
            false => format!(" ({})", file.values),
        };
        let about = format!("{}: {}{values}", text::kept(&file.dataset), file.shape);
        page += &text::line("dataset", &about);
        if file.shape.image_size().is_none() {
            page += &text::recipe_line(file.model.recipe());
        }
        page += &text::line("trained on", file.model.trained_on());
        page += &text::notes(self.notes);
        page.push('\n');
        page += &match &file.shards {
            Some(shards) => Self::shards(shards),
            None => text::line("shards", "it does not say which images it has seen"),
        };
        page
    }
}
