//! Host side of `shaders/bandwidth.wgsl`: measures the device's memory bandwidth,
//! with which the kernels are compared.

use std::time::{Duration, Instant};

use wgpu::BufferUsages as Usage;

use super::device::Device;
use super::kernel::{Binding, Kernel, Shader};
use super::submission::Submission;
use crate::backends::Bandwidth;
use crate::backends::measure::{Measurement, Patience};
use crate::backends::timings::milliseconds_since;
use crate::error::Result;

/// Invocations per workgroup.
const WORKGROUP_SIZE: u32 = 256;

/// Bytes that one workgroup moves.
const WORKGROUP_BYTES: u64 = WORKGROUP_SIZE as u64 * 4 * 16;

/// Bytes read per run, if the device can bind that many: more than any cache holds.
const BYTES: u64 = 256 << 20;

/// Long enough for an idle GPU to raise its clock, which can speed it up by a
/// factor of five.
const PATIENCE: Patience = Patience {
    least_runs: 5,
    time: Duration::from_millis(1000),
};

/// The shader set to copy.
pub const COPY: Shader = shader(&[("COPIES", 1.0)]);

/// The shader set to only read.
pub const READ: Shader = shader(&[("COPIES", 0.0)]);

const fn shader(constants: &'static [(&'static str, f64)]) -> Shader {
    Shader {
        name: "bandwidth",
        source: include_str!("../../../shaders/bandwidth.wgsl"),
        bindings: &[Binding::Read, Binding::ReadWrite],
        workgroup_size: WORKGROUP_SIZE,
        constants,
    }
}

/// Measures the bandwidth of reading and of copying.
pub(super) fn measure(device: &Device) -> Result<Bandwidth> {
    let workgroups = device.most_bound().min(BYTES) / WORKGROUP_BYTES;
    let bytes = workgroups * WORKGROUP_BYTES;
    let usage = Usage::STORAGE | Usage::COPY_SRC;
    let [source, destination] =
        ["source", "destination"].map(|label| device.buffer(label, bytes, usage));
    let measured = |shader: &'static Shader, moved: u64| -> Result<f64> {
        let kernel = Kernel::new(device, shader);
        let bindings = kernel.bind(device, &[&source, &destination]);
        let measured = Measurement::of(PATIENCE, || {
            let started = Instant::now();
            let mut submission = Submission::new(device, 1, 4);
            submission.pass(&kernel, &bindings, [workgroups as u32, 1]);
            // Every submission has a readback; one word takes no noticeable time.
            submission.read(&destination, 4);
            let ((), timings) = submission.finish(|_| ())?;
            let on_device = timings.stages().next();
            Ok(on_device.map_or_else(|| milliseconds_since(started), |(_, spent)| spent))
        })?;
        Ok(moved as f64 / measured.median * 1e3)
    };
    Ok(Bandwidth {
        copy: measured(&COPY, 2 * bytes)?,
        read: Some(measured(&READ, bytes)?),
    })
}
