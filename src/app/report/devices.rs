//! The result of `ncm devices`.

use serde::Serialize;

use super::json::{self, AdapterKeys};
use super::{Report, text};
use crate::backends::select::{Automatic, Capabilities, FoundAdapter};

/// The adapters of this machine and what `auto` takes of them.
pub struct Devices<'a> {
    /// Every adapter, best first.
    pub adapters: &'a [FoundAdapter],
    /// Threads that the `cpu` backend uses.
    pub threads: usize,
    /// What `auto` takes.
    pub automatic: &'a Automatic,
}

#[derive(Serialize)]
struct Keys<'a> {
    adapters: Vec<DeviceKeys<'a>>,
    cpu: CpuKeys,
    auto: AutoKeys<'a>,
}

#[derive(Serialize)]
struct DeviceKeys<'a> {
    index: usize,
    #[serde(flatten)]
    adapter: AdapterKeys<'a>,
    software: bool,
    #[serde(flatten)]
    capabilities: Capabilities,
}

#[derive(Serialize)]
struct CpuKeys {
    threads: usize,
}

#[derive(Serialize)]
struct AutoKeys<'a> {
    backend: &'static str,
    adapter: Option<usize>,
    reason: &'a str,
}

impl Devices<'_> {
    fn backend(&self) -> &'static str {
        match self.automatic.adapter {
            Some(_) => "gpu",
            None => "cpu",
        }
    }
}

impl Report for Devices<'_> {
    fn json(&self) -> String {
        let devices = self.adapters.iter().enumerate();
        let devices = devices.map(|(index, found)| DeviceKeys {
            index,
            adapter: found.description().into(),
            software: found.description().software,
            capabilities: found.capabilities(),
        });
        let keys = Keys {
            adapters: devices.collect(),
            cpu: CpuKeys {
                threads: self.threads,
            },
            auto: AutoKeys {
                backend: self.backend(),
                adapter: self.automatic.adapter,
                reason: &self.automatic.reason,
            },
        };
        json::render("devices", keys)
    }

    fn text(&self) -> String {
        let mut page = String::new();
        for (index, found) in self.adapters.iter().enumerate() {
            page += &adapter(index, found);
            page.push('\n');
        }
        page += &text::heading("cpu");
        page += &text::line("threads", &self.threads.to_string());
        page.push('\n');
        let takes = format!("{}: {}", self.backend(), self.automatic.reason);
        page + &text::line("auto takes", &takes)
    }
}

fn adapter(index: usize, found: &FoundAdapter) -> String {
    let (adapter, can) = (found.description(), found.capabilities());
    let kind = if adapter.software {
        "software: a CPU, not a GPU"
    } else {
        adapter.kind
    };
    let yes = |has: bool| if has { "yes" } else { "no" };
    let mut text = text::heading(&format!("gpu {index}: {}", adapter.name));
    text += &text::line("type", kind);
    text += &text::line("api", adapter.api);
    text += &text::line("driver", &adapter.driver);
    text += &text::line(
        "limits",
        &format!(
            "binding {}, buffer {}, {} workgroups an axis, {} invocations and {} in a workgroup",
            bytes(can.max_storage_binding_bytes),
            bytes(can.max_buffer_bytes),
            can.max_workgroups_per_dimension,
            can.max_workgroup_invocations,
            bytes(can.max_workgroup_memory_bytes.into()),
        ),
    );
    let sizes = match can.subgroup_sizes {
        [least, most] if least == most => least.to_string(),
        [least, most] => format!("{least} to {most}"),
    };
    text += &text::line(
        "features",
        &format!(
            "timestamps {}, subgroups {} (size {sizes}), 64-bit integers {}",
            yes(can.timestamps),
            yes(can.subgroups),
            yes(can.int64)
        ),
    );
    text
}

/// In the largest binary unit that leaves at least one, to a whole number.
fn bytes(count: u64) -> String {
    const UNITS: [(&str, u32); 3] = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    match UNITS.iter().find(|(_, bits)| count >> bits > 0) {
        Some((unit, bits)) => format!("{:.0} {unit}", count as f64 / f64::from(1 << bits)),
        None => format!("{count} B"),
    }
}
