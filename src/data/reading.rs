//! A thread that makes the next batch while the last is worked on.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;

use super::Split;
use crate::error::Result;

/// Batches from the thread that makes them.
pub struct Reading {
    batches: Receiver<Result<Split>>,
    /// Where memory goes that is used no more.
    back: Sender<Vec<u8>>,
}

impl Reading {
    /// Calls `next` for one batch after another, each time with memory that
    /// has been used before, if there is any, until there is none left or an
    /// error.
    pub(super) fn start(
        mut next: impl FnMut(Vec<u8>) -> Result<Option<Split>> + Send + 'static,
    ) -> Self {
        // One batch waits here, one is being made and one is being worked on.
        let (sender, batches) = sync_channel(1);
        let (back, returned) = channel::<Vec<u8>>();
        thread::spawn(move || {
            while let Some(batch) = next(returned.try_recv().unwrap_or_default()).transpose() {
                let failed = batch.is_err();
                // Nobody listens any more once the receiver is gone.
                if sender.send(batch).is_err() || failed {
                    return;
                }
            }
        });
        Self { batches, back }
    }

    /// The next batch; an error is the last thing that comes.
    pub(super) fn next(&mut self) -> Option<Result<Split>> {
        self.batches.recv().ok()
    }

    /// Takes memory back.
    pub(super) fn give_back(&self, memory: Vec<u8>) {
        // The thread may have made the last batch and gone.
        let _ = self.back.send(memory);
    }
}
