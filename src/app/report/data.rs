//! The results of `ncm data verify` and `export`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::classes::LabelCounts;
use super::json::{self, DatasetKeys};
use super::{Report, text};
use crate::data::{CheckedFile, Dataset, Shape, Verification};

/// The most files that the text has a block for each of.
const MOST: usize = 12;

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// Bytes that the `mnist` crate reads alike; null where it cannot read the dataset.
    compared_bytes: Option<usize>,
    files: Vec<FileKeys<'a>>,
    label_counts: LabelCounts<'a>,
}

#[derive(Serialize, JsonSchema)]
struct FileKeys<'a> {
    /// The file.
    path: String,
    /// Its length.
    bytes: u64,
    /// Its SHA-256.
    sha256: &'a str,
    /// The length of what is compressed in it; null where nothing is.
    content_bytes: Option<u64>,
    /// The SHA-256 of that.
    content_sha256: Option<&'a str>,
    /// What its header says; null where it has none.
    header: Option<&'a str>,
    /// The published file that it is; null where it is none.
    known: Option<&'a str>,
}

impl<'a> From<&'a CheckedFile> for FileKeys<'a> {
    fn from(file: &'a CheckedFile) -> Self {
        let content = file.content.as_ref();
        Self {
            path: file.path.display().to_string(),
            bytes: file.bytes,
            sha256: &file.sha256,
            content_bytes: content.map(|&(bytes, _)| bytes),
            content_sha256: content.map(|(_, sha256)| &sha256[..]),
            header: file.header.as_deref(),
            known: file.known.as_deref(),
        }
    }
}

impl Report for Verification {
    fn shape(&self) -> Option<Shape> {
        Some(self.dataset.train().shape())
    }

    fn json(&self) -> String {
        let keys = Keys {
            dataset: (&self.dataset).into(),
            compared_bytes: self.compared,
            files: self.files.iter().map(FileKeys::from).collect(),
            label_counts: LabelCounts::new(&self.surveys),
        };
        json::render("data verify", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let train = self.dataset.train();
        let mut page = text::heading(&format!("{} is valid", text::kept(self.dataset.source())));
        page += &text::line(
            "images",
            &format!(
                "{} train, {} test, {}",
                text::count(train.len() as u64),
                text::count(self.dataset.test().len() as u64),
                train.shape()
            ),
        );
        page += &text::notes(self.dataset.notes());
        page += &text::line("labels", &format!("0 to {}", self.dataset.classes() - 1));
        page += &text::line("second reader", &second_reader(self.compared));
        page += &match self.files.len() {
            0..=MOST => self
                .files
                .iter()
                .map(|it| format!("\n{}", file(it)))
                .collect(),
            _ => many(&self.files),
        };
        page + "\n" + &LabelCounts::new(&self.surveys).text()
    }
}

fn second_reader(compared: Option<usize>) -> String {
    let Some(bytes) = compared else {
        return "none: the mnist crate reads only IDX files of 60,000 and 10,000 images of \
                28 × 28 with labels of one byte"
            .into();
    };
    let bytes = text::count(bytes as u64);
    format!("the mnist crate reads the same {bytes} bytes")
}

/// More files than anybody reads about, such as pictures.
fn many(files: &[CheckedFile]) -> String {
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let [count, bytes] = [files.len() as u64, bytes].map(text::count);
    let files = format!("{count} of {bytes} bytes in all; --json has each with its SHA-256");
    text::line("files", &files)
}

fn file(file: &CheckedFile) -> String {
    let mut page = text::path("file", &file.path);
    page += &text::line("  bytes", &text::count(file.bytes));
    page += &text::line("  SHA-256", &file.sha256);
    if let Some((bytes, sha256)) = &file.content {
        page += &text::line("  unpacked", &format!("{} bytes", text::count(*bytes)));
        page += &text::line("  SHA-256", sha256);
    }
    if let Some(header) = &file.header {
        page += &text::line("  header", header);
    }
    let known = file.known.as_deref();
    page + &text::line("  known as", known.unwrap_or("no published file"))
}

/// What has been written where.
pub fn exported(dataset: &Dataset, files: &[PathBuf]) -> String {
    let mut page = text::heading(&format!("{} is written", dataset.source()));
    page += &text::notes(dataset.notes());
    for file in files {
        page += &text::path("file", file);
    }
    page
}
