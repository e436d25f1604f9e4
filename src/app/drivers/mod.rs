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
use crate::backends::select::{Choice, TIME_LIMIT};
use crate::data::environment::seconds;
use crate::error::{Error, NoGpu, Result, in_seconds};

pub use trial::{COMMAND, attempt};

use records::Records;
use trial::Trial;

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

/// How long drivers may take to open: `$NCM_GPU_TIMEOUT` seconds, or the time limit
/// of every backend.
///
/// # Errors
/// When the variable is not a number of seconds.
pub fn time_limit() -> Result<Duration> {
    seconds("NCM_GPU_TIMEOUT", TIME_LIMIT.as_secs(), 3600)
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
    let outcome = match records.find(&name, limit) {
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
        trial::Outcome::Hung(seconds) => {
            let reason = format!("they did not answer within {}", in_seconds(seconds));
            Err(NoGpu::PassedBy { reason }.into())
        }
    }
}

/// What comes of an opening in this process. Where the drivers hang, though they have
/// opened well before, the next run tries them again.
pub fn remembered<T>(opened: Result<T>) -> Result<T> {
    if let Err(error) = &opened {
        forget_if_hung(error);
    }
    opened
}

/// Forgets how the drivers opened if this error is that they hang.
pub fn forget_if_hung(error: &Error) {
    if matches!(error, Error::NoGpu(NoGpu::TimedOut { .. })) {
        forget();
    }
}

/// Forgets how the drivers opened, so that the next opening tries them again.
pub fn forget() {
    Records::of(&installed::drivers()).forget();
}
