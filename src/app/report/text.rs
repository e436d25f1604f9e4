//! Pieces that the text reports share.

use std::path::Path;

use anstyle::Style;
use indicatif::HumanCount;

use super::Run;
use super::about::About;
use super::destination::is_standard_output;
use super::table::Table;
use super::wrap::{COLUMNS, wrapped};
use crate::backends::Description;
use crate::backends::timings::Timings;
use crate::classifier::model::ModelFile;
use crate::data::recipe::Recipe;
use crate::evaluation::{ClassScores, Evaluation};

pub(super) use super::worded::{KEPT, kept};

const HEADING: Style = Style::new().bold();

/// Bold lines of their own.
pub(super) fn heading(text: &str) -> String {
    let lines = wrapped(&printable(text), [0, 0], COLUMNS);
    format!("{HEADING}{lines}{HEADING:#}\n")
}

/// What a result is about: the dataset and where it was computed.
pub(super) fn provenance<'a>(dataset: impl Into<About<'a>>, backend: &Description) -> String {
    let about: About<'_> = dataset.into();
    self::dataset(about) + &recipe(about) + &notes(&about.all_notes()) + &self::backend(backend)
}

/// What a dataset is called and how large it is.
pub(super) fn dataset<'a>(dataset: impl Into<About<'a>>) -> String {
    let about: About<'_> = dataset.into();
    let [train, test] = about.splits;
    line(
        "dataset",
        &format!(
            "{}: {} train, {} test, {}, {}",
            kept(about.name),
            count(train),
            count(test),
            shape(about),
            counted(about.classes as u64, ["class", "classes"])
        ),
    )
}

/// What a sample of a dataset looks like, and the type of its values where that is not
/// what pixels have.
fn shape(about: About<'_>) -> String {
    match about.shape.image_size() {
        Some(_) => about.shape.to_string(),
        None => format!("{} ({})", about.shape, about.values),
    }
}

/// How feature vectors were prepared and are compared; nothing of images as they are.
pub(super) fn recipe<'a>(dataset: impl Into<About<'a>>) -> String {
    let about: About<'_> = dataset.into();
    match about.shape.image_size() {
        Some(_) => String::new(),
        None => recipe_line(about.recipe),
    }
}

/// A recipe and its formula.
pub(super) fn recipe_line(recipe: Recipe) -> String {
    line(
        "recipe",
        &format!("{}: {}", recipe.name(), recipe.formula()),
    )
}

/// What was interpreted, passed over or cannot be known, a line each.
pub(super) fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| line("note", &kept(note))).collect()
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
    let (model, images) = (&file.model, images(file.model.sums().samples()));
    line(
        "model",
        &format!("{}, {}: {images}", kept(&file.dataset), model.trained_on()),
    )
}

/// What a model was trained on, images of each class, and how it was asked.
pub(super) fn trained_on(trained_on: &str, counts: &[u64], asked: &str) -> String {
    let images = images(counts.iter().sum());
    let without = counts.iter().filter(|&&count| count == 0).count();
    let mut text = line("trained on", &format!("{trained_on}: {images}{asked}"));
    if without > 0 {
        text += &line("", &none_of(without, counts.len()));
    }
    text
}

/// That some of all classes have no images.
pub(super) fn none_of(without: usize, classes: usize) -> String {
    let all = counted(classes as u64, ["class", "classes"]);
    let have = if without == 1 { "has" } else { "have" };
    format!("{} of {all} {have} no images", count(without as u64))
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
    if is_standard_output(file) {
        line("written", "to standard output")
    } else {
        path("written", file)
    }
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

/// Characters of a name, and the blank behind it.
const NAME: usize = 14;

/// A name and what it is.
pub(super) fn line(name: &str, value: &str) -> String {
    let value = wrapped(&printable(value), [NAME; 2], COLUMNS);
    format!("{name:<13} {value}\n")
}

/// A name and what stays on its line, to be copied from there.
fn whole_line(name: &str, value: &str) -> String {
    format!("{name:<13} {}\n", printable(value))
}

/// A name and which file or folder it is.
pub(super) fn path(name: &str, path: &Path) -> String {
    whole_line(name, &path.display().to_string())
}

/// What to ask next, and the command that answers it, at the end of a result.
pub fn next(question: &str, command: &str) -> String {
    format!(
        "\n{}",
        whole_line("next", &format!("{question}: {}", kept(command)))
    )
}

/// Lines of a paragraph.
pub(super) fn paragraph(text: &str) -> String {
    wrapped(&printable(text), [0, 0], COLUMNS) + "\n"
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

/// A number of images in words.
pub(super) fn images(number: u64) -> String {
    counted(number, ["image", "images"])
}

/// A number of things in words.
pub(super) fn counted(number: u64, [one, many]: [&str; 2]) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A share of one in percent, two digits.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A share of one in percent, without decimals.
pub(super) fn whole_percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share of one, four digits; a dash where there is none.
fn share(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{share:.4}"))
}

/// An interval of shares in percent.
pub(super) fn interval([low, high]: [f64; 2]) -> String {
    format!("{:.2}–{:.2} %", low * 100.0, high * 100.0)
}

/// The classes that test images have or were given.
pub(super) fn occurring(
    evaluation: &Evaluation,
) -> impl Iterator<Item = (usize, ClassScores)> + '_ {
    let occurring = evaluation.confusion().occurring();
    let all = evaluation.per_class().enumerate();
    all.filter(move |(class, _)| occurring.binary_search(class).is_ok())
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
