//! Accuracy of the images kept against those rejected for their margin.

use maud::{Markup, html};

use super::chart::chart;
use super::table;
use crate::app::report::dataset_report::LISTED;
use crate::app::report::table::Table;
use crate::app::report::text;
use crate::evaluation::margins::Margins;

pub(super) fn body(margins: &Margins) -> Markup {
    let listed = margins.kept(LISTED);
    let heads = [
        "kept",
        "images",
        "right",
        "accuracy",
        "95 % interval",
        "relative margin",
    ];
    let rows = listed.iter().map(|kept| {
        [
            format!("{} %", kept.percent),
            text::count(kept.images),
            text::count(kept.correct),
            text::percent(kept.accuracy()),
            text::interval(kept.interval95()),
            at_least(kept.relative_margin),
        ]
    });
    let kept = Table::new(heads, rows);
    html! {
        p {
            "Where a wrong answer costs more than none, the images of the narrowest margins can be left without one. "
            "Here they go by the relative margin, which is the margin divided by the least squared distance: "
            "an image far from every mean needs a wider one to be as certain."
        }
        (chart(&margins.kept(1..=100), &listed))
        (table("Accuracy of the images that are kept", &kept))
    }
}

/// The narrowest relative margin that is kept.
fn at_least(relative_margin: f64) -> String {
    if relative_margin.is_infinite() {
        return "no second class".to_owned();
    }
    format!("≥ {}", text::percent(relative_margin))
}
