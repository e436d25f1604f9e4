//! How fast the device's memory copies: the yardstick for the kernels.

use wgpu::BufferUsages as Usage;

use super::device::Device;
use crate::backends::measure;
use crate::error::Result;

/// Bytes copied at a time, where the device can bind so many.
const BYTES: u64 = 1 << 30;

/// Copies in a submission, so that starting it does not count.
const COPIES: u64 = 8;

/// Bytes per second, read and written.
pub(super) fn copy(device: &Device) -> Result<f64> {
    let bytes = device.most_bound().min(BYTES);
    let usage = Usage::COPY_SRC | Usage::COPY_DST;
    let (from, to) = (
        device.buffer("copy from", bytes, usage),
        device.buffer("copy to", bytes, usage),
    );
    measure::bandwidth(2 * bytes * COPIES, || {
        let mut encoder = device.raw().create_command_encoder(&Default::default());
        for _ in 0..COPIES {
            encoder.copy_buffer_to_buffer(&from, 0, &to, 0, Some(bytes));
        }
        device.wait(device.submit(encoder.finish()))
    })
}
