//! Reads ahead: a thread prepares the next batch while the caller works on the last.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

use super::{Samples, Split};
use crate::error::Result;

/// Batches from the thread that prepares them.
pub struct Reading {
    batches: Receiver<Result<Split>>,
    /// Sends used samples back to the thread, for their buffers.
    back: Sender<Samples>,
}

impl Reading {
    /// Calls `next` for one batch after another until it returns none or an
    /// error. Each call gets used samples if some are available.
    pub(super) fn start(
        mut next: impl FnMut(Option<Samples>) -> Result<Option<Split>> + Send + 'static,
    ) -> Self {
        // One batch waits here, one is being prepared and one is in use.
        let (sender, batches) = sync_channel(1);
        let (back, returned) = channel();
        thread::spawn(move || {
            while let Some(batch) = next(returned.try_recv().ok()).transpose() {
                let failed = batch.is_err();
                // Sending fails once the receiver has been dropped; then there
                // is nobody to tell.
                if sender.send(batch).is_err() || failed {
                    return;
                }
            }
        });
        Self { batches, back }
    }

    /// The next batch; nothing follows an error.
    pub(super) fn next(&mut self) -> Option<Result<Split>> {
        self.batches.recv().ok()
    }

    /// Takes back samples, whose buffer is reused.
    pub(super) fn give_back(&self, used: Samples) {
        // The thread may have finished already.
        let _ = self.back.send(used);
    }
}
