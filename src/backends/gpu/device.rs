//! An open device that reports failures as values: where wgpu would panic by
//! default, an [`Error`] is returned.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use wgpu::BufferUsages as Usage;

use super::adapters::FoundAdapter;
use super::pool::{Lease, Pool};
use crate::data::panics::{catch_panic, one_line};
use crate::error::{Error, NoGpu, Result};

/// A submission that takes longer than this is assumed to hang. The longest
/// submission reads one chunk, which takes a software adapter seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// No binding has 4 GiB or more: not every driver counts bytes beyond 32 bits rightly.
const MOST_BOUND: u64 = (4 << 30) - 256;

/// Free buffers of pixels that are kept: those of the next batch, and of one beside it.
const PIXELS_KEPT: usize = 2;

/// Free buffers of results and of readbacks that are kept.
const RESULTS_KEPT: usize = 8;

/// A device with its queue and the failures reported on it.
pub(super) struct Device {
    raw: wgpu::Device,
    queue: wgpu::Queue,
    limits: wgpu::Limits,
    nanoseconds_per_tick: Option<f32>,
    faults: Arc<Faults>,
    pixels: Pool,
    results: Pool,
    readbacks: Pool,
}

/// The pending result of mapping a buffer.
pub(super) struct Mapping(mpsc::Receiver<std::result::Result<(), wgpu::BufferAsyncError>>);

/// The first failure that wgpu reported through a callback.
#[derive(Default)]
struct Faults {
    first: Mutex<Option<String>>,
}

impl Faults {
    fn note(&self, fault: String) {
        self.first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(fault);
    }

    fn check(&self) -> Result<()> {
        match &*self.first.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(fault) => Err(Error::Gpu(fault.clone())),
            None => Ok(()),
        }
    }
}

impl Device {
    /// Opens an adapter.
    pub(super) fn open(adapter: &FoundAdapter) -> Result<Self> {
        let available = adapter.raw.limits();
        let features = adapter.raw.features() & wgpu::Features::TIMESTAMP_QUERY;
        let limits = wgpu::Limits {
            max_storage_buffer_binding_size: available.max_storage_buffer_binding_size,
            max_buffer_size: available.max_buffer_size,
            ..wgpu::Limits::downlevel_defaults()
        };
        let request = wgpu::DeviceDescriptor {
            label: Some("ncm"),
            required_features: features,
            required_limits: limits.clone(),
            ..Default::default()
        };
        let opened = catch_panic(|| pollster::block_on(adapter.raw.request_device(&request)))
            .map_err(Error::Gpu)?;
        let (raw, queue) = opened.map_err(|error| NoGpu::Refused {
            adapter: adapter.description().name.clone(),
            reason: one_line(&error.to_string()),
        })?;
        let faults = Arc::new(Faults::default());
        let noted = Arc::clone(&faults);
        raw.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            noted.note(one_line(&error.to_string()))
        }));
        let noted = Arc::clone(&faults);
        raw.set_device_lost_callback(move |reason, message| {
            noted.note(one_line(&format!(
                "the device was lost ({reason:?}) {message}"
            )));
        });
        let timestamps = features.contains(wgpu::Features::TIMESTAMP_QUERY);
        let nanoseconds_per_tick = timestamps.then(|| queue.get_timestamp_period());
        Ok(Self {
            raw,
            queue,
            limits,
            nanoseconds_per_tick,
            faults,
            pixels: Pool::keeping(PIXELS_KEPT),
            results: Pool::keeping(RESULTS_KEPT),
            readbacks: Pool::keeping(RESULTS_KEPT),
        })
    }

    /// The underlying wgpu device, for creating resources.
    pub(super) fn raw(&self) -> &wgpu::Device {
        &self.raw
    }

    /// The most workgroups along one axis of a dispatch.
    pub(super) fn most_workgroups(&self) -> usize {
        self.limits.max_compute_workgroups_per_dimension as usize
    }

    /// The largest binding of a buffer, in bytes.
    pub(super) fn most_bound(&self) -> u64 {
        self.limits
            .max_storage_buffer_binding_size
            .min(self.limits.max_buffer_size)
            .min(MOST_BOUND)
    }

    /// Checks that a binding of `bytes` bytes is allowed.
    pub(super) fn check_binding(&self, what: &str, bytes: u64) -> Result<()> {
        let most = self.most_bound();
        if bytes <= most {
            return Ok(());
        }
        let what = what.to_owned();
        Err(NoGpu::TooLarge { what, bytes, most }.into())
    }

    /// The timestamp period, if the device supports timestamp queries.
    pub(super) fn nanoseconds_per_tick(&self) -> Option<f32> {
        self.nanoseconds_per_tick
    }

    /// A buffer of at least `size` bytes.
    pub(super) fn buffer(&self, label: &str, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        // Bindings must not be empty, and copies must be a multiple of four bytes.
        self.create(label, size.max(4).next_multiple_of(4), usage, false)
    }

    /// A staging buffer, already mapped for the host to write.
    pub(super) fn staging(&self, size: u64) -> wgpu::Buffer {
        let usage = Usage::MAP_WRITE | Usage::COPY_SRC;
        self.create(
            "staging",
            size.next_multiple_of(wgpu::MAP_ALIGNMENT),
            usage,
            true,
        )
    }

    fn create(&self, label: &str, size: u64, usage: Usage, mapped: bool) -> wgpu::Buffer {
        #[cfg(test)]
        let size = super::no_memory::size(size);
        self.raw.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage,
            mapped_at_creation: mapped,
        })
    }

    /// A buffer for at least `bytes` bytes of pixels. It may contain old data.
    pub(super) fn pixels(&self, bytes: u64) -> Lease<'_> {
        let usage = Usage::STORAGE | Usage::COPY_DST;
        self.pixels
            .lease(bytes, || self.buffer("pixels", bytes, usage))
    }

    /// A buffer of at least `bytes` bytes that kernels write and that is then
    /// copied from. It may contain old data.
    pub(super) fn results(&self, bytes: u64) -> Lease<'_> {
        let usage = Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST;
        self.results
            .lease(bytes, || self.buffer("results", bytes, usage))
    }

    /// A readback buffer of at least `bytes` bytes, unmapped.
    pub(super) fn readback(&self, bytes: u64) -> Lease<'_> {
        let usage = Usage::MAP_READ | Usage::COPY_DST;
        self.readbacks
            .lease(bytes, || self.buffer("readback", bytes, usage))
    }

    /// A small buffer initialised with `content`.
    pub(super) fn filled<T: bytemuck::NoUninit>(
        &self,
        label: &str,
        content: &[T],
        usage: wgpu::BufferUsages,
    ) -> wgpu::Buffer {
        let bytes: &[u8] = bytemuck::cast_slice(content);
        let buffer = self.buffer(
            label,
            bytes.len() as u64,
            usage | wgpu::BufferUsages::COPY_DST,
        );
        self.queue.write_buffer(&buffer, 0, bytes);
        buffer
    }

    /// Submits the recorded commands.
    pub(super) fn submit(&self, commands: wgpu::CommandBuffer) -> wgpu::SubmissionIndex {
        self.queue.submit([commands])
    }

    /// Requests that a buffer be mapped once the submitted commands have finished.
    pub(super) fn map_after(
        encoder: &wgpu::CommandEncoder,
        buffer: &wgpu::Buffer,
        mode: wgpu::MapMode,
    ) -> Mapping {
        let (mapped, outcome) = mpsc::channel();
        encoder.map_buffer_on_submit(buffer, mode, .., move |result| {
            // After a failed wait the receiver is gone, so a send error is ignored.
            let _ = mapped.send(result);
        });
        Mapping(outcome)
    }

    /// Waits until a submission has finished and the buffer is mapped.
    pub(super) fn wait_mapped(
        &self,
        submission: wgpu::SubmissionIndex,
        mapping: &Mapping,
    ) -> Result<()> {
        self.wait(submission)?;
        // Another thread that polls the same device may be running the callback of
        // this mapping and not be done yet.
        match mapping.0.recv_timeout(PATIENCE) {
            Ok(Ok(())) => Ok(()),
            _ => Err(Error::Gpu("a buffer could not be mapped".into())),
        }
    }

    /// Waits until a submission has finished.
    pub(super) fn wait(&self, submission: wgpu::SubmissionIndex) -> Result<()> {
        self.faults.check()?;
        let waited = self.raw.poll(wgpu::PollType::Wait {
            submission_index: Some(submission),
            timeout: Some(PATIENCE),
        });
        self.faults.check()?;
        waited.map_err(|error| Error::Gpu(one_line(&error.to_string())))?;
        Ok(())
    }

    /// Runs GPU work and returns any failure of it as an error.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let result = catch_panic(work).unwrap_or_else(|panic| Err(Error::Gpu(panic)));
        // A failure that the device reported is the cause of any later error.
        self.faults.check()?;
        result
    }

    /// Destroys the device, as a driver reset would do.
    pub(super) fn destroy(&self) {
        self.raw.destroy();
    }
}
