//! The fourth room: how good the answers are. It imports `data`, `classifier` and
//! `backends`.

mod accuracy;
pub mod comparison;
pub mod margins;
pub mod statistics;

pub use accuracy::{ClassScores, Confusion, Evaluation};
