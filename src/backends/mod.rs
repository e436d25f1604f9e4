//! The third room: where it is computed. The trait, the three backends, which
//! never import each other, what selects one, and the pass over a split. It
//! imports `data` and `classifier`.

mod backend;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod known_answer;
pub mod measure;
pub mod pass;
pub mod reference;
pub mod select;
pub mod timings;
pub mod unlabelled;

pub use backend::{Adapter, Backend, Bandwidth, Description, Kind, Resident};
