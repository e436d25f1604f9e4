//! What every JSON result has: the keys are listed in the README and stable.

use serde::{Serialize, Serializer};

use super::Run;
use crate::backends::timings::Timings;
use crate::backends::{Adapter, Description};
use crate::classifier::model::Model;
use crate::data::Dataset;
use crate::evaluation::Evaluation;

/// The version of the key list.
const SCHEMA: &str = "ncm/1";

/// A result: what was asked, then the keys of `body`.
#[derive(Serialize)]
struct Document<'a, T: Serialize> {
    schema: &'static str,
    command: &'a str,
    #[serde(flatten)]
    body: T,
}

/// One JSON object on one indented page.
pub(super) fn render(command: &str, body: impl Serialize) -> String {
    let document = document(command, body);
    let mut text = serde_json::to_string_pretty(&document).expect(FINE);
    text.push('\n');
    text
}

/// One JSON object without blanks, for programs that wait for it.
pub(super) fn compact(command: &str, body: impl Serialize) -> String {
    serde_json::to_string(&document(command, body)).expect(FINE)
}

/// Why a result can always be written.
const FINE: &str = "results have string keys and finite numbers";

fn document<T: Serialize>(command: &str, body: T) -> Document<'_, T> {
    Document {
        schema: SCHEMA,
        command,
        body,
    }
}

#[derive(Serialize)]
pub(super) struct DatasetKeys<'a> {
    name: &'a str,
    source: &'a str,
    train: usize,
    test: usize,
    rows: usize,
    columns: usize,
    classes: usize,
}

impl<'a> From<&'a Dataset> for DatasetKeys<'a> {
    fn from(dataset: &'a Dataset) -> Self {
        Self {
            name: dataset.name(),
            source: dataset.source(),
            train: dataset.train().len(),
            test: dataset.test().len(),
            rows: dataset.train().rows(),
            columns: dataset.train().columns(),
            classes: dataset.classes(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct BackendKeys<'a> {
    kind: &'static str,
    software: bool,
    adapter: Option<AdapterKeys<'a>>,
}

impl<'a> From<&'a Description> for BackendKeys<'a> {
    fn from(description: &'a Description) -> Self {
        Self {
            kind: description.kind.name(),
            software: description.is_software(),
            adapter: description.adapter.as_ref().map(AdapterKeys::from),
        }
    }
}

#[derive(Serialize)]
pub(super) struct AdapterKeys<'a> {
    name: &'a str,
    r#type: &'static str,
    api: &'static str,
    driver: &'a str,
}

impl<'a> From<&'a Adapter> for AdapterKeys<'a> {
    fn from(adapter: &'a Adapter) -> Self {
        Self {
            name: &adapter.name,
            r#type: adapter.kind,
            api: adapter.api,
            driver: &adapter.driver,
        }
    }
}

/// What a model was trained on.
#[derive(Serialize)]
pub(super) struct ModelKeys<'a> {
    trained_on: &'a str,
    images: u64,
}

impl<'a> From<&'a Model> for ModelKeys<'a> {
    fn from(model: &'a Model) -> Self {
        Self {
            trained_on: model.trained_on(),
            images: model.sums().images(),
        }
    }
}

/// How many answers are right.
#[derive(Serialize)]
pub(super) struct EvaluationKeys {
    correct: u64,
    total: u64,
    accuracy: f64,
    interval95: [f64; 2],
}

impl From<&Evaluation> for EvaluationKeys {
    fn from(evaluation: &Evaluation) -> Self {
        Self {
            correct: evaluation.correct(),
            total: evaluation.total(),
            accuracy: evaluation.accuracy(),
            interval95: evaluation.interval95(),
        }
    }
}

impl<'a> From<&Run<'a>> for Milliseconds<'a> {
    fn from(run: &Run<'a>) -> Self {
        Self(run.timings, run.total)
    }
}

/// Stage names in the order they ended, and `total`, each with its milliseconds.
pub(super) struct Milliseconds<'a>(pub(super) &'a Timings, pub(super) f64);

impl Serialize for Milliseconds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // To a microsecond: more digits would be noise.
        let rounded = |milliseconds: f64| (milliseconds * 1e3).round() / 1e3;
        let stages = self
            .0
            .stages()
            .map(|(stage, milliseconds)| (stage, rounded(milliseconds)));
        serializer.collect_map(stages.chain([("total", rounded(self.1))]))
    }
}
