//! Which rows of a set are used, where one is so large that it is cut into shards.

use std::ops::Range;

use super::data_arguments::SplitName;
use crate::app::{Error, Result};
use crate::data::Dataset;
use crate::data::shard::{Origin, Rows};

/// Which rows of a set are used.
#[derive(Debug, clap::Args)]
pub(super) struct RowsArguments {
    /// Use only these rows of the set, from A up to but without B, counted from 0
    #[arg(long, value_name = "A..B", value_parser = parse)]
    rows: Option<RowRange>,
}

/// Some rows, or none.
#[derive(Clone, Debug)]
struct RowRange(Range<u64>);

fn parse(text: &str) -> std::result::Result<RowRange, String> {
    let ends = text.split_once("..");
    let ends = ends.and_then(|(first, end)| Some((first.parse().ok()?, end.parse().ok()?)));
    match ends {
        Some((first, end)) if first <= end => Ok(RowRange(first..end)),
        Some(_) => Err("the first row is behind the last".into()),
        None => Err("two numbers with .. between them, such as 0..1000000".into()),
    }
}

impl RowsArguments {
    pub(super) fn is_given(&self) -> bool {
        self.rows.is_some()
    }

    /// The number of the first row.
    pub(super) fn first(&self) -> usize {
        // Sets of more rows cannot be opened.
        self.rows.as_ref().map_or(0, |rows| rows.0.start as usize)
    }

    /// The dataset with only these rows of a set, and what is known of them. Where there are
    /// none it has the first, which its part is to be made without.
    pub(super) fn cut(&self, set: SplitName, dataset: Dataset) -> Result<(Dataset, Option<Rows>)> {
        let Some(RowRange(rows)) = &self.rows else {
            return Ok((dataset, None));
        };
        let all = set.of(&dataset).len() as u64;
        if rows.end > all {
            return Err(Error::Usage(format!(
                "there are no rows {}..{}: {} has {all} {} rows",
                rows.start,
                rows.end,
                dataset.name(),
                set.name()
            )));
        }
        let origin = match dataset.files() {
            [] => Origin::of_description(dataset.source()),
            files => Origin::of_files(files)?,
        };
        let known = Rows {
            first: rows.start,
            end: rows.end,
            origin,
        };
        let used = match rows.is_empty() {
            true => 0..1,
            // There are as many in memory or in files, so they can be counted.
            false => rows.start as usize..rows.end as usize,
        };
        Ok((dataset.rows(set == SplitName::Test, used)?, Some(known)))
    }
}
