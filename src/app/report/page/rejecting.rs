//! Accuracy of the images kept against those rejected for their margin.

use maud::{Markup, html};

use super::chart::chart;
use super::{heads, table};
use crate::app::report::dataset_report::LISTED;
use crate::app::report::text;
use crate::evaluation::margins::Margins;

pub(super) fn body(margins: &Margins) -> Markup {
    let listed = margins.kept(LISTED);
    let names = [
        "kept",
        "images",
        "right",
        "accuracy",
        "95 % interval",
        "relative margin",
    ];
    let rows = html! {
        @for kept in &listed {
            tr {
                th scope="row" { (kept.percent) " %" }
                td { (text::count(kept.images)) }
                td { (text::count(kept.correct)) }
                td { (text::percent(kept.accuracy())) }
                td { (text::interval(kept.interval95())) }
                td { (at_least(kept.relative_margin)) }
            }
        }
    };
    html! {
        p {
            "Where a wrong answer costs more than none, the images of the narrowest margins can be left without one. "
            "Here they go by the relative margin, which is the margin divided by the least squared distance: "
            "an image far from every mean needs a wider one to be as certain."
        }
        (chart(&margins.kept(1..=100), &listed))
        (table("Accuracy of the images that are kept", heads(&names), rows))
    }
}

/// The narrowest relative margin that is kept.
fn at_least(relative_margin: f64) -> String {
    match relative_margin.is_finite() {
        true => format!("≥ {}", text::percent(relative_margin)),
        false => "no second class".to_owned(),
    }
}
