//! `ncm devices`: which adapters there are.

use crate::app::report::{self, Report};
use crate::backends::select::{self, FoundAdapter, adapters};

/// List the GPU adapters of this machine, and which one `auto` takes
#[derive(Debug, clap::Args)]
pub(super) struct DevicesArguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &DevicesArguments) -> String {
    let found = adapters();
    let report = report::devices::Devices {
        adapters: &found,
        threads: rayon::current_num_threads(),
        automatic: &select::automatic(found.iter().map(FoundAdapter::description)),
    };
    report.rendered(arguments.json)
}
