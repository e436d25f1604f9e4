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
        }
    }
}
