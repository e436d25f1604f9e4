//! The results of `ncm data`.

use std::path::PathBuf;

use serde::Serialize;

use super::json::{self, DatasetKeys};
use super::text;
use crate::dataset::{Dataset, Verification};

#[derive(Serialize)]
struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// Bytes that the `mnist` crate reads alike, or null where it cannot read the dataset.
    compared_bytes: Option<usize>,
}

/// As one JSON object.
pub fn json(found: &Verification) -> String {
    let keys = Keys {
        dataset: (&found.dataset).into(),
        compared_bytes: found.compared,
    };
    json::render("data verify", keys)
}

/// For a person.
pub fn text(found: &Verification) -> String {
    let dataset = &found.dataset;
    let train = dataset.train();
    let mut page = text::heading(&format!("{} is valid", dataset.source()));
    page += &text::line(
        "images",
        &format!(
            "{} train, {} test, {} × {} pixels",
            text::count(dataset.train().len() as u64),
            text::count(dataset.test().len() as u64),
            train.rows(),
            train.columns()
        ),
    );
    page += &text::line("labels", &format!("0 to {}", dataset.classes() - 1));
    page += &text::line(
        "second reader",
        &match found.compared {
            Some(bytes) => format!(
                "the mnist crate reads the same {} bytes",
                text::count(bytes as u64)
            ),
            None => {
                "none: the mnist crate reads only IDX files of 60,000 and 10,000 images of 28 × 28 with labels of one byte".to_owned()
            }
        },
    );
    page
}

/// What has been written where.
pub fn exported(dataset: &Dataset, files: &[PathBuf]) -> String {
    let mut page = text::heading(&format!("{} is written", dataset.source()));
    for file in files {
        page += &text::line("file", &file.display().to_string());
    }
    page
}
