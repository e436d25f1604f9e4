//! Opens drivers in a child process, which may crash or hang.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::Opening;
use crate::app::ending::end_at_once;
use crate::backends::select::{self, Choice, adapters, every_adapter};

/// The command that the child runs.
pub const COMMAND: &str = "try-drivers";

/// What the child prints once adapters are listed, and in the end. Drivers may
/// print to the same place.
const LISTED: &str = "<ncm: listed>";
const REAL: &str = "<ncm: a real GPU>";
const NONE: &str = "<ncm: no real GPU>";

/// How opening the drivers went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// They opened, or said themselves why not.
    Opened {
        /// Whether that gave a real GPU.
        real: bool,
    },
    /// They crashed or ended the process.
    Bad(String),
    /// They did not answer within so many seconds.
    Hung(u64),
    /// The child was ended by something else, which says nothing of the drivers.
    Ended(String),
    /// No child could be started.
    NotTried,
}

/// How a trial went.
pub(super) struct Trial {
    pub outcome: Outcome,
    /// Whether all drivers were loaded, and the trial went on to open an adapter.
    pub listed: bool,
}

/// Has a child open the drivers, and ends it after the time limit.
pub(super) fn run(opening: Opening<'_>, limit: Duration) -> Trial {
    let deadline = Instant::now() + limit;
    let Ok(mut child) = start(opening) else {
        return Trial {
            outcome: Outcome::NotTried,
            listed: true,
        };
    };
    let said = said_until(&mut child, deadline);
    let status = ended_until(&mut child, deadline);
    let listed = said.contains(LISTED);
    let outcome = match status {
        None => Outcome::Hung(limit.as_secs()),
        Some(status) if status.success() && said.contains(REAL) => Outcome::Opened { real: true },
        Some(status) if status.success() && said.contains(NONE) => Outcome::Opened { real: false },
        Some(status) => failed(status),
    };
    Trial { outcome, listed }
}

fn start(opening: Opening<'_>) -> std::io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg(COMMAND)
        .args(opening.words())
        // Held open: the child ends when this process does.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}

/// What the child prints until it ends or the time is over.
fn said_until(child: &mut Child, deadline: Instant) -> String {
    let Some(mut stdout) = child.stdout.take() else {
        return String::new();
    };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut chunk = [0; 256];
        while let Ok(read @ 1..) = stdout.read(&mut chunk) {
            if sender.send(chunk[..read].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut said = Vec::new();
    while let Ok(more) = receiver.recv_timeout(left(deadline)) {
        said.extend(more);
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// How the child ended; none where it had to be ended.
fn ended_until(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(1)),
            _ => break,
        }
    }
    // It hangs, or has ended just now: either way nothing is left to do.
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(unix)]
fn failed(status: ExitStatus) -> Outcome {
    use libc::{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
    use std::os::unix::process::ExitStatusExt;
    // Signals that a process brings on itself; others come from outside.
    const CRASHES: [i32; 7] = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP];
    match status.signal() {
        Some(signal) if CRASHES.contains(&signal) => {
            Outcome::Bad(format!("they crashed (signal {signal})"))
        }
        Some(signal) => Outcome::Ended(format!("trying them was ended by signal {signal}")),
        None => Outcome::Bad("they ended the process".into()),
    }
}

#[cfg(not(unix))]
fn failed(status: ExitStatus) -> Outcome {
    match status.code() {
        // Exceptions of Windows have their highest bits set.
        Some(code) if code < 0 => Outcome::Bad(format!("they crashed ({code:#010x})")),
        _ => Outcome::Bad("they ended the process".into()),
    }
}

/// Opens the drivers in this process, which is the child, and says how it went.
pub fn attempt(words: &[OsString]) -> ! {
    thread::spawn(|| {
        // The parent writes nothing: this ends when the parent does.
        let _ = std::io::stdin().read(&mut [0]);
        end_at_once(1)
    });
    let choice = words.first().and_then(|name| {
        let called = |choice: &Choice| name == choice.described()[0];
        Choice::ALL.into_iter().find(called)
    });
    match choice {
        Some(_) => drop(adapters()),
        // As `ncm devices` lists them.
        None => drop(every_adapter()),
    }
    say(LISTED);
    let real = match choice {
        Some(choice) => {
            let adapter = words.get(1).map(|word| word.to_string_lossy().into_owned());
            opens_real(choice, adapter)
        }
        // Nobody asks that of a list.
        None => false,
    };
    say(if real { REAL } else { NONE });
    end_at_once(0)
}

fn opens_real(choice: Choice, adapter: Option<String>) -> bool {
    // An error is the driver's answer, which the parent gets as well.
    let opened = select::start(choice, adapter).and_then(|starting| starting.finish(Duration::MAX));
    opened.is_ok_and(|selected| {
        let description = selected.backend.description();
        description.adapter.is_some() && !description.is_software()
    })
}

#[expect(clippy::print_stdout, reason = "this is the child's only reader")]
fn say(what: &str) {
    println!("{what}");
    // A parent that is gone needs no answer.
    let _ = std::io::stdout().flush();
}
