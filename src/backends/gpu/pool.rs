//! Reuses buffers: a new one costs a driver allocation and is cleared before its
//! first use.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

/// Free buffers of one usage.
pub(super) struct Pool {
    /// From small to large.
    free: Mutex<Vec<wgpu::Buffer>>,
    most: usize,
}

/// A buffer that returns to its pool when dropped. It may contain old data.
pub(super) struct Lease<'a> {
    pool: &'a Pool,
    buffer: Option<wgpu::Buffer>,
}

impl Pool {
    /// A pool that keeps at most `most` free buffers; beyond that the smallest are freed.
    pub(super) fn keeping(most: usize) -> Self {
        Self {
            free: Mutex::default(),
            most,
        }
    }

    /// The smallest free buffer of at least `bytes` bytes, or a new one.
    pub(super) fn lease(&self, bytes: u64, make: impl FnOnce() -> wgpu::Buffer) -> Lease<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = free.iter().position(|buffer| buffer.size() >= bytes);
        let buffer = fitting.map(|index| free.remove(index));
        drop(free);
        Lease {
            pool: self,
            buffer: Some(buffer.unwrap_or_else(make)),
        }
    }
}

impl Deref for Lease<'_> {
    type Target = wgpu::Buffer;

    fn deref(&self) -> &wgpu::Buffer {
        self.buffer.as_ref().expect("taken on drop alone")
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(buffer) = self.buffer.take() else {
            return;
        };
        let mut free = self
            .pool
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let place = free.partition_point(|other| other.size() < buffer.size());
        free.insert(place, buffer);
        if free.len() > self.pool.most {
            free.remove(0);
        }
    }
}
