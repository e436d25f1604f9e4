//! The confusion matrix as a heat map, and the most frequent confusions in
//! words and pictures.

use maud::{Markup, html};

use super::gallery::picture;
use super::{images, scrolling};
use crate::app::report::dataset_report::{Confused, DatasetReport};
use crate::app::report::heat::{SHADES, level};
use crate::app::report::{MATRIX_CLASSES, text};
use crate::error::Result;
use crate::evaluation::Confusion;

pub(super) fn body(report: &DatasetReport<'_>, frequent: &[Confused]) -> Result<Markup> {
    let confusion = report.evaluation().confusion();
    let classes = confusion.occurring();
    Ok(html! {
        @if classes.len() <= MATRIX_CLASSES {
            (matrix(confusion, &classes))
        } @else {
            p { "A matrix of " (text::count(classes.len() as u64)) " classes would not fit a page; these are its most frequent mistakes." }
        }
        @if !frequent.is_empty() {
            h3 { "The most frequent mistakes" }
            @if report.dataset.test().shape().image_size().is_some() {
                p.note { "Each with its first images in the test set." }
            }
            ul.mistakes {
                @for confused in frequent {
                    li { (mistake(report, confused)?) }
                }
            }
        }
    })
}

fn matrix(confusion: &Confusion, classes: &[usize]) -> Markup {
    let greatest = confusion.wrong().map(|(_, _, images)| images).max();
    let head = html! {
        tr {
            td.axes { "true\u{a0}↓ predicted\u{a0}→" }
            @for class in classes {
                th scope="col" { (class) }
            }
        }
    };
    let rows = html! {
        @for &truth in classes {
            tr {
                th scope="row" { (truth) }
                @for &predicted in classes {
                    @let count = confusion.count(truth, predicted);
                    td class=(shade(truth == predicted, count, greatest)) { (text::count(count)) }
                }
            }
        }
    };
    let caption = "Test images by class: rows are true classes, columns predicted ones";
    html! {
        div.heat { (scrolling(caption, head, rows)) }
        p.note {
            "Right answers are framed, on the diagonal. Wrong ones are shaded by how many there are"
            @if let Some(greatest) = greatest {
                ": "
                span.scale {
                    @for shade in 0..SHADES {
                        span class={ "swatch h" (shade) } aria-hidden="true" {}
                    }
                    " up to " (text::count(greatest))
                }
            }
            "."
        }
    }
}

/// How a cell looks.
fn shade(is_right: bool, count: u64, greatest: Option<u64>) -> String {
    match level(count, greatest.unwrap_or(1)) {
        _ if is_right => "right".to_owned(),
        None => "none".to_owned(),
        Some(level) => format!("h{level}"),
    }
}

fn mistake(report: &DatasetReport<'_>, confused: &Confused) -> Result<Markup> {
    let of_class = report.margins.answers().iter();
    let of_class = of_class
        .filter(|answer| answer.label == confused.truth)
        .count();
    let shown = confused.first.iter();
    let shown = shown.filter_map(|index| picture(report.details.get(index)?));
    let pictures = shown.collect::<Result<Vec<_>>>()?;
    Ok(html! {
        p {
            b { (confused.truth) " taken for " (confused.predicted) } ": "
            (images(confused.images)) ", "
            (text::percent(confused.images as f64 / of_class as f64)) " of class " (confused.truth)
        }
        @if !pictures.is_empty() {
            div.strip {
                @for picture in pictures {
                    (picture)
                }
            }
        }
    })
}
