//! `ncm devices`: which adapters there are.

use super::next;
use crate::app::drivers::{self, Opening};
use crate::app::report::{self, Report, Results};
use crate::app::{Error, Result, message};
use crate::backends::select::{self, Automatic, Choice, FoundAdapter};
use crate::error::{Error as LibraryError, NoGpu};

const EXAMPLES: &str = "\
Examples:
  ncm devices";

/// List the GPU adapters of this machine, and which one `auto` takes
///
/// Drivers that have not been opened here before are first opened by another process, so that one
/// that crashes or hangs does no harm. Such drivers are passed by from then on; --retry tries them
/// again, as an update of theirs does.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DevicesArguments {
    /// Try the drivers again that are passed by because they crashed or hung
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
    let (found, automatic) = match found(arguments.no_gpu) {
        Ok(found) => {
            let conformant = found.iter().filter(|adapter| adapter.is_conformant());
            let automatic = select::automatic(conformant.map(FoundAdapter::description));
            (found, automatic)
        }
        // What is known of this machine then.
        Err(Error::Library(error @ LibraryError::NoGpu(_))) => {
            let reason = message(&error);
            (
                Vec::new(),
                Automatic {
                    adapter: None,
                    reason,
                },
            )
        }
        Err(error) => return Err(error),
    };
    let report = report::devices::Devices {
        adapters: &found,
        threads: rayon::current_num_threads(),
        automatic: &automatic,
    };
    let next = next::of("how fast they are", &["bench".to_owned()]);
    Ok(report.rendered(arguments.json, &next))
}

fn found(no_gpu: bool) -> Result<Vec<FoundAdapter>> {
    if no_gpu {
        let reason = "no driver was loaded, as --no-gpu wants it".into();
        return Err(LibraryError::from(NoGpu::NoneChosen { reason }).into());
    }
    let limit = drivers::time_limit()?;
    drivers::check(Opening::List, limit)?;
    // Known before it is taken: `auto` may be passed by where a list is not.
    drivers::check(Opening::Choice(Choice::Auto, None), limit)?;
    let found = select::every_adapter_within(limit)?;
    match found.is_empty() {
        true => Err(LibraryError::from(NoGpu::NoAdapter).into()),
        false => Ok(found),
    }
}
