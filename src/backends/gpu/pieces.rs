//! How work is cut into pieces that a device can take.

/// The sizes of the pieces; results are the same for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// Images in one chunk, at most; the device's limits may allow fewer.
    pub chunk_images: usize,
    /// Bytes of squared distances that are there at a time.
    pub distance_bytes: usize,
    /// Bytes of a staging buffer.
    pub staging_bytes: usize,
    /// Images whose sums are read back together.
    pub round_images: usize,
    /// Images to a workgroup of `distances`, one of its kernel variants.
    pub workgroup_images: Option<u32>,
    /// The number of a buffer, counted from 0, that is asked for larger than
    /// any device has: what a device does that has no memory left for it.
    pub failing_buffer: Option<usize>,
}

impl Default for Pieces {
    fn default() -> Self {
        Self {
            chunk_images: usize::MAX,
            distance_bytes: 32 << 20,
            // Enough for a transfer to run at full speed.
            staging_bytes: 8 << 20,
            // As many of one class as a 32-bit sum of pixels holds.
            round_images: (u32::MAX / 255) as usize,
            workgroup_images: None,
            failing_buffer: None,
        }
    }
}
