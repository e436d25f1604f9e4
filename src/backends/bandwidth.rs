//! The memory bandwidth of a backend. A benchmark compares the stages with it,
//! since no stage can be faster than reading its images.

use crate::backends::Backend;
use crate::error::Result;

/// Memory bandwidth, in bytes per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bandwidth {
    /// The bandwidth of a copy, counting both the bytes read and the bytes written.
    pub copy: f64,
    /// The bandwidth of reading alone, if measured.
    pub read: Option<f64>,
}

/// A backend whose stages a benchmark can compare with its memory bandwidth.
pub trait Benchmarked: Backend {
    /// Measures the bandwidth of the memory that this backend works in.
    ///
    /// # Errors
    /// When the device fails.
    fn bandwidth(&self) -> Result<Bandwidth>;
}
