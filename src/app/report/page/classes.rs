//! How each class fared.

use maud::{Markup, html};

use super::{heads, table};
use crate::app::report::text;
use crate::evaluation::{ClassScores, Evaluation};

/// Classes that are listed.
const SHOWN: usize = 100;

pub(super) fn body(evaluation: &Evaluation) -> Markup {
    let scores = evaluation.per_class().enumerate();
    let mut tested: Vec<(usize, ClassScores)> =
        scores.filter(|(_, scores)| scores.support > 0).collect();
    let all = tested.len();
    if all > SHOWN {
        tested
            .sort_by(|(_, a), (_, b)| a.recall.unwrap_or(1.0).total_cmp(&b.recall.unwrap_or(1.0)));
        tested.truncate(SHOWN);
    }
    let head = heads(&["class", "precision", "recall", "F1", "support"]);
    let rows = html! {
        @for (class, scores) in &tested {
            tr {
                th scope="row" { (class) }
                td { (share(scores.precision)) }
                td { (share(scores.recall)) }
                td { (share(scores.f1)) }
                td { (text::count(scores.support)) }
            }
        }
    };
    html! {
        @if all > SHOWN {
            p { "The " (SHOWN) " of " (text::count(all as u64)) " classes with the lowest recall:" }
        }
        (table("How each class fared", head, rows))
        p.note {
            "Precision: of the images given this class, the share that is of it. Recall: of its images, the share given it. "
            "F1: their harmonic mean. Support: its test images."
        }
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{share:.4}"))
}
