//! The result of `ncm accuracy`.

use schemars::JsonSchema;
use serde::Serialize;

use super::about::About;
use super::json::{BackendKeys, DatasetKeys, EvaluationKeys, Milliseconds, ModelKeys};
use super::merged::rendered;
use super::table::Table;
use super::{MATRIX_CLASSES, MOST_CLASSES, Report, Run, text};
use crate::data::Shape;
use crate::evaluation::score::{Asked, Score};
use crate::evaluation::statistics::wilson_interval95;
use crate::evaluation::{ClassScores, Confusion, Evaluation};

/// Classes up to which JSON holds the whole confusion matrix.
const JSON_CLASSES: usize = 1_024;

/// Confusions listed where the matrix does not fit.
const WORST: usize = 10;

/// One evaluation with all that it depends on.
pub struct Accuracy<'a> {
    /// What was found, of one question.
    pub score: &'a Score,
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
    /// or `icarl`.
    recipe: &'static str,
    /// Null of merged scores.
    backend: Option<BackendKeys<'a>>,
    model: QuestionKeys<'a>,
    /// The split whose images were classified.
    evaluated_on: &'a str,
    #[serde(flatten)]
    evaluation: EvaluationKeys,
    /// The mean share of right answers of the classes that have images.
    balanced_accuracy: f64,
    /// Its 95 % interval.
    balanced_interval95: [f64; 2],
    /// Images whose class is among the five nearest; null below 20 classes that have some.
    top5_correct: Option<u64>,
    /// The 95 % Wilson interval of their share.
    top5_interval95: Option<[f64; 2]>,
    /// Images of each class (rows) by the class that they were given (columns);
    /// null beyond 1,024 classes.
    confusion: Option<Vec<Vec<u64>>>,
    per_class: Vec<ClassKeys>,
    /// Images decided by exact arithmetic, their margins being within the error bound.
    settled: u64,
    /// Those of them that needed fractions of integers.
    settled_in_fractions: u64,
    /// Null of merged scores.
    milliseconds: Option<Milliseconds<'a>>,
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
    fn shape(&self) -> Option<Shape> {
        Some(self.score.shape)
    }

    fn json(&self) -> String {
        let (asked, evaluation) = self.answers();
        let class = |(class, scores): (usize, ClassScores)| ClassKeys {
            class,
            precision: scores.precision,
            recall: scores.recall,
            f1: scores.f1,
            support: scores.support,
        };
        let confusion = evaluation.confusion();
        let keys = Keys {
            dataset: self.about().into(),
            recipe: self.score.recipe.name(),
            backend: self.run.as_ref().map(|run| (&run.backend).into()),
            model: QuestionKeys {
                model: asked.into(),
                leave_one_out: asked.leave_one_out,
            },
            evaluated_on: &self.score.evaluated_on,
            evaluation: evaluation.into(),
            balanced_accuracy: evaluation.balanced_accuracy(),
            balanced_interval95: evaluation.balanced_interval95(),
            top5_correct: evaluation.top5(),
            top5_interval95: evaluation
                .top5()
                .map(|top5| wilson_interval95(top5, evaluation.total())),
            confusion: (confusion.classes() <= JSON_CLASSES).then(|| confusion.rows().collect()),
            per_class: evaluation.per_class().enumerate().map(class).collect(),
            settled: evaluation.settled(),
            settled_in_fractions: evaluation.settled_in_fractions(),
            milliseconds: self.run.as_ref().map(Milliseconds::from),
        };
        let samples = evaluation.total();
        rendered("accuracy", self.parts, samples, &self.all_notes(), keys)
    }

    fn text(&self) -> String {
        let (asked, evaluation) = self.answers();
        let left_out = match asked.leave_one_out {
            true => ", each image left out of its own class",
            false => "",
        };
        let mut page = text::headline(evaluation, &self.score.evaluated_on);
        page.push('\n');
        page += &text::dataset(self.about());
        page += &text::recipe(self.about());
        page += &text::notes(&self.all_notes());
        if let Some(run) = &self.run {
            page += &text::backend(&run.backend);
        }
        page += &text::trained_on(&asked.trained_on, &asked.counts, left_out);
        page += &text::line("balanced", &balanced(evaluation));
        if let Some(correct) = evaluation.top5() {
            page += &text::line("top-5", &top5(correct, evaluation.total()));
        }
        page += &text::line("settled", &settled(evaluation));
        if let Some(run) = &self.run {
            page += &text::timings(run);
        }
        page.push('\n');
        page += &confusion(evaluation.confusion());
        page.push('\n');
        page += &text::heading("Each class");
        let few = text::occurring(evaluation).take(MOST_CLASSES);
        page += &text::classes(few).text();
        if text::occurring(evaluation).nth(MOST_CLASSES).is_some() {
            page += "  and so on; --classes FILE.csv has them all\n";
        }
        page
    }
}

impl Accuracy<'_> {
    fn about(&self) -> About<'_> {
        About {
            source: self.source,
            ..self.score.into()
        }
    }

    /// The only question, and its answers.
    fn answers(&self) -> (&Asked, &Evaluation) {
        let answers = &self.score.answers[0];
        (&answers.asked, &answers.evaluation)
    }

    /// What is to be known of the dataset and of these answers.
    fn all_notes(&self) -> Vec<String> {
        let (asked, evaluation) = self.answers();
        // Of a model that was just made of this dataset there is nothing to say.
        let looks = self.score.looks.as_ref();
        let compared = looks.and_then(|[model, evaluated]| model.apart_from(evaluated));
        let scores = evaluation.per_class().zip(&asked.counts);
        let untrained = scores.filter(|&(_, &count)| count == 0);
        let untrained: u64 = untrained.map(|(scores, _)| scores.support).sum();
        let note = (untrained > 0).then(|| {
            let are = if untrained == 1 { "is" } else { "are" };
            format!(
                "{} {are} of classes that the model has no images of, so no answer to them can \
                 be right",
                text::images(untrained)
            )
        });
        let mut notes = self.about().all_notes();
        notes.extend_from_slice(self.notes);
        notes.extend(compared.into_iter().chain(note));
        notes
    }
}

fn balanced(evaluation: &Evaluation) -> String {
    format!(
        "{}, the mean of all classes' recalls (95 % interval {})",
        text::percent(evaluation.balanced_accuracy()),
        text::interval(evaluation.balanced_interval95())
    )
}

fn top5(correct: u64, total: u64) -> String {
    format!(
        "{}, those whose class is among the five nearest (95 % interval {})",
        text::percent(correct as f64 / total as f64),
        text::interval(wilson_interval95(correct, total))
    )
}

fn confusion(confusion: &Confusion) -> String {
    let classes = confusion.occurring();
    if classes.len() <= MATRIX_CLASSES {
        let matrix = matrix(confusion, &classes);
        if matrix.fits() {
            let heading = "Confusion matrix: rows are true classes, columns predicted ones";
            return text::heading(heading) + &matrix.text();
        }
    }
    text::heading("Most frequent confusions") + &worst(confusion).text()
}

fn worst(confusion: &Confusion) -> Table {
    let wrong = confusion.most_frequent(WORST);
    let rows = wrong.iter().map(|&(truth, predicted, images)| {
        [
            truth.to_string(),
            predicted.to_string(),
            text::count(images),
        ]
    });
    Table::new(["true", "predicted", "images"], rows)
}

/// Counts of images of these classes, a row for each true one.
fn matrix(confusion: &Confusion, classes: &[usize]) -> Table {
    let heads = classes.iter().map(usize::to_string);
    let mut rows = vec![[String::new()].into_iter().chain(heads).collect()];
    for &truth in classes {
        let mut row = vec![truth.to_string()];
        row.extend(
            classes
                .iter()
                .map(|&predicted| match confusion.count(truth, predicted) {
                    0 => "·".to_owned(),
                    count => count.to_string(),
                }),
        );
        rows.push(row);
    }
    Table::of_rows(rows)
}

fn settled(evaluation: &Evaluation) -> String {
    let (all, in_fractions) = (evaluation.settled(), evaluation.settled_in_fractions());
    if all == 0 {
        return "no image needed exact arithmetic".to_owned();
    }
    let how = match in_fractions {
        0 => ", in float64 with a bound on its error".to_owned(),
        _ if in_fractions == all => String::new(),
        _ => format!(", {} in fractions of integers", text::count(in_fractions)),
    };
    format!(
        "{} by exact arithmetic{how}, since rounding could have changed the answer",
        text::images(all)
    )
}
