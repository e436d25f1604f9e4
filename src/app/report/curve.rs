//! The result of `ncm curve`.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::Serialize;

use super::drawn_curve::Drawn;
use super::json::{self, BackendKeys, DatasetKeys, Milliseconds};
use super::raster::Raster;
use super::{Report, Run, text};
use crate::data::{Dataset, Shape};
use crate::evaluation::curve::{Full, Gain, Point};
use crate::evaluation::draws::Labels;

/// Characters of a line of the chart in a terminal, without its label.
const CHART: usize = 60;

/// A learning curve with all that it depends on.
pub struct CurveReport<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The labels of its training images.
    pub labels: &'a Labels,
    /// The curve.
    pub drawn: Drawn<'a>,
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    /// How samples were prepared and compared with means: `euclidean`, `l2n`, `cl2n`, `cosine`
    /// or `icarl`.
    recipe: &'static str,
    backend: BackendKeys<'a>,
    /// Random orders of the training images.
    repetitions: usize,
    /// Where the random numbers begin.
    seed: u64,
    /// `uniform`, or `per-class` where sizes count images of each class.
    sampling: &'static str,
    points: Vec<PointKeys<'a>>,
    /// From half of the training images to all of them, or of the smallest class; null of
    /// a single image.
    last_doubling: Option<DoublingKeys>,
    full: FullKeys,
    /// The answer in a sentence; null below ten repetitions.
    verdict: Option<String>,
    /// Answers decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct PointKeys<'a> {
    /// Training images; with `per-class` sampling, of each class.
    images: usize,
    /// The mean number of classes that have images.
    classes: f64,
    /// The mean share of right answers.
    accuracy: f64,
    /// The middle 95 % of the repetitions, which is no interval of the accuracy; null below
    /// 40.
    middle95: Option<[f64; 2]>,
    /// Of the repetitions; null of one.
    standard_deviation: Option<f64>,
    /// The least share of right answers.
    least: f64,
    /// The greatest.
    greatest: f64,
    /// What all the other training images add; null where there are no others.
    gain_to_full: Option<GainKeys>,
    /// Right answers of each repetition.
    correct: &'a [u64],
}

#[derive(Serialize, JsonSchema)]
struct GainKeys {
    /// The mean difference of accuracy.
    gain: f64,
    /// Its 95 % interval, for other test images and these training images.
    interval95: [f64; 2],
}

#[derive(Serialize, JsonSchema)]
struct DoublingKeys {
    /// Half of the images.
    from: usize,
    /// All of them.
    to: usize,
    #[serde(flatten)]
    gain: GainKeys,
}

/// The model of all training images.
#[derive(Serialize, JsonSchema)]
pub(super) struct FullKeys {
    /// Training images.
    images: usize,
    /// Right answers.
    correct: u64,
    /// Test images.
    total: u64,
    /// The share of right answers.
    accuracy: f64,
    /// Its 95 % Wilson interval.
    interval95: [f64; 2],
}

impl From<Full> for FullKeys {
    fn from(full: Full) -> Self {
        Self {
            images: full.images,
            correct: full.correct,
            total: full.total,
            accuracy: full.accuracy(),
            interval95: full.interval95(),
        }
    }
}

impl From<Gain> for GainKeys {
    fn from(gain: Gain) -> Self {
        Self {
            gain: gain.gain,
            interval95: gain.interval95,
        }
    }
}

impl<'a> From<&'a Point> for PointKeys<'a> {
    fn from(point: &'a Point) -> Self {
        Self {
            images: point.images,
            classes: point.classes,
            accuracy: point.spread.accuracy,
            middle95: point.spread.middle95,
            standard_deviation: point.spread.standard_deviation,
            least: point.spread.least,
            greatest: point.spread.greatest,
            gain_to_full: point.gain_to_full.map(GainKeys::from),
            correct: &point.correct,
        }
    }
}

/// What `--json` calls a way of sampling.
pub(super) fn sampling(per_class: bool) -> &'static str {
    if per_class { "per-class" } else { "uniform" }
}

impl Report for CurveReport<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.dataset.train().shape())
    }

    fn json(&self) -> String {
        let keys = Keys {
            dataset: self.dataset.into(),
            recipe: self.dataset.preparation().recipe().name(),
            backend: (&self.run.backend).into(),
            repetitions: self.drawn.setting.repetitions,
            seed: self.drawn.setting.seed,
            sampling: sampling(self.drawn.setting.per_class),
            points: self
                .drawn
                .curve
                .points
                .iter()
                .map(PointKeys::from)
                .collect(),
            last_doubling: self.drawn.curve.last_doubling.map(|doubling| DoublingKeys {
                from: doubling.from,
                to: doubling.to,
                gain: doubling.gain.into(),
            }),
            full: self.drawn.curve.full.into(),
            verdict: self.drawn.verdict(),
            settled: self.drawn.curve.settled,
            milliseconds: (&self.run).into(),
        };
        json::render("curve", &self.notes(), keys)
    }

    fn text(&self) -> String {
        let mut page = text::heading("What are more training images worth?");
        page.push('\n');
        page += &text::dataset(self.dataset);
        page += &text::recipe(self.dataset);
        page += &text::notes(&self.notes());
        page += &text::backend(&self.run.backend);
        page += &text::line("drawn", &self.drawn());
        page += &text::timings(&self.run);
        page.push('\n');
        page += &self.drawn.table().text();
        page += &format!("  {}\n", self.all_images());
        page.push('\n');
        page += &self.drawn.chart().text(CHART);
        page.push('\n');
        page += &match self.drawn.verdict() {
            Some(verdict) => text::heading(&verdict),
            None if self.drawn.curve.last_doubling.is_none() => {
                text::paragraph("A single training image cannot be doubled.")
            }
            None => text::paragraph("Fewer than ten repetitions say too little for a verdict."),
        };
        page
    }
}

impl CurveReport<'_> {
    /// A line for each repetition at each size.
    pub fn csv(&self) -> String {
        let mut csv = String::from("images,repetition,correct,total\n");
        for point in &self.drawn.curve.points {
            for (repetition, correct) in point.correct.iter().enumerate() {
                let (images, total) = (point.images, self.drawn.curve.full.total);
                let _ = writeln!(csv, "{images},{repetition},{correct},{total}");
            }
        }
        csv
    }

    /// The chart as an SVG file.
    pub fn svg(&self) -> String {
        self.drawn.chart().svg_file()
    }

    /// The chart as a picture.
    pub fn raster(&self) -> Raster {
        self.drawn.chart().raster()
    }

    fn drawn(&self) -> String {
        let repetitions = text::counted(self.drawn.setting.repetitions as u64, ["order", "orders"]);
        let of = match self.drawn.setting.per_class {
            true => ", sizes count images of each class",
            false => "",
        };
        format!(
            "{repetitions} of the training images, seed {}{of}",
            self.drawn.setting.seed
        )
    }

    fn all_images(&self) -> String {
        let full = self.drawn.curve.full;
        format!(
            "all {} training images: {} (95 % interval {})",
            text::count(full.images as u64),
            text::percent(full.accuracy()),
            text::interval(full.interval95())
        )
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = self.dataset.notes().to_vec();
        let smallest = self.labels.smallest_class();
        let largest = self.drawn.setting.sizes.last().copied().unwrap_or(0);
        if self.drawn.setting.per_class && largest > smallest {
            notes.push(format!(
                "the smallest class has {}; of larger sizes it gives all it has",
                text::images(smallest as u64)
            ));
        }
        notes
    }
}
