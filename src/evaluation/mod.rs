//! The fourth room: how good the answers are. It imports `data`, `classifier` and
//! `backends`.

mod accuracy;
pub mod bootstrap;
pub mod comparison;
pub mod curve;
pub mod draws;
pub mod many_models;
pub mod margins;
pub mod paired;
#[cfg(feature = "arrays")]
pub mod score;
pub mod spread;
pub mod statistics;

pub use accuracy::{ClassScores, Confusion, Evaluation, FEWEST_FOR_PLACES, PLACES};
