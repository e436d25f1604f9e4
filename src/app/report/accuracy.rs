//! The result of `ncm accuracy`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, Milliseconds, ModelKeys};
use super::text;
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::classifier::model::Model;
use crate::data::Dataset;
use crate::evaluation::Evaluation;

/// Classes up to which the whole confusion matrix fits a terminal.
const MATRIX_CLASSES: usize = 16;

/// Classes up to which JSON holds the whole confusion matrix.
const JSON_CLASSES: usize = 1_024;

/// Confusions listed where the matrix does not fit.
const WORST: usize = 10;

/// One evaluation with all that it depends on.
pub struct Accuracy<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Where it was computed.
    pub backend: &'a Description,
    /// The model.
    pub model: &'a Model,
    /// Whether each image was taken out of its own class.
    pub leave_one_out: bool,
    /// The split that was evaluated.
    pub evaluated_on: &'a str,
    /// How it did.
    pub evaluation: &'a Evaluation,
    /// Milliseconds of each stage.
    pub timings: &'a Timings,
    /// Milliseconds of it all.
    pub total: f64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    backend: BackendKeys<'a>,
    model: QuestionKeys<'a>,
    /// The split whose images were classified.
    evaluated_on: &'a str,
    /// Right answers.
    correct: u64,
    /// Classified images.
    total: u64,
    /// The share of right answers.
    accuracy: f64,
    /// Its 95 % Wilson interval.
    interval95: [f64; 2],
    /// Images of each class (rows) by the class that they were given (columns);
    /// null beyond 1,024 classes.
    confusion: Option<Vec<Vec<u64>>>,
    per_class: Vec<ClassKeys>,
    /// Images decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
    milliseconds: Milliseconds<'a>,
}

#[derive(Serialize, JsonSchema)]
struct QuestionKeys<'a> {
    #[serde(flatten)]
    model: ModelKeys<'a>,
    /// Whether each image was left out of the mean of its own class.
    leave_one_out: bool,
}

#[derive(Serialize, JsonSchema)]
struct ClassKeys {
    /// The class.
    class: usize,
    /// Right answers among those given this class; null where there is none.
    precision: Option<f64>,
    /// Right answers among images of this class; null where there is none.
    recall: Option<f64>,
    /// Harmonic mean of precision and recall; null where both are.
    f1: Option<f64>,
    /// Images of this class.
    support: u64,
}

impl Accuracy<'_> {
    /// As one JSON object.
    pub fn json(&self) -> String {
        let evaluation = self.evaluation;
        let class_keys = |(class, scores): (usize, crate::evaluation::ClassScores)| ClassKeys {
            class,
            precision: scores.precision,
            recall: scores.recall,
            f1: scores.f1,
            support: scores.support,
        };
        json::render(
            "accuracy",
            Keys {
                dataset: self.dataset.into(),
                backend: self.backend.into(),
                model: QuestionKeys {
                    model: self.model.into(),
                    leave_one_out: self.leave_one_out,
                },
                evaluated_on: self.evaluated_on,
                correct: evaluation.correct(),
                total: evaluation.total(),
                accuracy: evaluation.accuracy(),
                interval95: evaluation.interval95(),
                confusion: (evaluation.confusion().classes() <= JSON_CLASSES)
                    .then(|| evaluation.confusion().rows().collect()),
                per_class: evaluation.per_class().enumerate().map(class_keys).collect(),
                settled: evaluation.settled(),
                milliseconds: Milliseconds(self.timings, self.total),
            },
        )
    }

    /// For a person.
    pub fn text(&self) -> String {
        let evaluation = self.evaluation;
        let left_out = if self.leave_one_out {
            ", each image left out of its own class"
        } else {
            ""
        };
        let mut page = text::heading(&format!(
            "{} of {} {} images right: {}  (95 % interval {})",
            text::count(evaluation.correct()),
            text::count(evaluation.total()),
            self.evaluated_on,
            text::percent(evaluation.accuracy()),
            text::interval(evaluation.interval95())
        ));
        page.push('\n');
        page += &text::provenance(self.dataset, self.backend);
        page += &text::trained_on(self.model, left_out);
        page += &text::line("settled", &settled(evaluation.settled()));
        page += &text::timings(self.timings, self.total);
        page.push('\n');
        page += &self.confusion();
        page.push('\n');
        page += &text::heading("Each class");
        page += &text::table(&self.class_rows());
        page
    }

    fn confusion(&self) -> String {
        let confusion = self.evaluation.confusion();
        if confusion.classes() > MATRIX_CLASSES {
            return text::heading("Most frequent confusions") + &text::table(&self.worst_rows());
        }
        let mut rows = vec![vec![String::new()]];
        rows[0].extend((0..confusion.classes()).map(|class| class.to_string()));
        rows.extend(confusion.rows().enumerate().map(|(class, counts)| {
            let cells = counts.iter().map(|&count| {
                if count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                }
            });
            [class.to_string()].into_iter().chain(cells).collect()
        }));
        text::heading("Confusion: rows are true classes, columns predicted ones")
            + &text::table(&rows)
    }

    fn worst_rows(&self) -> Vec<Vec<String>> {
        let wrong = self.evaluation.confusion().most_frequent(WORST);
        let header = ["true", "predicted", "images"].map(String::from).to_vec();
        let row = |&(truth, predicted, images): &(u16, u16, u64)| {
            vec![
                truth.to_string(),
                predicted.to_string(),
                text::count(images),
            ]
        };
        [header].into_iter().chain(wrong.iter().map(row)).collect()
    }

    fn class_rows(&self) -> Vec<Vec<String>> {
        let header = ["class", "precision", "recall", "F1", "support"]
            .map(String::from)
            .to_vec();
        let share =
            |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.4}"));
        let scores = self
            .evaluation
            .per_class()
            .enumerate()
            .filter(|(_, scores)| scores.support > 0);
        let row = |(class, scores): (usize, crate::evaluation::ClassScores)| {
            let support = text::count(scores.support);
            vec![
                class.to_string(),
                share(scores.precision),
                share(scores.recall),
                share(scores.f1),
                support,
            ]
        };
        [header].into_iter().chain(scores.map(row)).collect()
    }
}

fn settled(images: u64) -> String {
    match images {
        0 => "no image needed exact integer arithmetic".to_owned(),
        1 => "1 image by exact integer arithmetic, its margin being within the error bound"
            .to_owned(),
        _ => {
            format!(
                "{images} images by exact integer arithmetic, their margins being within the error bound"
            )
        }
    }
}
