//! `ncm job`: its files run by the real engines. They come to the bytes and the answer of one
//! machine, whatever happens to a task, or they fail and say so.

mod dask;
mod parallel;
mod shards;
mod slurm;
mod whole;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::failed;

/// Nothing that is waited for here takes longer, also on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a program starts, with these words.
fn starts(program: &str, words: &[&str]) -> bool {
    let mut asked = Command::new(program);
    let output = asked.args(words).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}

/// Waits until something is there; says what was missing where it does not come.
fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> Result<T, String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if let Some(found) = found() {
            return Ok(found);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(format!("no {what} after {} s", PATIENCE.as_secs()))
}

/// A process that goes on until it is dropped: then it is asked to end, which gives it the
/// time to end its own processes.
struct Daemon(Child);

impl Daemon {
    fn start(command: &mut Command) -> Result<Self, String> {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        quiet.spawn().map(Self).map_err(failed)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if asked.is_ok() {
            let _ = wait_for("end", || self.0.try_wait().ok().flatten());
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
