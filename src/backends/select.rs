//! Selects and opens a backend. This is the only file that knows all of them.

use std::time::{Duration, Instant};

use crate::backends::cpu::Cpu;
use crate::backends::pending::Pending;
use crate::backends::reference::Reference;
use crate::backends::timings::milliseconds_since;
use crate::backends::{Backend, Benchmarked};
use crate::error::{Error, Result};

#[cfg(feature = "gpu")]
pub use crate::backends::gpu::{
    adapters::{Capabilities, FoundAdapter, adapters, every_adapter},
    choose::{self, Automatic, automatic},
};

/// Every backend of this build, by its type.
pub mod every {
    pub use crate::backends::cpu::Cpu;
    #[cfg(feature = "gpu")]
    pub use crate::backends::gpu::Gpu;
    pub use crate::backends::reference::Reference;
}

/// Stands in for the GPU's module in a build without the feature `gpu`.
#[cfg(not(feature = "gpu"))]
mod choose {
    use crate::backends::Benchmarked;
    use crate::error::{NoGpu, Result};

    pub(super) fn open(_: Option<&str>) -> Result<Box<dyn Benchmarked>> {
        let reason = "this program was built without the feature gpu".into();
        Err(NoGpu::NoneChosen { reason }.into())
    }

    pub(super) fn open_automatically(wanted: Option<&str>) -> Result<Box<dyn Benchmarked>> {
        open(wanted)
    }
}

/// Which backend to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// A hardware GPU if there is one, else the CPU.
    #[default]
    Auto,
    /// The best adapter, even a software one.
    Gpu,
    /// All cores, with SIMD.
    Cpu,
    /// Straightforward float64 code: slow, but easy to check.
    Reference,
}

impl Choice {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Gpu, Self::Cpu, Self::Reference];

    /// Whether an adapter can be given with this choice.
    pub fn takes_adapter(self) -> bool {
        matches!(self, Self::Auto | Self::Gpu)
    }

    /// Opens the backend and waits until it is open.
    ///
    /// # Errors
    /// When the backend cannot be opened. `Auto` then uses the `cpu` backend
    /// instead and gives the reason in
    /// [`instead_of_gpu`](Selected::instead_of_gpu).
    pub fn open(self) -> Result<Selected> {
        start(self, None)?.finish(TIME_LIMIT)
    }

    fn selected(self, (backend, instead_of_gpu): Opened, started: Instant) -> Selected {
        Selected {
            backend,
            may_fall_back: self == Self::Auto,
            instead_of_gpu,
            milliseconds: milliseconds_since(started),
        }
    }

    /// Its name and a short description.
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
pub fn cpu() -> Box<dyn Benchmarked> {
    Box::new(Cpu::default())
}

/// The `gpu` backend, on the adapter with the given index or part of its name, or
/// else on the best adapter, even a software one.
///
/// # Errors
/// When no adapter matches or it cannot be opened.
pub fn gpu(adapter: Option<&str>) -> Result<Box<dyn Benchmarked>> {
    choose::open(adapter)
}

/// As [`gpu`], for at most `limit`; a driver that hangs then keeps its thread.
///
/// # Errors
/// As [`gpu`], and when the time is over.
pub fn gpu_within(limit: Duration, adapter: Option<&str>) -> Result<Box<dyn Benchmarked>> {
    let adapter = adapter.map(str::to_owned);
    Pending::start(move || gpu(adapter.as_deref())).wait(limit)?
}

/// As [`every_adapter`], for at most `limit`; a driver that hangs then keeps its thread.
///
/// # Errors
/// When the time is over.
#[cfg(feature = "gpu")]
pub fn every_adapter_within(limit: Duration) -> Result<Vec<FoundAdapter>> {
    Pending::start(every_adapter).wait(limit)
}

/// The `reference` backend.
pub fn reference() -> Box<dyn Backend> {
    Box::new(Reference)
}

/// An open backend.
pub struct Selected {
    /// The backend.
    pub backend: Box<dyn Backend>,
    /// Whether the `cpu` backend may replace this one if it fails.
    pub may_fall_back: bool,
    /// Why `Auto` is using the `cpu` backend instead of a GPU.
    pub instead_of_gpu: Option<Error>,
    /// Milliseconds it took to open.
    pub milliseconds: f64,
}

/// A backend that is being opened on its own thread.
pub struct Starting {
    opening: Pending<Result<Selected>>,
    choice: Choice,
    started: Instant,
}

/// How long a backend may take to open, where nothing else is said.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Starts opening a backend; `adapter` is an index or part of a name.
///
/// # Errors
/// When an adapter is given for a backend that has none.
pub fn start(choice: Choice, adapter: Option<String>) -> Result<Starting> {
    if adapter.is_some() && !choice.takes_adapter() {
        let [name, _] = choice.described();
        return Err(Error::Invalid(format!(
            "the {name} backend takes no adapter"
        )));
    }
    let started = Instant::now();
    let opening = Pending::start(move || {
        let opened = open(choice, adapter.as_deref())?;
        Ok(choice.selected(opened, started))
    });
    Ok(Starting {
        opening,
        choice,
        started,
    })
}

impl Selected {
    /// Switches to the `cpu` backend after a failure, if the user left the choice
    /// of backend open, and returns the failure. All of the work must then be done
    /// again.
    ///
    /// # Errors
    /// The failure, if switching is not allowed or would not help.
    pub fn fall_back(&mut self, failure: Error) -> Result<Error> {
        match failure {
            Error::Gpu(_) | Error::NoGpu(_) if self.may_fall_back => {
                self.backend = cpu();
                Ok(failure)
            }
            _ => Err(failure),
        }
    }
}

impl Starting {
    /// Waits until the backend is open, for at most `limit` since its start. `Auto`
    /// then uses the `cpu` backend; the driver that hangs keeps its thread.
    ///
    /// # Errors
    /// When no adapter matches the choice, it cannot be opened, or the time is over.
    pub fn finish(self, limit: Duration) -> Result<Selected> {
        match self.opening.wait(limit) {
            Ok(selected) => selected,
            Err(error) if self.choice == Choice::Auto => {
                Ok(self.choice.selected((cpu(), Some(error)), self.started))
            }
            Err(error) => Err(error),
        }
    }
}

type Opened = (Box<dyn Backend>, Option<Error>);

fn open(choice: Choice, adapter: Option<&str>) -> Result<Opened> {
    match choice {
        Choice::Reference => Ok((reference(), None)),
        Choice::Cpu => Ok((cpu(), None)),
        Choice::Gpu => Ok((gpu(adapter)?, None)),
        Choice::Auto => Ok(match choose::open_automatically(adapter) {
            Ok(gpu) => (gpu, None),
            Err(error) => (cpu(), Some(error)),
        }),
    }
}
