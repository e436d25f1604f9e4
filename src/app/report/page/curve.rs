//! The learning curve, as `ncm curve` has it.

use maud::{Markup, html};

use super::table;
use crate::app::report::drawn_curve::Drawn;

pub(super) fn body(curve: Option<Drawn<'_>>) -> Markup {
    let Some(curve) = curve else {
        return html! {
            p { "These images are too many to be kept in memory, so that no curve was drawn. " code { "ncm curve" } " draws it." }
        };
    };
    html! {
        @if let Some(verdict) = curve.verdict() {
            p.finding { (verdict) }
        }
        (curve.chart().svg())
        (table("Accuracy on the same test images, over random subsets of the training images", &curve.table()))
        p.note {
            "The band, as the middle 95 %, is what random subsets spread over; it is no interval of the accuracy. "
            "What all the other images add has an interval, which is for other test images."
        }
    }
}
