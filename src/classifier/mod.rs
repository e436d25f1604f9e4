//! The second room: class sums, models, questions and predictions, and the rule
//! for when an answer is certain. It imports `data`.

pub mod certainty;
pub mod class_sums;
pub mod exact;
pub mod fixed_point;
pub mod levels;
pub mod look;
pub mod model;
pub mod predictions;
pub mod settle;
