//! How fast a backend's memory is: the yardstick of a benchmark, since no stage
//! can read its images faster.

use crate::backends::Backend;
use crate::error::Result;

/// How fast memory is, in bytes per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidth {
    /// Of a copy, bytes read and bytes written both counted.
    pub copy: f64,
    /// Of reading alone, where that is measured.
    pub read: Option<f64>,
}

/// A backend that a benchmark can measure against its memory.
pub trait Benchmarked: Backend {
    /// Measures the memory that this backend computes in.
    ///
    /// # Errors
    /// When the device fails.
    fn bandwidth(&self) -> Result<Bandwidth>;
}
