//! Why the GPU does not do the work.

/// Why no adapter can do the work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoGpu {
    /// There is no adapter.
    #[error("no GPU adapter found")]
    NoAdapter,
    /// There are adapters, but none that is used unless it is asked for.
    #[error("no GPU adapter found whose driver has passed Vulkan's conformance tests; there {} {}",
        if found.len() == 1 { "is" } else { "are" },
        numbered(found)
    )]
    NotConformant {
        /// The names of the adapters that were found.
        found: Vec<String>,
    },
    /// No adapter is used unless it is asked for.
    #[error("{reason}")]
    NoneChosen {
        /// Why.
        reason: String,
    },
    /// No adapter has the requested index or name.
    #[error(
        "no adapter has the index or the name {wanted:?}; there {} {}",
        if found.len() == 1 { "is" } else { "are" },
        numbered(found)
    )]
    Unknown {
        /// The requested index or name.
        wanted: String,
        /// The names of the adapters that were found.
        found: Vec<String>,
    },
    /// The driver cannot open the adapter.
    #[error("the adapter {adapter} cannot be used: {reason}")]
    Refused {
        /// The adapter.
        adapter: String,
        /// What the driver said.
        reason: String,
    },
    /// The drivers did not open in time.
    #[error("the GPU drivers did not answer within {}", in_seconds(*seconds))]
    TimedOut {
        /// The time they had.
        seconds: u64,
    },
    /// The drivers are not opened, because that went wrong before.
    #[error("the GPU drivers of this machine are not used: {reason}")]
    PassedBy {
        /// What went wrong.
        reason: String,
    },
    /// The adapter gave a wrong result in a known-answer test.
    #[error("the adapter {adapter} computes {stage} wrongly")]
    ComputesWrongly {
        /// The adapter.
        adapter: String,
        /// The stage that it computes wrongly.
        stage: &'static str,
    },
    /// The work exceeds the adapter's limits.
    #[error("{what} take {bytes} bytes, more than the {most} this adapter can bind")]
    TooLarge {
        /// What is too large.
        what: String,
        /// Its size in bytes.
        bytes: u64,
        /// The largest binding of the adapter, in bytes.
        most: u64,
    },
}

/// A number of seconds in words.
pub(crate) fn in_seconds(seconds: u64) -> String {
    format!("{seconds} second{}", if seconds == 1 { "" } else { "s" })
}

fn numbered(names: &[String]) -> String {
    let each = (0..)
        .zip(names)
        .map(|(index, name)| format!("{index}: {name}"));
    each.collect::<Vec<_>>().join(", ")
}
