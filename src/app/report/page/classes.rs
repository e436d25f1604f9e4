//! How each class fared.

use maud::{Markup, html};

use super::table;
use crate::app::report::{MOST_CLASSES, text};
use crate::evaluation::{ClassScores, Evaluation};

pub(super) fn body(evaluation: &Evaluation) -> Markup {
    let mut tested: Vec<(usize, ClassScores)> = text::occurring(evaluation).collect();
    let all = tested.len();
    if all > MOST_CLASSES {
        tested
            .sort_by(|(_, a), (_, b)| a.recall.unwrap_or(1.0).total_cmp(&b.recall.unwrap_or(1.0)));
        tested.truncate(MOST_CLASSES);
    }
    html! {
        @if all > MOST_CLASSES {
            p { "The " (MOST_CLASSES) " of " (text::count(all as u64)) " classes with the lowest recall:" }
        }
        (table("How each class fared", &text::classes(tested)))
        p.note {
            "Precision: of the images given this class, the share that is of it. Recall: of its images, the share given it. "
            "F1: their harmonic mean. Support: its test images."
        }
    }
}
