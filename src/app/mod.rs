//! The last room: the program. Commands, what they report, the page for drawing
//! and the timing of stages. It imports every room, and no room imports it.

#[cfg(feature = "cli")]
mod advice;
#[cfg(feature = "cli")]
mod did_you_mean;
#[cfg(feature = "cli")]
mod error;
#[cfg(feature = "page")]
pub mod page;

#[cfg(feature = "cli")]
pub mod bench;
#[cfg(feature = "cli")]
pub mod commands;
#[cfg(feature = "cli")]
mod drivers;
#[cfg(feature = "cli")]
mod ending;
#[cfg(feature = "cli")]
mod interrupted;
#[cfg(feature = "cli")]
mod job;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
mod shell;
#[cfg(feature = "cli")]
mod stdout;

#[cfg(feature = "cli")]
pub use {
    advice::{instead, message},
    ending::end_at_once,
    error::{Error, Result, exit_code},
    interrupted::clean_up_when_interrupted,
};
