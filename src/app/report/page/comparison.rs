//! Train against train+test, as `ncm compare` has it.

use maud::{Markup, html};

use super::table;
use crate::app::report::table::Table;
use crate::app::report::text;
use crate::app::report::verdict::{p_value, verdict};
use crate::evaluation::comparison::Comparison;

pub(super) fn body(comparison: &Comparison) -> Markup {
    html! {
        p.finding { (verdict(comparison)) }
        (table("Three ways of training, on the same test images", &models(comparison)))
        (table("The ways against each other", &pairs(comparison)))
        p.note {
            "Train+test has seen the images it is tested on; leave-one-out takes each image out of its own class first. "
            "Fixed: wrong before and right after. Broken: right before and wrong after. "
            "McNemar’s test says how likely such counts are if neither way were better."
        }
    }
}

fn models(comparison: &Comparison) -> Table {
    let heads = ["trained on", "images", "right", "accuracy", "95 % interval"];
    let rows = comparison.rows().map(|row| {
        [
            row.model.to_owned(),
            text::count(row.images),
            text::count(row.evaluation.correct()),
            text::percent(row.evaluation.accuracy()),
            text::interval(row.evaluation.interval95()),
        ]
    });
    Table::new(heads, rows)
}

fn pairs(comparison: &Comparison) -> Table {
    let heads = [
        "against each other",
        "fixed",
        "broken",
        "changed",
        "McNemar exact p",
        "mid-p",
    ];
    let rows = comparison.pairs().map(|pair| {
        [
            format!("{} → {}", pair.from, pair.to),
            text::count(pair.fixed),
            text::count(pair.broken),
            text::count(pair.changed),
            p_value(pair.mcnemar().exact_p),
            p_value(pair.mcnemar().mid_p),
        ]
    });
    Table::new(heads, rows)
}
