//! Keeps a driver that crashes or hangs from taking the answer with it.
//!
//! Loading GPU drivers runs their code in this process, and a crash there cannot be
//! caught. So drivers that have not been opened well on this machine are first
//! opened by a child process ([`trial`]). How that went is kept in the cache
//! ([`records`]) under what tells these drivers from others ([`installed`]).

mod installed;
mod records;
mod trial;

use std::time::Duration;

use crate::app::stdout::keep_from_drivers;
use crate::backends::select::Choice;
use crate::data::environment::seconds;
use crate::error::{NoGpu, Result};

pub use trial::{COMMAND, attempt};

use records::Records;
use trial::Trial;

/// Seconds in which a driver has to open.
const SECONDS: u64 = 10;

/// What is to be opened.
#[derive(Clone, Copy, Debug)]
pub enum Opening<'a> {
    /// Every driver, to list adapters.
    List,
    /// What this choice takes, with an adapter's index or part of its name.
    Choice(Choice, Option<&'a str>),
}

impl Opening<'_> {
    /// As words of the child's command line, and in records.
    fn words(self) -> Vec<String> {
        match self {
            Self::List => vec!["list".into()],
            Self::Choice(choice, adapter) => {
                let [name, _] = choice.described();
                std::iter::once(name)
                    .chain(adapter)
                    .map(str::to_owned)
                    .collect()
            }
        }
    }
}

/// How long drivers may take to open: `$NCM_GPU_TIMEOUT` seconds, or ten.
///
/// # Errors
/// When the variable is not a number of seconds.
pub fn time_limit() -> Result<Duration> {
    seconds("NCM_GPU_TIMEOUT", SECONDS, 3600)
}

/// Whether this process may open the drivers; true where they open a real GPU, as
/// far as is known. From then on nothing that drivers print is among the results.
///
/// # Errors
/// [`NoGpu::PassedBy`] when they have crashed or hung, now or in an earlier run.
pub fn check(opening: Opening<'_>, limit: Duration) -> Result<bool> {
    keep_from_drivers();
    let records = Records::of(&installed::drivers());
    let name = opening.words().join(" ");
    let outcome = match records.find(&name) {
        Some(known) => known,
        None => {
            let Trial { outcome, listed } = trial::run(opening, limit);
            records.keep(if listed { &name } else { records::ALL }, &outcome);
            outcome
        }
    };
    match outcome {
        trial::Outcome::Opened { real } => Ok(real),
        // Without a child the drivers are opened untried, as all programs do.
        trial::Outcome::NotTried => Ok(true),
        trial::Outcome::Ended(reason) | trial::Outcome::Bad(reason) => {
            Err(NoGpu::PassedBy { reason }.into())
        }
    }
}

/// Forgets how the drivers opened, so that the next opening tries them again.
pub fn forget() {
    Records::of(&installed::drivers()).forget();
}
