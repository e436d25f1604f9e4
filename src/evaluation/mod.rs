//! The fourth room: what answers are worth. It imports `data`, `classifier` and
//! `backends`.

mod accuracy;
pub mod comparison;
pub mod margins;
pub mod statistics;

pub use accuracy::{ClassScores, Confusion, Evaluation};
