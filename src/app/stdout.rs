//! Standard output, which GPU drivers may print to as well. While drivers are loaded
//! what they print goes to standard error, so that results are all there is.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

/// Standard output as it was, where it has been kept from drivers.
static KEPT: OnceLock<File> = OnceLock::new();

/// Keeps standard output from whatever else in this process prints.
#[cfg(unix)]
pub fn keep_from_drivers() {
    use std::os::fd::AsFd;
    let Ok(out) = io::stdout().as_fd().try_clone_to_owned() else {
        // A process without standard output has nothing to keep.
        return;
    };
    if KEPT.set(out.into()).is_ok() {
        // Where it fails, standard output is what it was.
        let _ = rustix::stdio::dup2_stdout(io::stderr());
    }
}

/// On Windows drivers have a standard output of their own C library.
#[cfg(not(unix))]
pub fn keep_from_drivers() {}

/// Where results are written; with style codes on terminals alone.
pub fn stdout() -> impl Write {
    Output(match KEPT.get().map(File::try_clone) {
        Some(Ok(file)) => Some(Box::new(AutoStream::auto(file))),
        _ => Some(Box::new(anstream::stdout())),
    })
}

/// Where files are written byte for byte.
pub fn bytes() -> impl Write {
    Output(match KEPT.get().map(File::try_clone) {
        Some(Ok(file)) => Some(Box::new(file)),
        _ => Some(Box::new(io::stdout())),
    })
}

/// Standard output until its reader stops reading, which is no failure; nothing is
/// written from then on.
struct Output(Option<Box<dyn Write>>);

impl Output {
    fn try_to<T>(
        &mut self,
        done: T,
        act: impl Fn(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        match self.0.as_mut().map(|out| act(out)) {
            Some(Err(error)) if error.kind() == ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(done)
            }
            Some(acted) => acted,
            None => Ok(done),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.try_to(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.try_to((), |out| out.flush())
    }
}

/// Whether results go to a terminal.
pub fn is_terminal() -> bool {
    KEPT.get()
        .map_or_else(|| io::stdout().is_terminal(), File::is_terminal)
}

/// Whether style codes are wanted there.
pub fn colours() -> ColorChoice {
    KEPT.get()
        .map_or_else(|| AutoStream::choice(&io::stdout()), AutoStream::choice)
}

/// The size of the terminal that results go to.
pub fn size() -> Option<(Width, Height)> {
    KEPT.get()
        .map_or_else(|| terminal_size_of(io::stdout()), terminal_size_of)
}
