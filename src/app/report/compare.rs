//! The result of `ncm compare`.

use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, EvaluationKeys, Milliseconds};
use super::table::Table;
use super::{Report, Run, text};
use crate::data::Dataset;
use crate::evaluation::comparison::{Comparison, Pair, Row, p_value};

/// One comparison with all that it depends on.
pub struct Compare<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// What came out.
    pub comparison: &'a Comparison,
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

#[derive(Serialize)]
struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    backend: BackendKeys<'a>,
    rows: [RowKeys; 3],
    pairs: [PairKeys; 3],
    leaked: u64,
    verdict: String,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize)]
struct RowKeys {
    model: &'static str,
    images: u64,
    #[serde(flatten)]
    evaluation: EvaluationKeys,
    settled: u64,
}

#[derive(Serialize)]
struct PairKeys {
    from: &'static str,
    to: &'static str,
    fixed: u64,
    broken: u64,
    changed: u64,
    mcnemar_exact_p: f64,
    mcnemar_mid_p: f64,
}

impl From<&Row> for RowKeys {
    fn from(row: &Row) -> Self {
        Self {
            model: row.model,
            images: row.images,
            evaluation: (&row.evaluation).into(),
            settled: row.evaluation.settled(),
        }
    }
}

impl From<&Pair> for PairKeys {
    fn from(pair: &Pair) -> Self {
        Self {
            from: pair.from,
            to: pair.to,
            fixed: pair.fixed,
            broken: pair.broken,
            changed: pair.changed,
            mcnemar_exact_p: pair.mcnemar().exact_p,
            mcnemar_mid_p: pair.mcnemar().mid_p,
        }
    }
}

impl Report for Compare<'_> {
    fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            backend: (&self.run.backend).into(),
            rows: self.comparison.rows().map(RowKeys::from),
            pairs: self.comparison.pairs().map(PairKeys::from),
            leaked: self.comparison.leaked(),
            verdict: self.comparison.verdict(),
            milliseconds: (&self.run).into(),
        };
        json::render("compare", keys)
    }

    fn text(&self) -> String {
        let mut page = text::heading("Does training on the test images as well help?");
        page.push('\n');
        page += &text::provenance(self.dataset, &self.run.backend);
        page += &text::timings(&self.run);
        page.push('\n');
        page += &models(self.comparison).text();
        page.push('\n');
        page += &pairs(self.comparison).text();
        page.push('\n');
        page += &text::heading(&self.comparison.verdict());
        page
    }
}

fn models(comparison: &Comparison) -> Table {
    let heads = [
        "trained on",
        "images",
        "right",
        "accuracy",
        "95 % interval",
        "settled",
    ];
    let rows = comparison.rows().map(|row| {
        [
            row.model.to_owned(),
            text::count(row.images),
            text::count(row.evaluation.correct()),
            text::percent(row.evaluation.accuracy()),
            text::interval(row.evaluation.interval95()),
            row.evaluation.settled().to_string(),
        ]
    });
    Table::new(heads, rows)
}

fn pairs(comparison: &Comparison) -> Table {
    let heads = [
        "against each other",
        "fixed",
        "broken",
        "changed",
        "exact p",
        "mid-p",
    ];
    let rows = comparison.pairs().map(|pair| {
        [
            format!("{} → {}", pair.from, pair.to),
            pair.fixed.to_string(),
            pair.broken.to_string(),
            pair.changed.to_string(),
            p_value(pair.mcnemar().exact_p),
            p_value(pair.mcnemar().mid_p),
        ]
    });
    Table::new(heads, rows)
}
