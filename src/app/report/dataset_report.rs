//! The result of `ncm report`: all that its page, its text and its JSON say.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::drawn_curve::Drawn;
use super::json::{self, BackendKeys, DatasetKeys, EvaluationKeys, Milliseconds, ModelKeys};
use super::verdict::verdict;
use super::{Run, text};
use crate::classifier::model::Model;
use crate::data::Dataset;
use crate::evaluation::Evaluation;
use crate::evaluation::comparison::Comparison;
use crate::evaluation::margins::{Kept, Margins};
use crate::pictures::detail::SampleDetail;

/// Wrong answers, and right ones, whose images are shown for their margin.
const EXTREMES: usize = 24;

/// Kinds of wrong answers that are listed, and images shown of each.
const CONFUSIONS: usize = 8;
const OF_A_CONFUSION: usize = 8;

/// Percentages of the images for which the accuracy is listed.
pub(super) const LISTED: [u32; 6] = [100, 95, 90, 80, 70, 50];

/// What the test images of a dataset have shown of its train model.
pub struct DatasetReport<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The model of the training images.
    pub model: &'a Model,
    /// That model against the others.
    pub comparison: &'a Comparison,
    /// The answer to each test image, with its margin.
    pub margins: &'a Margins,
    /// The images that are shown, by their number.
    pub details: &'a BTreeMap<usize, SampleDetail>,
    /// The learning curve, unless the images are too many to be kept in memory.
    pub curve: Option<Drawn<'a>>,
    /// The command that makes this report.
    pub command: &'a str,
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

/// Files that were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The page.
    pub html: Option<PathBuf>,
    /// The pictures.
    pub png: Vec<PathBuf>,
}

/// Which images of a dataset are shown, by their numbers.
pub struct Selection {
    /// Wrong answers of the widest margins.
    pub widest_errors: Vec<usize>,
    /// Right answers of the narrowest margins.
    pub narrowest_wins: Vec<usize>,
    /// The most frequent confusions, the most frequent first.
    pub confusions: Vec<Confused>,
}

/// Images of one class that were given another.
pub struct Confused {
    /// Their class.
    pub truth: u16,
    /// The class they were given.
    pub predicted: u16,
    /// How many there are.
    pub images: u64,
    /// The first of them.
    pub first: Vec<usize>,
}

impl Selection {
    /// The images that say most about these answers.
    pub fn new(evaluation: &Evaluation, margins: &Margins) -> Self {
        let frequent = evaluation.confusion().most_frequent(CONFUSIONS);
        let confused = |(truth, predicted, images)| Confused {
            truth,
            predicted,
            images,
            first: margins.confused(truth, predicted, OF_A_CONFUSION),
        };
        Self {
            widest_errors: margins.widest_errors(EXTREMES),
            narrowest_wins: margins.narrowest_wins(EXTREMES),
            confusions: frequent.into_iter().map(confused).collect(),
        }
    }

    /// All numbers, some of them more than once.
    pub fn indices(&self) -> impl Iterator<Item = usize> {
        let confused = self.confusions.iter().flat_map(|confused| &confused.first);
        let extremes = self.widest_errors.iter().chain(&self.narrowest_wins);
        extremes.chain(confused).copied()
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    backend: BackendKeys<'a>,
    model: ModelKeys<'a>,
    #[serde(flatten)]
    evaluation: EvaluationKeys,
    /// Whether training on the test images as well helps.
    verdict: String,
    /// Images decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
    /// The most frequent kinds of wrong answers.
    confusions: Vec<ConfusionKeys>,
    /// What rejecting the least certain answers would gain.
    kept: Vec<KeptKeys>,
    /// The wrong answers of the widest margins.
    widest_errors: Vec<ImageKeys>,
    /// The right answers of the narrowest margins.
    narrowest_wins: Vec<ImageKeys>,
    /// The page that was written, if any.
    html: Option<String>,
    /// The pictures that were written.
    png: Vec<String>,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ConfusionKeys {
    /// Their class.
    label: u16,
    /// The class that they were given.
    predicted: u16,
    /// How many there are.
    images: u64,
}

#[derive(Serialize, JsonSchema)]
struct KeptKeys {
    /// Percentage of the images that is kept, the most certain ones.
    percent: u32,
    /// As a number of images.
    images: u64,
    /// Right answers among them.
    correct: u64,
    /// The share of right answers.
    accuracy: f64,
    /// Its 95 % Wilson interval.
    interval95: [f64; 2],
    /// The least relative margin among them; null where it is infinite.
    relative_margin: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
struct ImageKeys {
    /// Its number among the test images, from 0.
    index: usize,
    /// Its class.
    label: u16,
    /// The class that it was given.
    predicted: u16,
    /// The distance to the mean of that class.
    distance: f64,
    /// Its own class where the answer is wrong, else the second nearest.
    other: Option<u16>,
    /// The distance to the mean of the other class.
    other_distance: Option<f64>,
    /// Second least squared distance − least; null where there is one class.
    margin: Option<f64>,
}

impl From<&SampleDetail> for ImageKeys {
    fn from(detail: &SampleDetail) -> Self {
        let other = detail.other;
        Self {
            index: detail.index,
            label: detail.label,
            predicted: detail.predicted,
            distance: detail.distance,
            other: other.map(|other| other.class),
            other_distance: other.and_then(|other| other.distance),
            margin: finite(detail.margin),
        }
    }
}

impl DatasetReport<'_> {
    /// The answers of the model.
    pub fn evaluation(&self) -> &Evaluation {
        &self.comparison.train.evaluation
    }

    /// The images that are shown.
    pub(super) fn selection(&self) -> Selection {
        Selection::new(self.evaluation(), self.margins)
    }

    /// As one JSON object.
    pub fn json(&self, written: &Written) -> String {
        let (evaluation, selection) = (self.evaluation(), self.selection());
        let confusion = |confused: &Confused| ConfusionKeys {
            label: confused.truth,
            predicted: confused.predicted,
            images: confused.images,
        };
        let kept = |kept: &Kept| KeptKeys {
            percent: kept.percent,
            images: kept.images,
            correct: kept.correct,
            accuracy: kept.accuracy(),
            interval95: kept.interval95(),
            relative_margin: finite(kept.relative_margin),
        };
        let images = |indices: &[usize]| -> Vec<ImageKeys> {
            let details = indices.iter().filter_map(|index| self.details.get(index));
            details.map(ImageKeys::from).collect()
        };
        let path = |path: &PathBuf| path.display().to_string();
        let keys = Keys {
            dataset: self.dataset.into(),
            recipe: self.dataset.preparation().recipe().name(),
            backend: (&self.run.backend).into(),
            model: self.model.into(),
            evaluation: evaluation.into(),
            verdict: verdict(self.comparison),
            settled: evaluation.settled(),
            confusions: selection.confusions.iter().map(confusion).collect(),
            kept: self.margins.kept(LISTED).iter().map(kept).collect(),
            widest_errors: images(&selection.widest_errors),
            narrowest_wins: images(&selection.narrowest_wins),
            html: written.html.as_ref().map(path),
            png: written.png.iter().map(path).collect(),
            milliseconds: (&self.run).into(),
        };
        json::render("report", self.dataset.notes(), keys)
    }

    /// For a person.
    pub fn text(&self, written: &Written) -> String {
        let mut page = text::headline(self.evaluation(), "test");
        page += "\n";
        page += &text::provenance(self.dataset, &self.run.backend);
        page += &text::trained_on(self.model.trained_on(), self.model.sums().counts(), "");
        page += &text::timings(&self.run);
        for path in written.html.iter().chain(&written.png) {
            page += &text::written(path);
        }
        page += "\n";
        page += &text::heading(&verdict(self.comparison));
        page
    }
}

fn finite(margin: f64) -> Option<f64> {
    margin.is_finite().then_some(margin)
}
