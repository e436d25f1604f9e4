//! The second room: class sums, models, questions and predictions, and the rule
//! for when an answer is certain. It imports `data`.

pub mod arranged;
pub mod centre;
pub mod certainty;
pub mod class_sums;
pub mod draw;
pub mod exact;
pub mod fixed_point;
pub mod float_exact;
pub mod float_sums;
pub mod level_sums;
pub mod levels;
pub mod look;
pub mod model;
pub mod predictions;
pub mod reported;
pub mod running_sums;
pub mod settle;
pub mod within;
