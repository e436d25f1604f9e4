//! Reads ahead: a thread prepares the next batch while the caller works on the last.

use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Samples, Split};
use crate::error::Result;

/// Batches from the thread that prepares them.
pub struct Reading {
    batches: Receiver<Result<Split>>,
    used: Used,
}

/// Used samples, for their buffers: of one pass, or of several one after the other, since
/// the system takes longer to find new memory than a file's to be read into it.
#[derive(Clone, Debug, Default)]
pub(super) struct Used(Arc<Mutex<Vec<Samples>>>);

/// Which buffers are free says nothing of what is read.
impl PartialEq for Used {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Used {}

/// The batches of a pass that are in memory at a time: one waits, one is being prepared and
/// one is in use.
const BATCHES: usize = 3;

impl Used {
    fn take(&self) -> Option<Samples> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(&self, samples: Samples) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < BATCHES {
            kept.push(samples);
        }
    }
}

impl Reading {
    /// Calls `next` for one batch after another until it returns none or an
    /// error. Each call gets used samples if some are available.
    pub(super) fn start(
        used: Used,
        mut next: impl FnMut(Option<Samples>) -> Result<Option<Split>> + Send + 'static,
    ) -> Self {
        let (sender, batches) = sync_channel(BATCHES - 2);
        let free = used.clone();
        thread::spawn(move || {
            while let Some(batch) = next(free.take()).transpose() {
                let failed = batch.is_err();
                // Sending fails once the receiver has been dropped; then there
                // is nobody to tell.
                if sender.send(batch).is_err() || failed {
                    return;
                }
            }
        });
        Self { batches, used }
    }

    /// The next batch; nothing follows an error.
    pub(super) fn next(&mut self) -> Option<Result<Split>> {
        self.batches.recv().ok()
    }

    /// Takes back samples, whose buffer is reused.
    pub(super) fn give_back(&self, samples: Samples) {
        self.used.keep(samples);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Images;

    #[test]
    fn buffers_are_used_again_by_the_next_pass() -> Result<()> {
        let used = Used::default();
        let batch = || Split::new(Images::new(1, 1, vec![7])?, vec![0], 1);
        for expected in [false, true] {
            let mut left = 1;
            let mut reading = Reading::start(used.clone(), move |buffer| {
                left -= 1;
                let is_first = left == 0;
                assert!(!is_first || buffer.is_some() == expected);
                is_first.then(batch).transpose()
            });
            let read = reading.next().transpose()?;
            let read = read.ok_or_else(|| crate::error::Error::Invalid("no batch".into()))?;
            drop(reading.next());
            reading.give_back(read.into_samples());
        }
        Ok(())
    }
}
