//! Finds and ranks the adapters of this machine.

use crate::backends::Adapter;

/// An adapter that wgpu found, with its properties.
#[derive(Clone, Debug)]
pub struct FoundAdapter {
    pub(super) raw: wgpu::Adapter,
    description: Adapter,
    is_conformant: bool,
}

/// All adapters, best first: discrete, integrated, other, virtual, software; within
/// a kind, in the order in which the drivers list them. Those whose drivers do not
/// say that they have passed Vulkan's conformance tests are not among them.
pub fn adapters() -> Vec<FoundAdapter> {
    enumerate(wgpu::InstanceFlags::empty())
}

/// All adapters, and then those that are not conformant, as on WSL2: they are only
/// taken where they are asked for, since their answers are checked first.
pub fn every_adapter() -> Vec<FoundAdapter> {
    let mut found = adapters();
    let mut left: Vec<_> = found.iter().map(|adapter| adapter.raw.get_info()).collect();
    let all = enumerate(wgpu::InstanceFlags::ALLOW_UNDERLYING_NONCOMPLIANT_ADAPTER);
    for mut adapter in all {
        let info = adapter.raw.get_info();
        match left.iter().position(|other| *other == info) {
            Some(place) => drop(left.swap_remove(place)),
            None => {
                adapter.is_conformant = false;
                found.push(adapter);
            }
        }
    }
    found
}

fn enumerate(flags: wgpu::InstanceFlags) -> Vec<FoundAdapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN | wgpu::Backends::METAL | wgpu::Backends::DX12,
        // No validation layers, even in debug builds: they change timings and print
        // messages. The tests validate the shaders themselves.
        flags: flags.with_env(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let raw = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
    let mut found: Vec<_> = raw
        .into_iter()
        .filter(can_compute)
        .map(FoundAdapter::new)
        .collect();
    found.sort_by_key(|adapter| rank(adapter.raw.get_info().device_type));
    found
}

fn can_compute(adapter: &wgpu::Adapter) -> bool {
    adapter
        .get_downlevel_capabilities()
        .flags
        .contains(wgpu::DownlevelFlags::COMPUTE_SHADERS)
}

fn rank(device_type: wgpu::DeviceType) -> u8 {
    match device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::Other => 2,
        wgpu::DeviceType::VirtualGpu => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}

impl FoundAdapter {
    fn new(raw: wgpu::Adapter) -> Self {
        let description = describe(&raw.get_info());
        Self {
            raw,
            description,
            is_conformant: true,
        }
    }

    /// Whether its driver says that it has passed Vulkan's conformance tests.
    pub fn is_conformant(&self) -> bool {
        self.is_conformant
    }

    /// The adapter as its driver describes it.
    pub fn description(&self) -> &Adapter {
        &self.description
    }

    /// The limits and features that decide how work is divided and timed.
    pub fn capabilities(&self) -> Capabilities {
        let (limits, features) = (self.raw.limits(), self.raw.features());
        let info = self.raw.get_info();
        Capabilities {
            max_storage_binding_bytes: limits.max_storage_buffer_binding_size,
            max_buffer_bytes: limits.max_buffer_size,
            max_workgroups_per_dimension: limits.max_compute_workgroups_per_dimension,
            max_workgroup_invocations: limits.max_compute_invocations_per_workgroup,
            max_workgroup_memory_bytes: limits.max_compute_workgroup_storage_size,
            subgroup_sizes: [info.subgroup_min_size, info.subgroup_max_size],
            timestamps: features.contains(wgpu::Features::TIMESTAMP_QUERY),
            subgroups: features.contains(wgpu::Features::SUBGROUP),
            int64: features.contains(wgpu::Features::SHADER_INT64),
        }
    }
}

/// The limits and features of an adapter that matter to the kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The largest storage binding, in bytes; it limits the size of a chunk of
    /// images.
    pub max_storage_binding_bytes: u64,
    /// The largest buffer, in bytes.
    pub max_buffer_bytes: u64,
    /// The most workgroups along one axis of a dispatch.
    pub max_workgroups_per_dimension: u32,
    /// The most invocations per workgroup.
    pub max_workgroup_invocations: u32,
    /// The workgroup memory per workgroup, in bytes.
    pub max_workgroup_memory_bytes: u32,
    /// The smallest and the largest subgroup size.
    pub subgroup_sizes: [u32; 2],
    /// Whether passes can be timed with timestamp queries.
    pub timestamps: bool,
    /// Whether shaders may use subgroup operations.
    pub subgroups: bool,
    /// Whether shaders may use 64-bit integers.
    pub int64: bool,
}

fn describe(info: &wgpu::AdapterInfo) -> Adapter {
    let software = info.device_type == wgpu::DeviceType::Cpu;
    let driver = [info.driver.as_str(), info.driver_info.as_str()];
    Adapter {
        name: info.name.clone(),
        kind: match info.device_type {
            wgpu::DeviceType::DiscreteGpu => "discrete",
            wgpu::DeviceType::IntegratedGpu => "integrated",
            wgpu::DeviceType::VirtualGpu => "virtual",
            wgpu::DeviceType::Cpu => "software",
            wgpu::DeviceType::Other => "other",
        },
        api: match info.backend {
            wgpu::Backend::Vulkan => "Vulkan",
            wgpu::Backend::Metal => "Metal",
            wgpu::Backend::Dx12 => "DirectX 12",
            wgpu::Backend::Gl => "OpenGL",
            wgpu::Backend::BrowserWebGpu => "WebGPU",
            wgpu::Backend::Noop => "none",
        },
        driver: driver
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        software,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_gpus_come_before_software_ones() {
        use wgpu::DeviceType::{Cpu, DiscreteGpu, IntegratedGpu, Other, VirtualGpu};
        let best_first = [DiscreteGpu, IntegratedGpu, Other, VirtualGpu, Cpu].map(rank);
        assert!(best_first.is_sorted_by(|a, b| a < b));
    }
}
