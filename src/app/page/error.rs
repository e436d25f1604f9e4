//! Why there is no page.

use std::io;

/// What keeps the page from being served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The port is not to be had.
    #[error(
        "port {port} of this machine cannot be had: {source}; choose another with --port N, or \
         --port 0 for any that is free"
    )]
    Port {
        /// The port.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
    /// The system does not let the server run.
    #[error("the page cannot be served: {0}")]
    Serve(#[from] io::Error),
    /// The system has no random numbers for the page's key.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}
