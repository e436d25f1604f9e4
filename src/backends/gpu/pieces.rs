//! How work is divided into pieces that fit the device.

/// The sizes of the pieces. The results do not depend on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// The most images per chunk; the device's limits may allow fewer.
    pub chunk_images: usize,
    /// Bytes of squared distances, and of answers, held at a time.
    pub distance_bytes: usize,
    /// Bytes per staging buffer.
    pub staging_bytes: usize,
    /// The most images whose sums are accumulated before a readback.
    pub round_images: usize,
    /// Bytes of the lists of images, and of the sums, of the draws that are summed up
    /// at a time.
    pub draw_bytes: usize,
}

impl Default for Pieces {
    fn default() -> Self {
        Self {
            chunk_images: usize::MAX,
            distance_bytes: 32 << 20,
            // Enough to reach the full transfer rate.
            staging_bytes: 8 << 20,
            // Even if all are of one class, a 32-bit sum of a pixel cannot
            // overflow.
            round_images: (u32::MAX / 255) as usize,
            draw_bytes: 32 << 20,
        }
    }
}
