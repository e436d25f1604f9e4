//! The one file that knows every backend: turns a choice into an open one.

use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::backends::Backend;
use crate::backends::cpu::Cpu;
use crate::backends::reference::Reference;
use crate::backends::timings::milliseconds_since;
use crate::error::{Error, Result};

#[cfg(feature = "gpu")]
pub use crate::backends::gpu::{
    adapters::{Capabilities, FoundAdapter, adapters},
    choose::{self, Automatic, automatic},
};

/// Every backend of this build, by its type.
pub mod every {
    pub use crate::backends::cpu::Cpu;
    #[cfg(feature = "gpu")]
    pub use crate::backends::gpu::Gpu;
    pub use crate::backends::reference::Reference;
}

/// What a build without the feature `gpu` has to choose from.
#[cfg(not(feature = "gpu"))]
mod choose {
    use crate::backends::Backend;
    use crate::error::{Error, Result};

    pub(super) fn open(_: Option<&str>) -> Result<Box<dyn Backend>> {
        let why = "this program was built without the feature gpu";
        Err(Error::NoGpu(why.into()))
    }

    pub(super) fn open_automatically(wanted: Option<&str>) -> Result<Box<dyn Backend>> {
        open(wanted)
    }
}

/// Which backend to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// A real GPU where there is one, else the CPU.
    #[default]
    Auto,
    /// The best adapter, even a software one.
    Gpu,
    /// All cores, vectorised.
    Cpu,
    /// Naive float64, slow, checkable by eye.
    Reference,
}

impl Choice {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Gpu, Self::Cpu, Self::Reference];

    /// Opens it, and waits until it is open.
    ///
    /// # Errors
    /// When it cannot be opened. `Auto` takes the `cpu` backend then and says
    /// why in [`note`](Selected::note).
    pub fn open(self) -> Result<Selected> {
        start(self, None)?.finish()
    }

    /// Its name, and what it means in a few words.
    pub fn described(self) -> [&'static str; 2] {
        match self {
            Self::Auto => ["auto", "A real GPU where there is one, else the CPU"],
            Self::Gpu => ["gpu", "The best adapter, even a software one"],
            Self::Cpu => ["cpu", "All cores, vectorised"],
            Self::Reference => ["reference", "Naive float64, slow, checkable by eye"],
        }
    }
}

/// The `cpu` backend.
pub fn cpu() -> Box<dyn Backend> {
    Box::new(Cpu::default())
}

/// The `reference` backend.
pub fn reference() -> Box<dyn Backend> {
    Box::new(Reference)
}

/// An open backend.
pub struct Selected {
    /// The backend.
    pub backend: Box<dyn Backend>,
    /// Whether the `cpu` backend is as welcome where this one fails.
    pub may_fall_back: bool,
    /// What the user should know about the choice, if anything.
    pub note: Option<String>,
    /// Milliseconds it took to open.
    pub milliseconds: f64,
}

/// A backend being opened on a thread of its own.
pub struct Starting(JoinHandle<Result<Selected>>);

/// Starts to open a backend: `adapter` is an index or part of a name.
///
/// # Errors
/// When an adapter is named for a backend that has none.
pub fn start(choice: Choice, adapter: Option<String>) -> Result<Starting> {
    if adapter.is_some() && matches!(choice, Choice::Cpu | Choice::Reference) {
        return Err(Error::Usage(
            "--adapter needs --backend gpu or auto; leave one of the two out".into(),
        ));
    }
    if adapter.as_deref() == Some("") {
        return Err(Error::Usage(
            "--adapter needs an index or part of a name; see `ncm devices`".into(),
        ));
    }
    Ok(Starting(thread::spawn(move || {
        let started = Instant::now();
        let (backend, note) = open(choice, adapter.as_deref())?;
        Ok(Selected {
            backend,
            may_fall_back: choice == Choice::Auto,
            note,
            milliseconds: milliseconds_since(started),
        })
    })))
}

impl Selected {
    /// Does work on the backend; where that fails in the middle of it and the
    /// user has left the choice to us, all of it again on the `cpu` backend,
    /// after `say` has been told why.
    ///
    /// # Errors
    /// What the work reports.
    pub fn run<T>(
        &mut self,
        say: impl FnOnce(&str),
        mut work: impl FnMut(&dyn Backend) -> Result<T>,
    ) -> Result<T> {
        match work(&*self.backend) {
            Err(error @ (Error::Gpu(_) | Error::NoGpu(_))) if self.may_fall_back => {
                say(&instead(&error));
                self.backend = cpu();
                work(&*self.backend)
            }
            done => done,
        }
    }
}

impl Starting {
    /// Waits until it is open.
    ///
    /// # Errors
    /// When no adapter fits the choice or it cannot be opened.
    pub fn finish(self) -> Result<Selected> {
        self.0
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

type Opened = (Box<dyn Backend>, Option<String>);

fn open(choice: Choice, adapter: Option<&str>) -> Result<Opened> {
    match choice {
        Choice::Reference => Ok((reference(), None)),
        Choice::Cpu => Ok((cpu(), None)),
        Choice::Gpu => Ok((choose::open(adapter)?, None)),
        Choice::Auto => Ok(match choose::open_automatically(adapter) {
            Ok(backend) => (backend, None),
            Err(error) => (cpu(), Some(instead(&error))),
        }),
    }
}

/// What to say when the `cpu` backend stands in.
fn instead(error: &Error) -> String {
    let why = match error {
        Error::Gpu(why) => format!("the GPU failed: {why}"),
        other => other.to_string(),
    };
    format!("{why}; using the cpu backend")
}
