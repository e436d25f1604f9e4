//! Limits on how much of a dataset is in memory at a time.

/// How much of a dataset may be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// A split with more bytes than this stays in its files.
    pub whole: usize,
    /// Maximum bytes of images in one batch of such a split.
    pub batch: usize,
    /// Whether smaller splits also stay in their files, if these are
    /// uncompressed, and are read in smaller batches.
    pub reread: bool,
}

impl Default for Memory {
    /// Keeps splits of up to twice MNIST's size in memory. Batches are large
    /// enough to be sent to a device at full speed.
    fn default() -> Self {
        Self {
            whole: 128 << 20,
            batch: 16 << 20,
            reread: false,
        }
    }
}

/// Bytes of a batch for each thread in a short pass: enough for two tasks per
/// thread, and less than a core's private cache.
const PASSING: usize = 384 << 10;

/// Number of batches in a short pass. More batches allocate less new memory,
/// but distributing each to all cores also takes time.
const PASSING_BATCHES: usize = 64;

impl Memory {
    /// For callers that look at each image once or twice, at the speed of the
    /// CPU. Page faults on a new buffer cost more than rereading a file from
    /// the page cache, and a batch that stays in the CPU's cache is nearly free
    /// to read.
    pub fn in_passing() -> Self {
        Self {
            reread: true,
            ..Self::default()
        }
    }

    /// The bytes of a batch, given the bytes of the whole split.
    pub(super) fn batch_of(self, bytes: usize) -> usize {
        let least = PASSING * rayon::current_num_threads();
        match self.reread {
            true => (bytes / PASSING_BATCHES).max(least).min(self.batch),
            false => self.batch,
        }
    }
}
