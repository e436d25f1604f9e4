//! What ran where, and how to run it again.

use maud::{Markup, html};

use crate::app::report::dataset_report::DatasetReport;
use crate::app::report::text;

pub(super) fn body(report: &DatasetReport<'_>) -> Markup {
    let backend = &report.run.backend;
    let evaluation = report.evaluation();
    let kernels = text::in_kernels(report.run.timings);
    html! {
        dl.origin {
            dt { "Dataset" }
            dd { (text::kept(report.dataset.name())) ", from " (text::kept(report.dataset.source())) }
            dt { "Program" }
            dd { "ncm " (env!("CARGO_PKG_VERSION")) ", " (std::env::consts::ARCH) " " (std::env::consts::OS) }
            dt { "Backend" }
            dd { (text::computed_on(backend)) }
            @if let Some(driver) = text::driver(backend) {
                dt { "Driver" }
                dd { (driver) }
            }
            dt { "Milliseconds" }
            dd { (text::on_host(&report.run)) }
            @if !kernels.is_empty() {
                dt { "In kernels" }
                dd { (kernels) }
            }
            dt { "Exactness" }
            dd {
                "Every answer is the one that exact arithmetic gives: of " (text::count(evaluation.total())) " images "
                (text::count(evaluation.settled()))
                " had margins within the backend’s error bound and were decided with integers. "
                "The distances and margins shown come from exact fractions, against which every answer was checked."
            }
            dt { "To make it again" }
            dd { pre.scroll role="region" aria-label="The command" tabindex="0" { code { (text::kept(report.command)) } } }
        }
    }
}
