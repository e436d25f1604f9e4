//! A model as the sum of its parts.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, ModelKeys};
use super::table::Table;
use super::{Report, text};
use crate::classifier::model::ModelFile;
use crate::data::Shape;
use crate::data::shard::Shard;

/// Shards that a person is shown.
const SHOWN: usize = 20;

/// Digits of a digest that a person is shown.
const DIGITS: usize = 12;

/// A merged model.
pub struct Merged<'a> {
    /// The model.
    pub file: &'a ModelFile,
    /// How many parts were named.
    pub parts: usize,
    /// What was passed over.
    pub notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// The name of the datasets, or how many there are.
    dataset: &'a str,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    model: ModelKeys<'a>,
    /// Parts that were named.
    parts: usize,
    /// Samples of all parts.
    samples: u64,
    /// Rows of pixels of an image; null of feature vectors.
    rows: Option<usize>,
    /// Columns of pixels of an image; null of feature vectors.
    columns: Option<usize>,
    /// Values of a sample.
    dim: usize,
    /// The type of the values as they were stored: `u8`, `f16`, `bf16` or `f32`.
    values: &'a str,
    /// Classes, numbered from 0.
    classes: usize,
    /// Names of the classes in order; empty where numbers are all that is known.
    class_names: &'a [String],
    /// Samples of each class.
    counts: &'a [u64],
    /// Which samples they are.
    shards: Vec<ShardKeys<'a>>,
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
}

impl<'a> From<&'a Shard> for ShardKeys<'a> {
    fn from(shard: &'a Shard) -> Self {
        Self {
            digest: format!("{:032x}", shard.digest),
            samples: shard.samples,
            dataset: &shard.dataset,
            set: &shard.set,
        }
    }
}

impl Report for Merged<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.file.shape)
    }

    fn json(&self) -> String {
        let file = self.file;
        let sums = file.model.sums();
        let size = file.shape.image_size();
        let keys = Keys {
            dataset: &file.dataset,
            recipe: file.model.recipe().name(),
            model: (&file.model).into(),
            parts: self.parts,
            samples: sums.samples(),
            rows: size.map(|[rows, _]| rows),
            columns: size.map(|[_, columns]| columns),
            dim: sums.dim(),
            values: &file.values,
            classes: sums.classes(),
            class_names: &file.class_names,
            counts: sums.counts(),
            shards: file.shards.iter().map(ShardKeys::from).collect(),
        };
        json::render("merge", self.notes, keys)
    }

    fn text(&self) -> String {
        let file = self.file;
        let sums = file.model.sums();
        let mut page = text::heading(&format!(
            "{}: {} of {}",
            text::counted(self.parts as u64, ["part", "parts"]),
            text::images(sums.samples()),
            text::counted(sums.present().count() as u64, ["class", "classes"])
        ));
        page.push('\n');
        page += &text::line(
            "dataset",
            &format!(
                "{}: {} ({})",
                text::kept(&file.dataset),
                file.shape,
                file.values
            ),
        );
        if file.shape.image_size().is_none() {
            let recipe = file.model.recipe();
            page += &text::line(
                "recipe",
                &format!("{}: {}", recipe.name(), recipe.formula()),
            );
        }
        page += &text::line("trained on", file.model.trained_on());
        page += &text::notes(self.notes);
        page.push('\n');
        page += &self.shards().text();
        if let Some(more) = file.shards.len().checked_sub(SHOWN + 1) {
            page += &format!(
                "  and {} more; --json has them all\n",
                text::count(more as u64 + 1)
            );
        }
        page
    }
}

impl Merged<'_> {
    fn shards(&self) -> Table {
        let rows = self.file.shards.iter().take(SHOWN).map(|shard| {
            let digits = format!("{:032x}", shard.digest);
            [
                digits[..DIGITS].to_owned(),
                text::kept(&shard.dataset),
                shard.set.clone(),
                text::count(shard.samples),
            ]
        });
        Table::new(["shard", "dataset", "set", "images"], rows)
    }
}
