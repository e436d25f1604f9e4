//! The result of `ncm accuracy`.

use schemars::JsonSchema;
use serde::Serialize;

use super::json::{self, BackendKeys, DatasetKeys, EvaluationKeys, Milliseconds, ModelKeys};
use super::table::Table;
use super::{MATRIX_CLASSES, Report, Run, text};
use crate::classifier::model::Model;
use crate::data::Dataset;
use crate::evaluation::{ClassScores, Evaluation};

/// Classes up to which JSON holds the whole confusion matrix.
const JSON_CLASSES: usize = 1_024;

/// Confusions listed where the matrix does not fit.
const WORST: usize = 10;

/// One evaluation with all that it depends on.
pub struct Accuracy<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The model.
    pub model: &'a Model,
    /// Whether each image was taken out of its own class.
    pub leave_one_out: bool,
    /// The split that was evaluated.
    pub evaluated_on: &'a str,
    /// How it did.
    pub evaluation: &'a Evaluation,
    /// Where it was computed, and how long it took.
    pub run: Run<'a>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    dataset: DatasetKeys<'a>,
    backend: BackendKeys<'a>,
    model: QuestionKeys<'a>,
    /// The split whose images were classified.
    evaluated_on: &'a str,
    #[serde(flatten)]
    evaluation: EvaluationKeys,
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

impl Report for Accuracy<'_> {
    fn json(&self) -> String {
        let evaluation = self.evaluation;
        let class = |(class, scores): (usize, ClassScores)| ClassKeys {
            class,
            precision: scores.precision,
            recall: scores.recall,
            f1: scores.f1,
            support: scores.support,
        };
        let confusion = evaluation.confusion();
        let keys = Keys {
            dataset: self.dataset.into(),
            backend: (&self.run.backend).into(),
            model: QuestionKeys {
                model: self.model.into(),
                leave_one_out: self.leave_one_out,
            },
            evaluated_on: self.evaluated_on,
            evaluation: evaluation.into(),
            confusion: (confusion.classes() <= JSON_CLASSES).then(|| confusion.rows().collect()),
            per_class: evaluation.per_class().enumerate().map(class).collect(),
            settled: evaluation.settled(),
            milliseconds: (&self.run).into(),
        };
        json::render("accuracy", self.dataset.notes(), keys)
    }

    fn text(&self) -> String {
        let left_out = if self.leave_one_out {
            ", each image left out of its own class"
        } else {
            ""
        };
        let classes = self.evaluation.per_class().enumerate();
        let tested = classes.filter(|(_, scores)| scores.support > 0);
        let mut page = text::headline(self.evaluation, self.evaluated_on);
        page.push('\n');
        page += &text::provenance(self.dataset, &self.run.backend);
        page += &text::trained_on(self.model, left_out);
        page += &text::line("settled", &settled(self.evaluation.settled()));
        page += &text::timings(&self.run);
        page.push('\n');
        page += &self.confusion();
        page.push('\n');
        page += &text::heading("Each class");
        page += &text::classes(tested).text();
        page
    }
}

impl Accuracy<'_> {
    fn confusion(&self) -> String {
        let confusion = self.evaluation.confusion();
        if confusion.classes() > MATRIX_CLASSES {
            return text::heading("Most frequent confusions") + &self.worst().text();
        }
        let heads = (0..confusion.classes()).map(|class| class.to_string());
        let mut rows = vec![[String::new()].into_iter().chain(heads).collect()];
        for (class, counts) in confusion.rows().enumerate() {
            let mut row = vec![class.to_string()];
            row.extend(counts.iter().map(|&count| match count {
                0 => "·".to_owned(),
                _ => count.to_string(),
            }));
            rows.push(row);
        }
        text::heading("Confusion: rows are true classes, columns predicted ones")
            + &Table::of_rows(rows).text()
    }

    fn worst(&self) -> Table {
        let wrong = self.evaluation.confusion().most_frequent(WORST);
        let rows = wrong.iter().map(|&(truth, predicted, images)| {
            [
                truth.to_string(),
                predicted.to_string(),
                text::count(images),
            ]
        });
        Table::new(["true", "predicted", "images"], rows)
    }
}

fn settled(images: u64) -> String {
    match images {
        0 => "no image needed exact integer arithmetic".to_owned(),
        1 => "1 image by exact integer arithmetic, its margin being within the error bound"
            .to_owned(),
        _ => format!(
            "{images} images by exact integer arithmetic, their margins being within the error bound"
        ),
    }
}
