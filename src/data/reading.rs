//! Reads ahead: a thread prepares the next batch while the caller works on the last.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

use super::Split;
use crate::error::Result;

/// Batches from the thread that prepares them.
pub struct Reading {
    batches: Receiver<Result<Split>>,
    /// Sends used buffers back to the thread.
    back: Sender<Vec<u8>>,
}

impl Reading {
    /// Calls `next` for one batch after another until it returns none or an
    /// error. Each call gets a used buffer if one is available.
    pub(super) fn start(
        mut next: impl FnMut(Vec<u8>) -> Result<Option<Split>> + Send + 'static,
    ) -> Self {
        // One batch waits here, one is being prepared and one is in use.
        let (sender, batches) = sync_channel(1);
        let (back, returned) = channel::<Vec<u8>>();
        thread::spawn(move || {
            while let Some(batch) = next(returned.try_recv().unwrap_or_default()).transpose() {
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

    /// Takes back a buffer for reuse.
    pub(super) fn give_back(&self, memory: Vec<u8>) {
        // The thread may have finished already.
        let _ = self.back.send(memory);
    }
}
