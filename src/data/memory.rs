//! How much of a dataset is in memory at a time.

/// How much of a dataset may be in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// A split of more bytes than this stays in its files.
    pub whole: usize,
    /// Bytes of images in one batch of such a split, at most.
    pub batch: usize,
    /// Whether a smaller one is left in its files as well where they are
    /// plain, to be read in smaller batches.
    pub reread: bool,
}

impl Default for Memory {
    /// Twice MNIST in memory; batches large enough to be sent to a device at
    /// full speed.
    fn default() -> Self {
        Self {
            whole: 128 << 20,
            batch: 16 << 20,
            reread: false,
        }
    }
}

/// Bytes for each thread of a batch that is looked at in passing: two tasks
/// to each, and less than a core's own cache.
const PASSING: usize = 384 << 10;

/// Batches of a split that is looked at in passing: the more, the less memory
/// is new, but handing each out to all cores costs time as well.
const PASSING_BATCHES: usize = 64;

impl Memory {
    /// For what looks at each image once or twice, at the processor's own
    /// speed: pages of a new buffer cost more to get than a file in the
    /// system's cache costs to read again, and a batch that stays in the
    /// processor's cache costs nothing to look at.
    pub fn in_passing() -> Self {
        Self {
            reread: true,
            ..Self::default()
        }
    }

    /// Bytes of a batch of a split of so many bytes.
    pub(super) fn batch_of(self, bytes: usize) -> usize {
        let least = PASSING * rayon::current_num_threads();
        match self.reread {
            true => (bytes / PASSING_BATCHES).max(least).min(self.batch),
            false => self.batch,
        }
    }
}
