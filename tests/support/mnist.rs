//! MNIST, and its true answers.
//!
//! The data is `$NCM_DATA`, else `./data`. The answers are `$NCM_EXPECTED`: a
//! folder with `mnist.json` (counts, sums, confusion, intervals, tests) and
//! `predictions-*.u8` (one predicted label per byte), made by other software.

use std::path::{Path, PathBuf};

use ncm::Dataset;
use ncm::internals::data::{Source, Split};
use serde_json::Value;

use super::{failed, needs};

/// Why a test that needs MNIST cannot run.
pub const NO_MNIST: &str = "no MNIST in $NCM_DATA or ./data";

/// Why a test that needs its answers cannot run.
pub const NO_ANSWERS: &str = "$NCM_EXPECTED is not set";

/// The three ways of training, as the expected answers name them.
pub const MODELS: [&str; 3] = ["train", "train_plus_test", "train_plus_test_leave_one_out"];

/// The folder that a variable names.
fn named(variable: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).filter(|folder| !folder.is_empty());
    named.map(PathBuf::from)
}

/// The folder of MNIST, where there is one.
pub fn folder() -> Option<PathBuf> {
    let folder = named("NCM_DATA").unwrap_or_else(|| PathBuf::from("data"));
    folder.is_dir().then_some(folder)
}

/// The folder of its answers, where one is named.
pub fn answers() -> Option<PathBuf> {
    named("NCM_EXPECTED")
}

/// The folder of MNIST, for a test that is skipped without.
pub fn needed() -> Result<Option<PathBuf>, String> {
    needs("mnist", folder().ok_or(NO_MNIST))
}

/// The folder of its answers, for a test that is skipped without.
pub fn needed_answers() -> Result<Option<PathBuf>, String> {
    needs("expected", answers().ok_or(NO_ANSWERS))
}

/// The file of features that a network made of MNIST's images, for a test that is skipped
/// without.
pub fn needed_features() -> Result<Option<PathBuf>, String> {
    needs(
        "features",
        named("NCM_FEATURES").ok_or("$NCM_FEATURES is not set"),
    )
}

/// The training and the test split.
pub fn read(folder: &Path) -> Result<[Split; 2], String> {
    let dataset = Dataset::from_folder(folder).map_err(failed)?;
    let split = |source: &Source| source.whole().cloned().ok_or("MNIST fits in memory");
    Ok([split(dataset.train())?, split(dataset.test())?])
}

pub struct Expected {
    pub answers: Value,
    pub predictions: [Vec<u8>; 3],
}

pub fn read_answers(folder: &Path) -> Result<Expected, String> {
    let read = |name: String| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let answers = serde_json::from_slice(&read("mnist.json".into())?).map_err(failed)?;
    let predictions = |model: &str| read(format!("predictions-{model}.u8"));
    let [train, both, left_out] = MODELS;
    let predictions = [
        predictions(train)?,
        predictions(both)?,
        predictions(left_out)?,
    ];
    Ok(Expected {
        answers,
        predictions,
    })
}
