//! The last room: the program. Commands, what they report, the page for drawing
//! and the timing of stages. It imports every room, and no room imports it.

pub mod bench;
pub mod commands;
mod exit_code;
pub mod page;
pub mod report;

pub use exit_code::exit_code;
