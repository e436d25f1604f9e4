//! Selects an adapter of this machine and opens it.

use crate::backends::gpu::Gpu;
use crate::backends::gpu::adapters::{FoundAdapter, adapters, every_adapter};
use crate::backends::{Adapter, Benchmarked, known_answer};
use crate::error::{Error, NoGpu, Result};

/// Opens the adapter with the given index or part of its name, or else the best
/// one.
///
/// # Errors
/// When there is no such adapter, it cannot be opened, or it computes wrongly.
pub fn open(wanted: Option<&str>) -> Result<Box<dyn Benchmarked>> {
    match wanted {
        Some(_) => trusted(find(&every_adapter(), wanted)?),
        None => trusted(adapters().first().ok_or_else(none)?),
    }
}

/// Why there is no adapter that may be taken unasked.
fn none() -> Error {
    let others = every_adapter();
    let names = others.iter().map(|it| it.description().name.clone());
    match others.is_empty() {
        true => NoGpu::NoAdapter.into(),
        false => NoGpu::NotConformant {
            found: names.collect(),
        }
        .into(),
    }
}

/// Opens the adapter with the given index or part of its name, even a software one,
/// or else the best hardware GPU.
///
/// # Errors
/// As [`open`].
pub fn open_automatically(wanted: Option<&str>) -> Result<Box<dyn Benchmarked>> {
    if wanted.is_some() {
        return open(wanted);
    }
    let found = adapters();
    if found.is_empty() {
        return Err(none());
    }
    let Automatic { adapter, reason } = automatic(found.iter().map(FoundAdapter::description));
    match adapter {
        Some(index) => trusted(&found[index]),
        None => Err(NoGpu::NoneChosen { reason }.into()),
    }
}

/// Opens an adapter and runs the known-answer test on it.
fn trusted(adapter: &FoundAdapter) -> Result<Box<dyn Benchmarked>> {
    let gpu = Gpu::open(adapter)?;
    known_answer::check(&gpu)?;
    Ok(Box::new(gpu))
}

/// The choice that `auto` makes on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// The index of the adapter, or `None` for the `cpu` backend.
    pub adapter: Option<usize>,
    /// The reason for the choice.
    pub reason: String,
}

/// Makes the choice of `auto` among adapters, which come best first.
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

/// The adapter with this index, or else the best one whose name contains the text.
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
        // Every name contains the empty string, so it must not match.
        !wanted.is_empty() && name.contains(&wanted.to_lowercase())
    };
    // A number is only an index: "7" must not match a name with a 7 in it.
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
