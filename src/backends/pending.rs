//! Work on a thread of its own that is waited for, but not for ever.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::{NoGpu, Result};

/// Work of drivers, which may hang.
pub(super) struct Pending<T> {
    thread: JoinHandle<()>,
    result: Receiver<T>,
    started: Instant,
}

impl<T: Send + 'static> Pending<T> {
    pub(super) fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, result) = mpsc::sync_channel(1);
        let started = Instant::now();
        let thread = thread::spawn(move || {
            // Nobody receives it where the time is over.
            let _ = sender.send(work());
        });
        Self {
            thread,
            result,
            started,
        }
    }

    /// The result. Where it is not there `limit` after the start, the thread is left
    /// to itself.
    ///
    /// # Errors
    /// When the time is over.
    pub(super) fn wait(self, limit: Duration) -> Result<T> {
        let left = limit.saturating_sub(self.started.elapsed());
        match self.result.recv_timeout(left) {
            Ok(result) => Ok(result),
            Err(RecvTimeoutError::Timeout) => {
                let seconds = limit.as_secs();
                Err(NoGpu::TimedOut { seconds }.into())
            }
            Err(RecvTimeoutError::Disconnected) => match self.thread.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => unreachable!("the thread sends before it ends"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn what_hangs_is_left_to_itself() {
        let (_held, never) = mpsc::channel::<()>();
        let hangs = Pending::start(move || never.recv());
        let waited = hangs.wait(Duration::from_millis(20));
        assert!(matches!(
            waited,
            Err(Error::NoGpu(NoGpu::TimedOut { seconds: 0 }))
        ));
        assert_eq!(Pending::start(|| 7).wait(Duration::MAX).ok(), Some(7));
    }
}
