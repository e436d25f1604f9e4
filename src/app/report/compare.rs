//! The result of `ncm compare`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, Milliseconds};
use super::text;
use super::verdict::{p_value, verdict};
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::data::Dataset;
use crate::evaluation::comparison::Comparison;

/// One comparison with all that it depends on.
pub struct Compare<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Where it was computed.
    pub backend: &'a Description,
    /// What came out.
    pub comparison: &'a Comparison,
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    backend: BackendKeys<'a>,
    /// Train, train+test, and train+test leave-one-out.
    rows: Vec<RowKeys>,
    /// Each row against each later one.
    pairs: Vec<PairKeys>,
    /// Extra right answers that come from testing on images the model had seen.
    leaked: u64,
    /// The answer in a sentence.
    verdict: String,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct RowKeys {
    /// What was trained on, and how each image was scored.
    model: &'static str,
    /// Images that the means are made of.
    images: u64,
    /// Right answers.
    correct: u64,
    /// Classified images.
    total: u64,
    /// The share of right answers.
    accuracy: f64,
    /// Its 95 % Wilson interval.
    interval95: [f64; 2],
    /// Images decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
}

#[derive(Serialize, JsonSchema)]
struct PairKeys {
    /// The row before the change.
    from: &'static str,
    /// The row after it.
    to: &'static str,
    /// Wrong before, right after.
    fixed: u64,
    /// Right before, wrong after.
    broken: u64,
    /// Images that were given another class.
    changed: u64,
    /// p-value of McNemar's exact test.
    mcnemar_exact_p: f64,
    /// Its mid-p variant.
    mcnemar_mid_p: f64,
}

impl Compare<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let row = |row: &crate::evaluation::comparison::Row| RowKeys {
            model: row.model,
            images: row.images,
            correct: row.evaluation.correct(),
            total: row.evaluation.total(),
            accuracy: row.evaluation.accuracy(),
            interval95: row.evaluation.interval95(),
            settled: row.evaluation.settled(),
        };
        let pair = |pair: &crate::evaluation::comparison::Pair| PairKeys {
            from: pair.from,
            to: pair.to,
            fixed: pair.fixed,
            broken: pair.broken,
            changed: pair.changed,
            mcnemar_exact_p: pair.mcnemar().exact_p,
            mcnemar_mid_p: pair.mcnemar().mid_p,
        };
        json::render(
            "compare",
            Keys {
                dataset: self.dataset.into(),
                backend: self.backend.into(),
                rows: self.comparison.rows.iter().map(row).collect(),
                pairs: self.comparison.pairs.iter().map(pair).collect(),
                leaked: self.comparison.leaked(),
                verdict: verdict(self.comparison),
                milliseconds: Milliseconds(self.timings, self.total),
            },
        )
    }

    /// For a person.
    pub fn text(&self) -> String {
        let mut page = text::heading("Does training on the test images as well help?");
        page.push('\n');
        page += &text::provenance(self.dataset, self.backend);
        page += &text::timings(self.timings, self.total);
        page.push('\n');
        page += &text::table(&self.model_rows());
        page.push('\n');
        page += &text::table(&self.pair_rows());
        page.push('\n');
        page += &text::heading(&verdict(self.comparison));
        page
    }

    fn model_rows(&self) -> Vec<Vec<String>> {
        let header = [
            "trained on",
            "images",
            "right",
            "accuracy",
            "95 % interval",
            "settled",
        ];
        let rows = self.comparison.rows.iter().map(|row| {
            vec![
                row.model.to_owned(),
                text::count(row.images),
                text::count(row.evaluation.correct()),
                text::percent(row.evaluation.accuracy()),
                text::interval(row.evaluation.interval95()),
                row.evaluation.settled().to_string(),
            ]
        });
        [header.map(String::from).to_vec()]
            .into_iter()
            .chain(rows)
            .collect()
    }

    fn pair_rows(&self) -> Vec<Vec<String>> {
        let header = [
            "against each other",
            "fixed",
            "broken",
            "changed",
            "exact p",
            "mid-p",
        ];
        let rows = self.comparison.pairs.iter().map(|pair| {
            vec![
                format!("{} → {}", pair.from, pair.to),
                pair.fixed.to_string(),
                pair.broken.to_string(),
                pair.changed.to_string(),
                p_value(pair.mcnemar().exact_p),
                p_value(pair.mcnemar().mid_p),
            ]
        });
        [header.map(String::from).to_vec()]
            .into_iter()
            .chain(rows)
            .collect()
    }
}
