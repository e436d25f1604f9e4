//! `ncm devices`: which adapters there are.

use super::next;
use crate::app::drivers::{self, Opening};
use crate::app::report::{self, Report, Results};
use crate::app::{Result, message};
use crate::backends::select::{self, Automatic, Choice, FoundAdapter};
use crate::error::{Error as LibraryError, NoGpu};

const EXAMPLES: &str = "\
Examples:
  ncm devices";

/// List the GPU adapters of this machine, and which one `auto` takes
///
/// Drivers that have not been opened here before are first opened by another process, so that one
/// that crashes or hangs does no harm. Drivers that did are not used from then on; --retry tries
/// them again, as an update of theirs does.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DevicesArguments {
    /// Try drivers again that are not used because they crashed or hung
    #[arg(long, conflicts_with = "no_gpu")]
    retry: bool,

    /// Load no driver, and say what the CPU has
    #[arg(long)]
    no_gpu: bool,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &DevicesArguments) -> Result<Results> {
    if arguments.retry {
        drivers::forget();
    }
    let (found, automatic) = match arguments.no_gpu {
        true => (Vec::new(), none("no driver was loaded (--no-gpu)")),
        false => found()?,
    };
    let report = report::devices::Devices {
        adapters: &found,
        threads: rayon::current_num_threads(),
        automatic: &automatic,
    };
    let next = next::of("how fast they are", &["bench".to_owned()]);
    Ok(report.rendered(arguments.json, &next))
}

/// The adapters, and what `auto` takes of them.
fn found() -> Result<(Vec<FoundAdapter>, Automatic)> {
    let limit = drivers::time_limit()?;
    let listed = drivers::check(Opening::List, limit);
    let listed = listed.and_then(|_| drivers::remembered(select::every_adapter_within(limit)));
    let found = match listed {
        Ok(found) => found,
        // What is known of this machine then.
        Err(error @ LibraryError::NoGpu(_)) => return Ok((Vec::new(), none(&message(&error)))),
        Err(error) => return Err(error.into()),
    };
    if found.is_empty() {
        return Ok((found, none(&message(&NoGpu::NoAdapter.into()))));
    }
    // A list may be had where opening an adapter fails.
    let automatic = match drivers::check(Opening::Choice(Choice::Auto, None), limit) {
        Ok(_) => {
            let conformant = found.iter().filter(|adapter| adapter.is_conformant());
            select::automatic(conformant.map(FoundAdapter::description))
        }
        Err(error) => none(&message(&error)),
    };
    Ok((found, automatic))
}

/// That no adapter is taken, and why.
fn none(reason: &str) -> Automatic {
    Automatic {
        adapter: None,
        reason: reason.to_owned(),
    }
}
