//! Train against train+test, as `ncm compare` has it.

use maud::{Markup, html};

use super::table;
use crate::app::report::compare::{WHAT_P_MEANS, models, pairs};
use crate::app::report::verdict::verdict;
use crate::evaluation::comparison::Comparison;

pub(super) fn body(comparison: &Comparison) -> Markup {
    html! {
        p.finding { (verdict(comparison)) }
        (table("Three ways of training, on the same test images", &models(comparison)))
        (table("The ways against each other", &pairs(comparison)))
        p.note {
            "Train+test has seen the images it is tested on; leave-one-out takes each image out of its own class first. "
            "Fixed: wrong before and right after. Broken: right before and wrong after. "
            (WHAT_P_MEANS)
        }
    }
}
