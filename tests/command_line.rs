//! The command as its users run it: exit codes, messages, JSON keys, pipes.

mod accuracy;
mod data;
mod draw;
mod failures;
mod looking;
mod places;
mod predict;
mod predictions;
mod results;
mod runner;
mod schema;

pub use draw::Draw;
#[cfg(unix)]
pub use failures::{FULL_DISK, no_full_disk};
pub use runner::{fail, json, limited, ncm, parsed, run, succeed};
