//! The command as its users run it: exit codes, messages, JSON keys, pipes.

mod accuracy;
mod adapters;
mod bad_data;
mod data;
mod disks;
mod draw;
mod features;
mod looking;
mod outputs;
mod places;
mod predict;
mod predictions;
mod resampling;
mod results;
mod runner;
mod schema;
mod screen;
mod usage;

#[cfg(unix)]
pub use disks::{FULL_DISK, no_full_disk};
pub use draw::Draw;
#[cfg(unix)]
pub use runner::as_other;
pub use runner::{fail, json, limited, ncm, one_line, parsed, run, succeed};
