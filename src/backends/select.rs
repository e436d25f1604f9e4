//! The one file that knows every backend: turns a choice into an open one.

use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::backends::cpu::Cpu;
use crate::backends::gpu::Gpu;
pub use crate::backends::gpu::adapters::{Capabilities, FoundAdapter, adapters};
use crate::backends::known_answer;
use crate::backends::reference::Reference;
use crate::backends::timings::milliseconds_since;
use crate::backends::{Adapter, Backend, Benchmarked};
use crate::error::{Error, NoGpu, Result};

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

    /// Whether it can be told which adapter to use.
    pub fn takes_adapter(self) -> bool {
        matches!(self, Self::Auto | Self::Gpu)
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
pub fn cpu() -> Box<dyn Benchmarked> {
    Box::new(Cpu::default())
}

/// The `gpu` backend on the best adapter, even a software one, or on one that
/// is named by its index or part of its name.
///
/// # Errors
/// When no adapter fits or it cannot be opened.
pub fn gpu(adapter: Option<&str>) -> Result<Box<dyn Benchmarked>> {
    Ok(Box::new(trusted(find(&adapters(), adapter)?)?))
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
    /// Why it is the `cpu` backend though a GPU would have been taken.
    pub instead_of_gpu: Option<Error>,
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
    if adapter.is_some() && !choice.takes_adapter() {
        let [name, _] = choice.described();
        return Err(Error::Invalid(format!(
            "the {name} backend takes no adapter"
        )));
    }
    Ok(Starting(thread::spawn(move || {
        let started = Instant::now();
        let (backend, instead_of_gpu) = open(choice, adapter.as_deref())?;
        Ok(Selected {
            backend,
            may_fall_back: choice == Choice::Auto,
            instead_of_gpu,
            milliseconds: milliseconds_since(started),
        })
    })))
}

impl Selected {
    /// Has the `cpu` backend take the place of one that failed in the middle of
    /// work, where the user has left the choice to us, and hands the failure
    /// back. All of the work has to be done again.
    ///
    /// # Errors
    /// The failure, where another backend is not welcome or would not help.
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

type Opened = (Box<dyn Backend>, Option<Error>);

fn open(choice: Choice, adapter: Option<&str>) -> Result<Opened> {
    match choice {
        Choice::Reference => Ok((reference(), None)),
        Choice::Cpu => Ok((cpu(), None)),
        Choice::Gpu => Ok((gpu(adapter)?, None)),
        Choice::Auto => Ok(open_automatically(&adapters(), adapter)),
    }
}

/// An open adapter that has given known answers.
fn trusted(adapter: &FoundAdapter) -> Result<Gpu> {
    let gpu = Gpu::open(adapter)?;
    known_answer::check(&gpu)?;
    Ok(gpu)
}

fn open_automatically(found: &[FoundAdapter], adapter: Option<&str>) -> Opened {
    let chosen = match adapter {
        // Whoever names an adapter has chosen it, software or not.
        Some(_) => find(found, adapter),
        None => match automatic(found.iter().map(FoundAdapter::description)) {
            Automatic {
                adapter: Some(index),
                ..
            } => Ok(&found[index]),
            Automatic { reason, .. } => Err(NoGpu::NoneChosen { reason }.into()),
        },
    };
    match chosen.and_then(trusted) {
        Ok(gpu) => (Box::new(gpu), None),
        Err(error) => (cpu(), Some(error)),
    }
}

/// What `auto` takes on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// The index of the adapter, or `None` for the `cpu` backend.
    pub adapter: Option<usize>,
    /// Why.
    pub reason: String,
}

/// Decides what `auto` takes among adapters, best first.
pub fn automatic<'a>(mut found: impl Iterator<Item = &'a Adapter>) -> Automatic {
    match found.next() {
        Some(best) if !best.software => {
            let reason = format!("{} is the best real GPU found ({})", best.name, best.kind);
            Automatic {
                adapter: Some(0),
                reason,
            }
        }
        Some(best) => {
            let reason = format!("no real GPU found, only the software adapter {}", best.name);
            Automatic {
                adapter: None,
                reason,
            }
        }
        None => Automatic {
            adapter: None,
            reason: "no GPU adapter found".into(),
        },
    }
}

/// The adapter with this index or, else, the best whose name contains the text.
fn find<'a>(found: &'a [FoundAdapter], wanted: Option<&str>) -> Result<&'a FoundAdapter> {
    let Some(best) = found.first() else {
        return Err(NoGpu::NoAdapter.into());
    };
    let Some(wanted) = wanted else {
        return Ok(best);
    };
    let index = wanted.parse::<usize>();
    let names = |adapter: &&FoundAdapter| {
        let name = adapter.description().name.to_lowercase();
        // Every name contains the empty text.
        !wanted.is_empty() && name.contains(&wanted.to_lowercase())
    };
    // A number is an index and nothing else: "7" is not any name with a 7 in it.
    let chosen = match index {
        Ok(index) => found.get(index),
        Err(_) => found.iter().find(names),
    };
    chosen.ok_or_else(|| {
        let names = found.iter().map(|it| it.description().name.clone());
        let found = names.collect();
        let wanted = wanted.to_owned();
        NoGpu::Unknown { wanted, found }.into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(name: &str, software: bool) -> Adapter {
        let kind = if software { "software" } else { "discrete" };
        Adapter {
            name: name.into(),
            kind,
            api: "Vulkan",
            driver: String::new(),
            software,
        }
    }

    #[test]
    fn a_software_adapter_is_never_taken_for_a_gpu() {
        let (real, software) = (adapter("card", false), adapter("llvmpipe", true));
        let taken = automatic([&real, &software].into_iter());
        assert_eq!(taken.adapter, Some(0));
        assert!(taken.reason.contains("card"));
        let taken = automatic([&software].into_iter());
        assert_eq!(taken.adapter, None);
        assert!(taken.reason.contains("only the software adapter llvmpipe"));
        assert_eq!(automatic([].into_iter()).adapter, None);
    }
}
