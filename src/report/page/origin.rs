//! What ran where, and how to run it again.

use maud::{Markup, html};

use crate::report::dataset_report::DatasetReport;
use crate::report::text;

pub(super) fn body(report: &DatasetReport<'_>) -> Markup {
    let backend = report.backend;
    let evaluation = report.evaluation();
    html! {
        dl.origin {
            dt { "Dataset" }
            dd { (report.dataset.name()) ", from " (report.dataset.source()) }
            dt { "Program" }
            dd { "ncm " (env!("CARGO_PKG_VERSION")) ", " (std::env::consts::ARCH) " " (std::env::consts::OS) }
            dt { "Backend" }
            dd {
                (backend.kind.name())
                @if let Some(adapter) = &backend.adapter {
                    ": " (adapter.name) ", "
                    @if adapter.software { "a software adapter: a CPU, not a GPU" } @else { (adapter.kind) }
                }
            }
            @if let Some(adapter) = &backend.adapter {
                dt { "Driver" }
                dd { (adapter.api) ", " (adapter.driver) }
            }
            dt { "Milliseconds" }
            dd { (milliseconds(report)) }
            dt { "Exactness" }
            dd {
                "Every answer is the one that exact arithmetic gives: of " (text::count(evaluation.total())) " images "
                (text::count(evaluation.settled()))
                " had margins within the backend’s error bound and were decided with integers. "
                "The distances and margins shown come from exact fractions, against which every answer was checked."
            }
            dt { "To make it again" }
            dd { pre.scroll role="region" aria-label="The command" tabindex="0" { code { (report.command) } } }
        }
    }
}

fn milliseconds(report: &DatasetReport<'_>) -> String {
    let stages = report.timings.stages();
    let listed = stages.map(|(stage, ms)| format!("{} {ms:.1}", stage.replace('_', " ")));
    let listed: Vec<_> = listed.collect();
    format!("{:.1} in all: {}", report.total, listed.join(", "))
}
