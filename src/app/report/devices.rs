//! The result of `ncm devices`.

use schemars::JsonSchema;
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

#[derive(Serialize, JsonSchema)]
pub(super) struct Keys<'a> {
    /// Every adapter, the best first.
    adapters: Vec<DeviceKeys<'a>>,
    cpu: CpuKeys,
    /// What `--backend auto` takes.
    auto: AutoKeys<'a>,
}

#[derive(Serialize, JsonSchema)]
struct DeviceKeys<'a> {
    /// The number that `--adapter` takes.
    index: usize,
    #[serde(flatten)]
    adapter: AdapterKeys<'a>,
    /// Whether it is a CPU that acts as a GPU.
    software: bool,
    /// Whether its driver says that it has passed Vulkan's conformance tests; one that has not is
    /// only taken where `--adapter` names it.
    conformant: bool,
    #[serde(flatten, with = "CapabilityKeys")]
    capabilities: Capabilities,
}

/// Limits and features of an adapter that matter to the kernels.
#[derive(Serialize, JsonSchema)]
#[serde(remote = "Capabilities")]
struct CapabilityKeys {
    /// The largest buffer a shader can see, in bytes.
    max_storage_binding_bytes: u64,
    /// The largest buffer, in bytes.
    max_buffer_bytes: u64,
    /// The most workgroups along one axis of a dispatch.
    max_workgroups_per_dimension: u32,
    /// The most invocations in a workgroup.
    max_workgroup_invocations: u32,
    /// Memory that the invocations of a workgroup share, in bytes.
    max_workgroup_memory_bytes: u32,
    /// The least and the most invocations in a subgroup.
    subgroup_sizes: [u32; 2],
    /// Whether passes can be timed on the device.
    timestamps: bool,
    /// Whether shaders may use subgroup operations.
    subgroups: bool,
    /// Whether shaders may use 64-bit integers.
    int64: bool,
}

#[derive(Serialize, JsonSchema)]
struct CpuKeys {
    /// Threads that the `cpu` backend uses.
    threads: usize,
}

#[derive(Serialize, JsonSchema)]
struct AutoKeys<'a> {
    /// `cpu` or `gpu`.
    backend: &'static str,
    /// The index of the adapter; null for `cpu`.
    adapter: Option<usize>,
    /// Why, in a sentence.
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
            conformant: found.is_conformant(),
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
        json::render("devices", &[], keys)
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
    if !found.is_conformant() {
        text += &text::line("conformant", "no: taken only where --adapter names it");
    }
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
