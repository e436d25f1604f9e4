//! Which datasets have a name, and where they are.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::table::Table;
use super::{json, text};
use crate::data::named::{Cached, Entry};

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    datasets: Vec<DatasetKeys<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct DatasetKeys<'a> {
    /// The name that `--data` takes.
    name: &'a str,
    /// What it is, in a few words.
    about: &'a str,
    /// Training images.
    train: u32,
    /// Test images.
    test: u32,
    /// Classes, numbered from 0.
    classes: u16,
    /// What fetching it downloads.
    download_bytes: u64,
    /// Whether all of its files are in the cache.
    cached: bool,
}

/// As one JSON object.
pub fn json(listed: &[(&Entry, Cached)]) -> String {
    let keys = |&(entry, cached): &(&Entry, Cached)| DatasetKeys {
        name: entry.name,
        about: entry.about,
        train: entry.images[0],
        test: entry.images[1],
        classes: entry.classes,
        download_bytes: entry.contents.bytes(),
        cached: cached == Cached::Whole,
    };
    let datasets = listed.iter().map(keys).collect();
    json::render("data list", &[], Keys { datasets })
}

/// For a person.
pub fn text(listed: &[(&Entry, Cached)], cache: &Path) -> String {
    let heads = ["name", "train", "test", "classes", "download", ""];
    let rows = listed.iter().map(|(entry, cached)| {
        let cached = match cached {
            Cached::Whole => "cached",
            Cached::No => "",
        };
        [
            entry.name.to_owned(),
            text::count(entry.images[0].into()),
            text::count(entry.images[1].into()),
            entry.classes.to_string(),
            format!("{:.1} MB", entry.contents.bytes() as f64 / 1e6),
            cached.to_owned(),
        ]
    });
    let mut page = text::heading("Datasets that have a name");
    page += &Table::new(heads, rows).text();
    page += "\n  synthetic[:TRAIN[,TEST[,SEED]]] is drawn, any number of digits\n";
    page += "  the five of EMNIST are in one archive, fetched once\n\n";
    page + &text::path("cache", cache)
}

/// What is in the cache now.
pub fn fetched(entry: &Entry, files: &[PathBuf]) -> String {
    let mut page = text::heading(&format!(
        "{} is in the cache, every checksum right",
        entry.name
    ));
    for file in files {
        page += &text::path("file", file);
    }
    page
}

/// A folder, for a person as for a script.
pub fn path(folder: &Path) -> String {
    format!("{}\n", folder.display())
}
