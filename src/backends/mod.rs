//! The third room: where the computation runs. It has the trait, the three
//! backends, which never import each other, their selection, and splits of any
//! size. It imports `data` and `classifier`.

mod backend;
mod bandwidth;
pub mod batched;
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod known_answer;
pub mod measure;
mod pending;
pub mod reference;
pub mod select;
pub mod timings;
pub mod unlabelled;

pub use backend::{Adapter, Backend, Description, Kind, Resident};
pub use bandwidth::{Bandwidth, Benchmarked};
