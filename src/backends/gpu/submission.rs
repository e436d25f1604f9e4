//! One submission: passes, timed if the device supports it, and one readback.

use std::ops::Range;

use super::device::Device;
use super::kernel::Kernel;
use super::pool::Lease;
use crate::backends::timings::Timings;
use crate::data::panics::one_line;
use crate::error::{Error, Result};

/// The most passes that a query set has timestamps for; with more passes none is
/// timed.
const MOST_TIMED_PASSES: usize = (wgpu::QUERY_SET_MAX_QUERIES / 2) as usize;

/// A submission that is being recorded.
pub(super) struct Submission<'a> {
    device: &'a Device,
    encoder: wgpu::CommandEncoder,
    timer: Option<Timer>,
    readback: Lease<'a>,
    filled: u64,
}

/// Timestamp queries, two per pass.
struct Timer {
    queries: wgpu::QuerySet,
    passes: Vec<&'static str>,
    nanoseconds_per_tick: f32,
}

impl<'a> Submission<'a> {
    /// A submission with room for `passes` passes and `readback_bytes` bytes to
    /// read back.
    pub(super) fn new(device: &'a Device, passes: usize, readback_bytes: u64) -> Self {
        let timed = device
            .nanoseconds_per_tick()
            .filter(|_| (1..=MOST_TIMED_PASSES).contains(&passes));
        let timer = timed.map(|nanoseconds_per_tick| Timer {
            queries: device.raw().create_query_set(&wgpu::QuerySetDescriptor {
                label: Some("passes"),
                ty: wgpu::QueryType::Timestamp,
                count: 2 * passes as u32,
            }),
            passes: Vec::with_capacity(passes),
            nanoseconds_per_tick,
        });
        let timestamp_bytes = timer.as_ref().map_or(0, |_| passes as u64 * 16);
        let readback = device.readback(readback_bytes + timestamp_bytes + 8);
        let encoder = device.raw().create_command_encoder(&Default::default());
        Self {
            device,
            encoder,
            timer,
            readback,
            filled: 0,
        }
    }

    /// Records one dispatch of a kernel in a pass of its own.
    pub(super) fn pass(
        &mut self,
        kernel: &Kernel,
        bindings: &wgpu::BindGroup,
        workgroups: [u32; 2],
    ) {
        let timestamp_writes = self.timer.as_mut().map(|timer| {
            let first = 2 * timer.passes.len() as u32;
            timer.passes.push(kernel.name());
            wgpu::ComputePassTimestampWrites {
                query_set: &timer.queries,
                beginning_of_pass_write_index: Some(first),
                end_of_pass_write_index: Some(first + 1),
            }
        });
        let mut pass = self
            .encoder
            .begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: Some(kernel.name()),
                timestamp_writes,
            });
        kernel.dispatch(&mut pass, bindings, workgroups);
    }

    /// Records the clearing of a buffer to zeros.
    pub(super) fn clear(&mut self, buffer: &wgpu::Buffer) {
        self.encoder.clear_buffer(buffer, 0, None);
    }

    /// Records a copy of the start of a buffer to the end of the readback data;
    /// returns where its bytes will be.
    pub(super) fn read(&mut self, source: &wgpu::Buffer, bytes: u64) -> Range<usize> {
        let start = self.filled;
        self.encoder
            .copy_buffer_to_buffer(source, 0, &self.readback, start, Some(bytes));
        self.filled += bytes;
        start as usize..self.filled as usize
    }

    /// Runs the submission and passes the bytes read back to `take`.
    pub(super) fn finish<T>(mut self, take: impl FnOnce(&[u8]) -> T) -> Result<(T, Timings)> {
        let results = self.filled as usize;
        let timestamps_at = self.filled.next_multiple_of(8);
        let mut end = self.filled;
        if let Some(timer) = &self.timer {
            let bytes = 16 * timer.passes.len() as u64;
            let resolved = timer.resolve(self.device, &mut self.encoder);
            self.encoder.copy_buffer_to_buffer(
                &resolved,
                0,
                &self.readback,
                timestamps_at,
                Some(bytes),
            );
            end = timestamps_at + bytes;
        }
        let mapping = Device::map_after(&self.encoder, &self.readback, wgpu::MapMode::Read);
        let submission = self.device.submit(self.encoder.finish());
        let taken = self
            .device
            .wait_mapped(submission, &mapping)
            .and_then(|()| {
                let view = self
                    .readback
                    .get_mapped_range(0..end)
                    .map_err(|error| Error::Gpu(one_line(&error.to_string())))?;
                let timings = self.timer.as_ref().map_or_else(Timings::default, |timer| {
                    timer.timings(&view[timestamps_at as usize..end as usize])
                });
                Ok((take(&view[..results]), timings))
            });
        self.readback.unmap();
        taken
    }
}

impl Timer {
    fn resolve(&self, device: &Device, encoder: &mut wgpu::CommandEncoder) -> wgpu::Buffer {
        let count = 2 * self.passes.len() as u32;
        let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let resolved = device.buffer("timestamps", u64::from(count) * 8, usage);
        encoder.resolve_query_set(&self.queries, 0..count, &resolved, 0);
        resolved
    }

    fn timings(&self, bytes: &[u8]) -> Timings {
        let ticks: &[u64] = bytemuck::cast_slice(bytes);
        let mut timings = Timings::default();
        for (pass, ticks) in self.passes.iter().zip(ticks.chunks_exact(2)) {
            let elapsed = ticks[1].saturating_sub(ticks[0]) as f64;
            timings.add(*pass, elapsed * f64::from(self.nanoseconds_per_tick) / 1e6);
        }
        timings
    }
}
