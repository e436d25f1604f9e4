//! The result of `ncm compare`.

use schemars::JsonSchema;
use serde::Serialize;

use super::about::About;
use super::json::{self, BackendKeys, DatasetKeys, EvaluationKeys, Milliseconds};
use super::merged::rendered;
use super::table::Table;
use super::verdict::{gained, p_value, verdict};
use super::{Report, Run, text};
use crate::data::{Dataset, Shape};
use crate::evaluation::comparison::{Comparison, LEAVE_ONE_OUT, Pair, Row, TRAIN_AND_TEST};
use crate::evaluation::paired::{Better, Paired};
use crate::evaluation::score::Score;

/// What the p-values are, and which of them counts.
pub(super) const WHAT_P_MEANS: &str = "p is McNemar's test: how likely counts at least as \
    unequal would be if the change had no effect. One test decides, train → leave-one-out, \
    below 0.05.";

/// One comparison with all that it depends on.
pub struct Compare<'a> {
    /// What was found, of three questions.
    pub score: &'a Score,
    /// The same as a comparison.
    pub comparison: &'a Comparison,
    /// Where the dataset was read from, if it is one.
    pub source: Option<&'a str>,
    /// Where it was computed, and how long it took; nothing of merged scores.
    pub run: Option<Run<'a>>,
    /// Scores that were named, where it is merged from them.
    pub parts: Option<usize>,
    /// What is to be known beside what the dataset says.
    pub notes: &'a [String],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`; null where two are compared, which `rows` name.
    recipe: Option<&'static str>,
    /// Null of merged scores.
    backend: Option<BackendKeys<'a>>,
    /// Train, train+test, and train+test leave-one-out; or two recipes.
    rows: Vec<RowKeys>,
    /// Each row against each later one.
    pairs: Vec<PairKeys>,
    /// Extra right answers that come from testing on images the model had seen; null of two
    /// recipes.
    leaked: Option<u64>,
    /// The answer in a sentence.
    verdict: String,
    /// Null of merged scores.
    milliseconds: Option<Milliseconds<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct RowKeys {
    /// What was trained on, and how each image was scored.
    model: &'static str,
    /// Images that the means are made of.
    images: u64,
    #[serde(flatten)]
    evaluation: EvaluationKeys,
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
    /// How much greater the share of right answers is after the change.
    difference: f64,
    /// Its 95 % interval (Bonett and Price).
    difference95: [f64; 2],
    /// p-value of McNemar's exact test.
    mcnemar_exact_p: f64,
    /// Its mid-p variant.
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
            difference: pair.difference(),
            difference95: pair.difference95(),
            mcnemar_exact_p: pair.mcnemar().exact_p,
            mcnemar_mid_p: pair.mcnemar().mid_p,
        }
    }
}

impl Report for Compare<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.score.shape)
    }

    fn json(&self) -> String {
        let comparison = self.comparison;
        let keys = Keys {
            dataset: self.about().into(),
            recipe: Some(self.score.recipe.name()),
            backend: self.run.as_ref().map(|run| (&run.backend).into()),
            rows: comparison.rows().map(RowKeys::from).into(),
            pairs: comparison.pairs().map(PairKeys::from).into(),
            leaked: Some(comparison.leaked()),
            verdict: verdict(comparison),
            milliseconds: self.run.as_ref().map(Milliseconds::from),
        };
        let samples = comparison.train.evaluation.total();
        rendered("compare", self.parts, samples, &self.all_notes(), keys)
    }

    fn text(&self) -> String {
        let mut page = text::heading("Does training on the test images as well help?");
        page.push('\n');
        page += &text::dataset(self.about());
        page += &text::recipe(self.about());
        page += &text::notes(&self.all_notes());
        if let Some(run) = &self.run {
            page += &text::backend(&run.backend);
            page += &text::timings(run);
        }
        page.push('\n');
        page += &models(self.comparison).text();
        page.push('\n');
        page += &pairs(self.comparison).text();
        page += "  fixed: wrong before, right after; broken: the reverse\n";
        page += &text::paragraph(WHAT_P_MEANS);
        page.push('\n');
        page += &text::heading(&verdict(self.comparison));
        page
    }
}

impl Compare<'_> {
    fn about(&self) -> About<'_> {
        About {
            source: self.source,
            ..self.score.into()
        }
    }

    fn all_notes(&self) -> Vec<String> {
        let mut notes = self.about().all_notes();
        notes.extend_from_slice(self.notes);
        notes
    }
}

/// Two recipes compared, with all that it depends on.
pub struct Recipes<'a> {
    /// The dataset, as its samples are.
    pub dataset: &'a Dataset,
    /// What came out.
    pub paired: &'a Paired,
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

impl Report for Recipes<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.dataset.train().shape())
    }

    fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            recipe: None,
            backend: Some((&self.run.backend).into()),
            rows: self.paired.rows.iter().map(RowKeys::from).collect(),
            pairs: vec![(&self.paired.pair).into()],
            leaked: None,
            verdict: self.verdict(),
            milliseconds: Some((&self.run).into()),
        };
        json::render("compare", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let [first, second] = self.paired.rows.each_ref().map(|row| row.model);
        let mut page = text::heading(&format!("Which is better, {first} or {second}?"));
        page.push('\n');
        page += &text::dataset(self.dataset);
        page += &text::notes(self.dataset.notes());
        page += &text::backend(&self.run.backend);
        page += &text::timings(&self.run);
        page.push('\n');
        page += &rows_of("recipe", &self.paired.rows).text();
        page.push('\n');
        page += &pairs_of([&self.paired.pair]).text();
        page += "  fixed: wrong before, right after; broken: the reverse\n";
        page.push('\n');
        page += &text::heading(&self.verdict());
        page
    }
}

impl Recipes<'_> {
    fn verdict(&self) -> String {
        let pair = &self.paired.pair;
        let finding = match self.paired.better() {
            Better::Neither => "No detectable difference".to_owned(),
            Better::First => format!("{} is detectably better", pair.from),
            Better::Second => format!("{} is detectably better", pair.to),
        };
        format!(
            "{finding}: from {} to {} {}",
            pair.from,
            pair.to,
            gained(pair)
        )
    }
}

/// The three ways of training.
pub(super) fn models(comparison: &Comparison) -> Table {
    rows_of("trained on", comparison.rows())
}

/// A table of classifiers, whose first column has this head.
fn rows_of<'a>(head: &str, rows: impl IntoIterator<Item = &'a Row>) -> Table {
    let heads = [
        head,
        "images",
        "right",
        "accuracy",
        "95 % interval",
        "settled",
    ];
    let rows = rows.into_iter().map(|row| {
        [
            row.model.to_owned(),
            text::count(row.images),
            text::count(row.evaluation.correct()),
            text::percent(row.evaluation.accuracy()),
            match row.model {
                // Its answers to images that it has seen say nothing of others.
                TRAIN_AND_TEST => "seen".to_owned(),
                _ => text::interval(row.evaluation.interval95()),
            },
            row.evaluation.settled().to_string(),
        ]
    });
    Table::new(heads, rows)
}

/// The name of a way of training, as short as it is clear beside the others.
fn short(name: &'static str) -> &'static str {
    if name == LEAVE_ONE_OUT {
        "leave-one-out"
    } else {
        name
    }
}

/// Each way against each later one.
pub(super) fn pairs(comparison: &Comparison) -> Table {
    pairs_of(comparison.pairs())
}

fn pairs_of<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Table {
    let heads = [
        "against each other",
        "fixed",
        "broken",
        "changed",
        "exact p",
        "mid-p",
    ];
    // Leave-one-out can only break: it lengthens the distance to the own class.
    let p = |pair: &Pair, p: f64| match pair.from {
        TRAIN_AND_TEST => "–".to_owned(),
        _ => p_value(p),
    };
    let rows = pairs.into_iter().map(|pair| {
        [
            format!("{} → {}", short(pair.from), short(pair.to)),
            text::count(pair.fixed),
            text::count(pair.broken),
            text::count(pair.changed),
            p(pair, pair.mcnemar().exact_p),
            p(pair, pair.mcnemar().mid_p),
        ]
    });
    Table::new(heads, rows)
}
