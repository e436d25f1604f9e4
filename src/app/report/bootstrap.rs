//! The result of `ncm bootstrap`.

use schemars::JsonSchema;
use serde::Serialize;

use super::colours::Shades;
use super::curve::{FullKeys, sampling};
use super::json::{self, BackendKeys, DatasetKeys, Milliseconds};
use super::points::points;
use super::table::Table;
use super::terminal::{Grid, Titled};
use super::{Report, Run, text};
use crate::data::{Dataset, Images, Labelled, Shape};
use crate::evaluation::bootstrap::{Bootstrap, STABLE_SHARE, Setting, Unstable};

/// Least agreed images that a person is shown.
const SHOWN: usize = 10;

/// Least agreed images whose pictures a person is shown.
pub const PICTURES: usize = 3;

/// A bootstrap with all that it depends on.
pub struct BootstrapReport<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// What was drawn.
    pub setting: Setting,
    /// What came out.
    pub bootstrap: &'a Bootstrap,
    /// The least agreed of the test images, least agreed first.
    pub least_agreed: &'a [Labelled],
    /// How pictures are drawn, in a terminal of how many characters.
    pub drawn_in: (Shades, usize),
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
    /// Resamples, each of which makes a model.
    models: usize,
    /// Where the random numbers begin.
    seed: u64,
    /// `uniform`, or `per-class` where each class keeps its number of images.
    sampling: &'static str,
    /// Right answers of each model.
    correct: &'a [u64],
    /// The mean share of right answers.
    accuracy: f64,
    /// How much that is more than with all images.
    shift: f64,
    /// Of the models; null of one. It holds noise of the test images as well.
    standard_deviation: Option<f64>,
    /// The middle 95 % of the models, which is no interval of the accuracy; null below 40.
    middle95: Option<[f64; 2]>,
    full: FullKeys,
    /// What comes from which training images were at hand; null of a single model or test
    /// image.
    training_standard_deviation: Option<f64>,
    /// The 95 % interval of the accuracy for other training and test images; null as before.
    interval95_both: Option<[f64; 2]>,
    /// The mean number of classes that a model has no image of, though the training set has.
    classes_lost: f64,
    stable: StableKeys,
    /// The least agreed test images.
    unstable: Vec<UnstableKeys>,
    /// Answers decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
    milliseconds: Milliseconds<'a>,
}

/// Test images that nearly all models give one class.
#[derive(Serialize, JsonSchema)]
struct StableKeys {
    /// The least share of the models that do.
    share: f64,
    /// Their number.
    images: u64,
    /// Those whose class is right.
    correct: u64,
}

#[derive(Serialize, JsonSchema)]
struct UnstableKeys {
    /// Place among the test images.
    index: usize,
    /// The image's class.
    label: u16,
    /// The classes that it is given, falling.
    shares: Vec<ShareKeys>,
}

#[derive(Serialize, JsonSchema)]
struct ShareKeys {
    class: u16,
    /// The share of the models.
    share: f64,
}

impl From<&Unstable> for UnstableKeys {
    fn from(image: &Unstable) -> Self {
        let shares = image.shares.iter();
        Self {
            index: image.index,
            label: image.label,
            shares: shares
                .map(|&(class, share)| ShareKeys { class, share })
                .collect(),
        }
    }
}

impl Report for BootstrapReport<'_> {
    fn shape(&self) -> Option<Shape> {
        Some(self.dataset.train().shape())
    }

    fn json(&self) -> String {
        let bootstrap = self.bootstrap;
        let keys = Keys {
            dataset: self.dataset.into(),
            recipe: self.dataset.preparation().recipe().name(),
            backend: (&self.run.backend).into(),
            models: self.setting.models,
            seed: self.setting.seed,
            sampling: sampling(self.setting.per_class),
            correct: &bootstrap.correct,
            accuracy: bootstrap.spread.accuracy,
            shift: bootstrap.shift(),
            standard_deviation: bootstrap.spread.standard_deviation,
            middle95: bootstrap.spread.middle95,
            full: bootstrap.full.into(),
            training_standard_deviation: bootstrap.training_standard_deviation,
            interval95_both: bootstrap.interval95_both,
            classes_lost: bootstrap.classes_lost,
            stable: StableKeys {
                share: STABLE_SHARE,
                images: bootstrap.stable.images,
                correct: bootstrap.stable.correct,
            },
            unstable: bootstrap.unstable.iter().map(UnstableKeys::from).collect(),
            settled: bootstrap.settled,
            milliseconds: (&self.run).into(),
        };
        json::render("bootstrap", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let mut page = text::heading(&self.headline());
        page.push('\n');
        page += &text::provenance(self.dataset, &self.run.backend);
        page += &text::line("drawn", &self.drawn());
        page += &text::timings(&self.run);
        page.push('\n');
        page += &self.uncertainty().text();
        page.push('\n');
        page += &text::paragraph(&self.models());
        page.push('\n');
        page += &text::heading("Do the models agree?");
        page += &text::paragraph(&self.agreement());
        if self.disagreed().next().is_some() {
            page.push('\n');
            page += &self.unstable().text();
            page.push('\n');
            page += &self.pictures();
        }
        page
    }
}

impl BootstrapReport<'_> {
    fn headline(&self) -> String {
        let full = self.bootstrap.full;
        let both = self.bootstrap.interval95_both;
        let interval = both.map_or_else(String::new, |both| {
            format!(
                "  (95 % interval {}, for other training and test images)",
                text::interval(both)
            )
        });
        format!(
            "{} of {} test images right: {}{interval}",
            text::count(full.correct),
            text::count(full.total),
            text::percent(full.accuracy()),
        )
    }

    fn drawn(&self) -> String {
        let models = text::counted(self.setting.models as u64, ["resample", "resamples"]);
        let kept = match self.setting.per_class {
            true => ", each class with as many images as it has",
            false => "",
        };
        format!(
            "{models} of the training images, seed {}{kept}",
            self.setting.seed
        )
    }

    /// Where the uncertainty comes from.
    fn uncertainty(&self) -> Table {
        let deviation = |share: f64| format!("{:.3} points", share * 100.0);
        let dash = || "–".to_owned();
        let training = self.bootstrap.training_standard_deviation;
        let test = self.bootstrap.test_standard_deviation();
        let both = training.map(|training| training.hypot(test));
        let rows = [
            [
                "which training images".to_owned(),
                training.map_or_else(dash, deviation),
                dash(),
            ],
            [
                "which test images".to_owned(),
                deviation(test),
                text::interval(self.bootstrap.full.interval95()),
            ],
            [
                "both".to_owned(),
                both.map_or_else(dash, deviation),
                self.bootstrap
                    .interval95_both
                    .map_or_else(dash, text::interval),
            ],
        ];
        let heads = [
            "the accuracy depends on",
            "standard deviation",
            "95 % interval",
        ];
        Table::new(heads, rows)
    }

    /// What the models describe, which is not an interval of anything.
    fn models(&self) -> String {
        let spread = &self.bootstrap.spread;
        let range = match spread.middle95 {
            Some(middle) => format!("the middle 95 % of them {}", text::interval(middle)),
            None => format!(
                "the least and the greatest {}",
                text::interval([spread.least, spread.greatest])
            ),
        };
        let lost = match self.bootstrap.classes_lost {
            0.0 => String::new(),
            lost => format!(" On average {lost:.1} classes are not drawn at all."),
        };
        format!(
            "The models are right in {} on average, {range}. That is {} against all images, since \
             a resample is worth half as many; so these numbers are no interval of the accuracy.\
             {lost}",
            text::percent(spread.accuracy),
            points(self.bootstrap.shift()),
        )
    }

    /// The images on which not all models agree, least agreed first.
    fn disagreed(&self) -> impl Iterator<Item = &Unstable> {
        let unstable = self.bootstrap.unstable.iter();
        unstable.filter(|image| image.shares.len() > 1)
    }

    fn agreement(&self) -> String {
        let (stable, full) = (self.bootstrap.stable, self.bootstrap.full);
        let others = match self.disagreed().next() {
            Some(_) => " Least agreed are:",
            None => "",
        };
        format!(
            "{} of {} test images are given one class by at least {:.0} % of the models; {} of \
             those answers are right.{others}",
            text::count(stable.images),
            text::count(full.total),
            STABLE_SHARE * 100.0,
            text::count(stable.correct),
        )
    }

    /// The least agreed images themselves, with the two classes that most models say.
    fn pictures(&self) -> String {
        let Some([rows, columns]) = self.dataset.test().shape().image_size() else {
            return String::new();
        };
        let title = |(unstable, labelled): (&Unstable, &Labelled)| {
            let shares = unstable.shares.iter().take(2);
            let shares: Vec<String> = shares
                .map(|&(class, share)| format!("{class} {}", text::whole_percent(share)))
                .collect();
            Titled {
                title: format!(
                    "{} ({}): {}",
                    unstable.index,
                    unstable.label,
                    shares.join(", ")
                ),
                pixels: labelled.image().map_or(&[][..], Images::pixels).to_vec(),
            }
        };
        let images = self.disagreed().zip(self.least_agreed);
        let images: Vec<Titled> = images.map(title).collect();
        let (shades, width) = self.drawn_in;
        let grid = Grid {
            images: &images,
            rows,
            columns,
            beside: PICTURES,
        };
        grid.text(shades, width)
    }

    fn unstable(&self) -> Table {
        let rows = self.disagreed().take(SHOWN).map(|image| {
            let shares = image.shares.iter().take(4);
            let shares: Vec<String> = shares
                .map(|(class, share)| format!("{class}: {:.0} %", share * 100.0))
                .collect();
            [
                image.index.to_string(),
                image.label.to_string(),
                shares.join(", "),
            ]
        });
        Table::new(
            ["image", "label", "given class by share of the models"],
            rows,
        )
    }
}
