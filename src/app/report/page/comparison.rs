//! Train against train+test, as `ncm compare` has it.

use maud::{Markup, html};

use super::{heads, table};
use crate::app::report::text;
use crate::evaluation::comparison::{Comparison, p_value};

const MODELS: [&str; 5] = ["trained on", "images", "right", "accuracy", "95 % interval"];
const PAIRS: [&str; 6] = [
    "against each other",
    "fixed",
    "broken",
    "changed",
    "McNemar exact p",
    "mid-p",
];

pub(super) fn body(comparison: &Comparison) -> Markup {
    html! {
        p.finding { (comparison.verdict()) }
        (table("Three ways of training, on the same test images", heads(&MODELS), model_rows(comparison)))
        (table("The ways against each other", heads(&PAIRS), pair_rows(comparison)))
        p.note {
            "Train+test has seen the images it is tested on; leave-one-out takes each image out of its own class first. "
            "Fixed: wrong before and right after. Broken: right before and wrong after. "
            "McNemar’s test says how likely such counts are if neither way were better."
        }
    }
}

fn model_rows(comparison: &Comparison) -> Markup {
    html! {
        @for row in comparison.rows() {
            tr {
                th scope="row" { (row.model) }
                td { (text::count(row.images)) }
                td { (text::count(row.evaluation.correct())) }
                td { (text::percent(row.evaluation.accuracy())) }
                td { (text::interval(row.evaluation.interval95())) }
            }
        }
    }
}

fn pair_rows(comparison: &Comparison) -> Markup {
    html! {
        @for pair in comparison.pairs() {
            tr {
                th scope="row" { (pair.from) " → " (pair.to) }
                td { (text::count(pair.fixed)) }
                td { (text::count(pair.broken)) }
                td { (text::count(pair.changed)) }
                td { (p_value(pair.mcnemar().exact_p)) }
                td { (p_value(pair.mcnemar().mid_p)) }
            }
        }
    }
}
