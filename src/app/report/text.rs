//! Pieces that the text reports share.

use std::path::Path;

use anstyle::Style;
use indicatif::HumanCount;

use super::Run;
use super::table::Table;
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::classifier::model::{Model, ModelFile};
use crate::data::Dataset;
use crate::evaluation::{ClassScores, Evaluation};

const HEADING: Style = Style::new().bold();

/// A bold line of its own.
pub(super) fn heading(text: &str) -> String {
    format!("{HEADING}{}{HEADING:#}\n", printable(text))
}

/// What a result is about: the dataset and where it was computed.
pub(super) fn provenance(dataset: &Dataset, backend: &Description) -> String {
    let train = dataset.train();
    let text = line(
        "dataset",
        &format!(
            "{}: {} train, {} test, {} × {} pixels, {} classes",
            dataset.name(),
            count(train.len() as u64),
            count(dataset.test().len() as u64),
            train.rows(),
            train.columns(),
            dataset.classes()
        ),
    );
    text + &notes(dataset.notes()) + &self::backend(backend)
}

/// What was interpreted, passed over or cannot be known, a line each.
pub(super) fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| line("note", note)).collect()
}

/// Where it was computed.
pub(super) fn backend(description: &Description) -> String {
    let mut text = line("backend", &computed_on(description));
    if let Some(driver) = driver(description) {
        text += &line("driver", &driver);
    }
    text
}

/// A backend and, where it has one, its adapter.
pub(super) fn computed_on(description: &Description) -> String {
    let kind = description.kind.name();
    let Some(adapter) = &description.adapter else {
        return kind.into();
    };
    let real = if adapter.software {
        "a software adapter: a CPU, not a GPU"
    } else {
        adapter.kind
    };
    format!("{kind}: {}, {real}", adapter.name)
}

/// The driver of a backend's adapter, where it has one.
pub(super) fn driver(description: &Description) -> Option<String> {
    let adapter = description.adapter.as_ref()?;
    Some(format!("{}, {}", adapter.api, adapter.driver))
}

/// A model that needs no dataset beside it.
pub(super) fn model(file: &ModelFile) -> String {
    let (model, images) = (&file.model, count(file.model.sums().images()));
    line(
        "model",
        &format!("{}, {}: {images} images", file.dataset, model.trained_on()),
    )
}

/// What a model was trained on, and how it was asked.
pub(super) fn trained_on(model: &Model, asked: &str) -> String {
    let images = count(model.sums().images());
    line(
        "trained on",
        &format!("{}: {images} images{asked}", model.trained_on()),
    )
}

/// Text that stays on its line and leaves terminals as they are, whatever names
/// of files hold: control characters come out as `\n` or `\u{1b}`.
pub(super) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            printable.extend(character.escape_default());
        } else {
            printable.push(character);
        }
    }
    printable
}

/// A file that was written.
pub fn written(file: &Path) -> String {
    path("written", file)
}

/// How many images are right, as the heading of a page.
pub(super) fn headline(evaluation: &Evaluation, split: &str) -> String {
    heading(&format!(
        "{} of {} {split} images right: {}  (95 % interval {})",
        count(evaluation.correct()),
        count(evaluation.total()),
        percent(evaluation.accuracy()),
        interval(evaluation.interval95())
    ))
}

/// A name and what it is.
pub(super) fn line(name: &str, value: &str) -> String {
    format!("{name:<13} {}\n", printable(value))
}

/// A name and which file or folder it is.
pub(super) fn path(name: &str, path: &Path) -> String {
    line(name, &path.display().to_string())
}

/// Milliseconds of each stage on the host and, where it was timed, of each
/// kernel on the device.
pub(super) fn timings(run: &Run<'_>) -> String {
    let mut text = line("milliseconds", &on_host(run));
    let device = in_kernels(run.timings);
    if !device.is_empty() {
        text += &line("in kernels", &device);
    }
    text
}

/// Milliseconds in all and of each stage on the host.
pub(super) fn on_host(run: &Run<'_>) -> String {
    let host = run.timings.stages();
    let host = host.filter(|(stage, _)| kernel(stage).is_none());
    format!("{:.1} in all: {}", run.total, listed(host))
}

/// Milliseconds of each kernel that was timed; nothing where none was.
pub(super) fn in_kernels(timings: &Timings) -> String {
    let stages = timings.stages();
    listed(stages.filter_map(|(stage, ms)| Some((kernel(stage)?, ms))))
}

/// The kernel of a stage that is timed on the device.
fn kernel(stage: &str) -> Option<&str> {
    stage.strip_prefix("kernel_")
}

fn listed<'a>(stages: impl Iterator<Item = (&'a str, f64)>) -> String {
    let stages = stages.map(|(stage, ms)| format!("{} {ms:.1}", stage.replace('_', " ")));
    stages.collect::<Vec<_>>().join(", ")
}

/// An integer with its thousands apart.
pub(super) fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A share of one in percent, two digits.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A share of one, four digits; a dash where there is none.
fn share(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{share:.4}"))
}

/// An interval of shares in percent.
pub(super) fn interval([low, high]: [f64; 2]) -> String {
    format!("{:.2}–{:.2} %", low * 100.0, high * 100.0)
}

/// How classes fared.
pub(super) fn classes(scores: impl IntoIterator<Item = (usize, ClassScores)>) -> Table {
    let rows = scores.into_iter().map(|(class, scores)| {
        [
            class.to_string(),
            share(scores.precision),
            share(scores.recall),
            share(scores.f1),
            count(scores.support),
        ]
    });
    Table::new(["class", "precision", "recall", "F1", "support"], rows)
}
