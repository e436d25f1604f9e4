//! Compute shaders on the host side: source, bindings and workgroup size, and the
//! pipeline made from them. A test checks these against the WGSL.

use super::device::Device;

/// One of the shaders in `shaders/`.
#[derive(Debug)]
pub struct Shader {
    /// The name of the file, without its extension, and of the entry point.
    pub name: &'static str,
    /// The WGSL source.
    pub source: &'static str,
    /// The bindings of group 0, in order.
    pub bindings: &'static [Binding],
    /// Invocations per workgroup.
    pub workgroup_size: u32,
    /// Values for the shader's overrides, which are defined in Rust.
    pub constants: &'static [(&'static str, f64)],
}

/// How a shader uses a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A read-only storage buffer.
    Read,
    /// A read-write storage buffer.
    ReadWrite,
    /// A small uniform buffer.
    Uniform,
}

/// A shader compiled for a device.
pub(super) struct Kernel {
    shader: &'static Shader,
    pipeline: wgpu::ComputePipeline,
}

impl Kernel {
    /// Compiles a shader.
    pub(super) fn new(device: &Device, shader: &'static Shader) -> Self {
        let raw = device.raw();
        let layout = raw.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(shader.name),
            entries: &entries(shader.bindings),
        });
        let pipeline_layout = raw.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(shader.name),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = raw.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(shader.name),
            layout: Some(&pipeline_layout),
            module: &trusted_module(device, shader),
            entry_point: Some(shader.name),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: shader.constants,
                // Every shader writes its workgroup memory before it reads it.
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        Self { shader, pipeline }
    }

    /// The shader's name.
    pub(super) fn name(&self) -> &'static str {
        self.shader.name
    }

    /// Invocations per workgroup.
    pub(super) fn workgroup_size(&self) -> u32 {
        self.shader.workgroup_size
    }

    /// The number of workgroups that gives each of `items` items one invocation.
    pub(super) fn workgroups(&self, items: usize) -> u32 {
        // The size of a chunk is limited so that this fits a dispatch; see `chunk`.
        items.div_ceil(self.shader.workgroup_size as usize) as u32
    }

    /// Creates a bind group with the buffers in the order of the shader's bindings.
    pub(super) fn bind(&self, device: &Device, buffers: &[&wgpu::Buffer]) -> wgpu::BindGroup {
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry {
                binding,
                resource: buffer.as_entire_binding(),
            })
            .collect();
        device.raw().create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(self.shader.name),
            layout: &self.pipeline.get_bind_group_layout(0),
            entries: &entries,
        })
    }

    /// Records one dispatch.
    pub(super) fn dispatch(
        &self,
        pass: &mut wgpu::ComputePass<'_>,
        bindings: &wgpu::BindGroup,
        workgroups: [u32; 2],
    ) {
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, bindings, &[]);
        pass.dispatch_workgroups(workgroups[0], workgroups[1], 1);
    }
}

fn entries(bindings: &[Binding]) -> Vec<wgpu::BindGroupLayoutEntry> {
    let entry = |(binding, kind): (u32, &Binding)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: match kind {
                Binding::Read => wgpu::BufferBindingType::Storage { read_only: true },
                Binding::ReadWrite => wgpu::BufferBindingType::Storage { read_only: false },
                Binding::Uniform => wgpu::BufferBindingType::Uniform,
            },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    (0..).zip(bindings).map(entry).collect()
}

#[expect(
    unsafe_code,
    reason = "run-time checks cost up to a third of a kernel's speed"
)]
fn trusted_module(device: &Device, shader: &Shader) -> wgpu::ShaderModule {
    let description = wgpu::ShaderModuleDescriptor {
        label: Some(shader.name),
        source: wgpu::ShaderSource::Wgsl(shader.source.into()),
    };
    // SAFETY: these are our own shaders. For the parameters and dispatch sizes that
    // the host side computes, every index is within its buffer and every loop is
    // bounded. The only divisor, the number of an image's vectors that a workgroup
    // reads, is at least one. The conformance suite runs the shaders on shapes that
    // are not multiples of their block sizes.
    unsafe {
        device
            .raw()
            .create_shader_module_trusted(description, wgpu::ShaderRuntimeChecks::unchecked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::gpu::adapters::adapters;
    use crate::error::Error;

    /// More invocations than any device allows.
    const REFUSED: Shader = Shader {
        name: "refused",
        source: "@compute @workgroup_size(1048576) fn refused() {}",
        bindings: &[],
        workgroup_size: 1 << 20,
        constants: &[],
    };

    #[test]
    fn a_kernel_that_the_device_does_not_take_is_an_error() {
        for adapter in &adapters() {
            let device = Device::open(adapter).expect("an adapter that is found can be opened");
            let refused = device.run(|| Ok(Kernel::new(&device, &REFUSED)));
            assert!(matches!(refused.err(), Some(Error::Gpu(_))));
        }
    }
}
