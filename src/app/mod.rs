//! The last room: the program. Commands, what they report, the page for drawing
//! and the timing of stages. It imports every room, and no room imports it.

mod advice;
pub mod bench;
pub mod commands;
mod error;
pub mod page;
pub mod report;

pub use advice::{instead, message};
pub use error::{Error, Result, exit_code};
