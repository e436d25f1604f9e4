//! The page of `ncm report`: one file that needs nothing else, not even a script.

mod chart;
mod classes;
mod comparison;
mod confusion;
mod curve;
mod gallery;
mod means;
mod origin;
mod rejecting;
mod style;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::dataset_report::{DatasetReport, Selection};
use super::table::Table;
use super::text::{self, images};
use super::verdict::verdict;
use crate::error::Result;

/// What the page may load: nothing but what is in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// A part of the page under a heading.
struct Section {
    anchor: &'static str,
    heading: &'static str,
    body: Markup,
}

/// The page.
///
/// # Errors
/// When a picture on it is too large for its format.
pub fn page(report: &DatasetReport<'_>) -> Result<String> {
    let title = format!("ncm report: {}", text::kept(report.dataset.name()));
    let selection = report.selection();
    let sections = sections(report, &selection)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "ncm " (env!("CARGO_PKG_VERSION")) };
                // Else browsers ask the page's host for one.
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(style::style())) }
            }
            body {
                header {
                    h1 { (title) }
                    (headline(report, &selection))
                }
                nav aria-label="Contents" {
                    ol {
                        @for section in &sections {
                            li { a href={ "#" (section.anchor) } { (section.heading) } }
                        }
                    }
                }
                main {
                    @for Section { anchor, heading, body } in &sections {
                        section id=(anchor) aria-labelledby={ (anchor) "-heading" } {
                            h2 id={ (anchor) "-heading" } { (heading) }
                            (body)
                        }
                    }
                }
            }
        }
    };
    let shape = report.dataset.train().shape();
    Ok(super::worded(page.into_string(), shape).replace(text::KEPT, ""))
}

fn sections(report: &DatasetReport<'_>, selection: &Selection) -> Result<Vec<Section>> {
    let section = |anchor, heading, body| Section {
        anchor,
        heading,
        body,
    };
    let means = match report.dataset.train().shape().image_size() {
        Some(_) => Some(section(
            "means",
            "What the model knows: the class means",
            means::body(report)?,
        )),
        None => None,
    };
    let mut sections = vec![
        section(
            "comparison",
            "Does training on the test images help?",
            comparison::body(report.comparison),
        ),
        section(
            "curve",
            "What are more training images worth?",
            curve::body(report.curve),
        ),
        section(
            "confusion",
            "Confusion matrix",
            confusion::body(report, &selection.confusions)?,
        ),
    ];
    sections.extend(means);
    sections.extend([
        section("classes", "Each class", classes::body(report.evaluation())),
        section(
            "errors",
            "Wrong by the widest margin",
            gallery::errors(report, &selection.widest_errors)?,
        ),
        section(
            "wins",
            "Right by the narrowest margin",
            gallery::wins(report, &selection.narrowest_wins)?,
        ),
        section(
            "rejecting",
            "Rejecting what is uncertain",
            rejecting::body(report.margins),
        ),
        section("origin", "How this was made", origin::body(report)),
    ]);
    Ok(sections)
}

/// The answer, before all that it rests on.
fn headline(report: &DatasetReport<'_>, selection: &Selection) -> Markup {
    let evaluation = report.evaluation();
    let train = report.dataset.train();
    html! {
        p.headline {
            strong { (text::percent(evaluation.accuracy())) }
            " of the test images are right: "
            (text::count(evaluation.correct())) " of " (text::count(evaluation.total()))
            ", 95 % interval " (text::interval(evaluation.interval95()))
        }
        p {
            (text::count(train.len() as u64)) " training and "
            (text::count(report.dataset.test().len() as u64)) " test images of "
            (train.shape()) " in "
            (text::counted(report.dataset.classes() as u64, ["class", "classes"])) ". The model, trained on "
            (report.model.trained_on()) ", is the mean image of each class; an image is given the class whose mean is nearest."
            @if report.dataset.train().shape().image_size().is_none() {
                " Recipe " (report.dataset.preparation().recipe().name()) ": "
                (report.dataset.preparation().recipe().formula()) "."
            }
        }
        ul {
            @if let Some((class, recall)) = hardest(report) {
                li {
                    "Hardest is class " b { (class) } ": " (text::percent(1.0 - recall)) " of its images are wrong."
                }
            }
            @if let Some(worst) = selection.confusions.first() {
                li {
                    "The most frequent mistake: " b { (worst.truth) " is taken for " (worst.predicted) } ", "
                    (images(worst.images)) "."
                }
            } @else {
                li { "No test image is wrong." }
            }
            li { (verdict(report.comparison)) }
        }
    }
}

/// The class of which the greatest share is wrong, where any is.
fn hardest(report: &DatasetReport<'_>) -> Option<(usize, f64)> {
    let classes = report.evaluation().per_class().enumerate();
    let recalls = classes.filter_map(|(class, scores)| Some((class, scores.recall?)));
    recalls
        .filter(|&(_, recall)| recall < 1.0)
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
}

/// A table that scrolls inside of itself where it is too wide for the page.
fn table(caption: &str, table: &Table) -> Markup {
    let (heads, rows) = table.split_heads();
    let head = html! {
        tr {
            @for name in heads {
                th scope="col" { (name) }
            }
        }
    };
    let body = html! {
        @for row in rows {
            tr {
                @for (column, cell) in row.iter().enumerate() {
                    @if column == 0 {
                        th scope="row" { (cell) }
                    } @else {
                        td { (cell) }
                    }
                }
            }
        }
    };
    scrolling(caption, head, body)
}

/// A table of any form.
fn scrolling(caption: &str, head: Markup, body: Markup) -> Markup {
    html! {
        figure {
            figcaption.caption { (caption) }
            div.scroll role="region" aria-label=(caption) tabindex="0" {
                table aria-label=(caption) {
                    thead { (head) }
                    tbody { (body) }
                }
            }
        }
    }
}
