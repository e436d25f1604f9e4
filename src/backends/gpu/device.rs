//! An open device whose failures are values: what wgpu would report by
//! panicking becomes an [`Error`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use wgpu::BufferUsages as Usage;

use super::adapters::FoundAdapter;
use super::pool::{Lease, Pool};
use crate::data::contain::{contain, one_line};
use crate::error::{Error, Result};

/// A submission that has not finished by then never will: the longest one
/// reads one chunk, which takes a software adapter seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// Bytes of a buffer that no device has, in whole words.
const MORE_THAN_ANY: u64 = 1 << 60;

/// A device with its queue, and what has gone wrong on it.
pub(super) struct Device {
    raw: wgpu::Device,
    queue: wgpu::Queue,
    limits: wgpu::Limits,
    nanoseconds_per_tick: Option<f32>,
    faults: Arc<Faults>,
    /// Buffers until one is to fail.
    failing_buffer: Option<AtomicUsize>,
    results: Pool,
    readbacks: Pool,
}

/// The outcome, to come, of mapping a buffer.
pub(super) struct Mapping(mpsc::Receiver<std::result::Result<(), wgpu::BufferAsyncError>>);

/// The first failure that wgpu reported outside a return value.
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
    /// Opens an adapter; the buffer of this number is to fail.
    pub(super) fn open(adapter: &FoundAdapter, failing_buffer: Option<usize>) -> Result<Self> {
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
        let opened = contain(|| pollster::block_on(adapter.raw.request_device(&request)))
            .map_err(Error::Gpu)?;
        let (raw, queue) = opened.map_err(|error| {
            Error::NoGpu(format!(
                "the adapter {} cannot be used: {error}; choose another with --adapter or use --backend cpu",
                adapter.description().name
            ))
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
            failing_buffer: failing_buffer.map(AtomicUsize::new),
            results: Pool::default(),
            readbacks: Pool::default(),
        })
    }

    /// wgpu's device, for creating things on it.
    pub(super) fn raw(&self) -> &wgpu::Device {
        &self.raw
    }

    /// The most workgroups along one axis of a dispatch.
    pub(super) fn most_workgroups(&self) -> usize {
        self.limits.max_compute_workgroups_per_dimension as usize
    }

    /// The most bytes that a shader can see of one buffer.
    pub(super) fn most_bound(&self) -> u64 {
        self.limits
            .max_storage_buffer_binding_size
            .min(self.limits.max_buffer_size)
    }

    /// Whether a shader can see so many bytes.
    pub(super) fn check_binding(&self, what: &str, bytes: u64) -> Result<()> {
        let most = self.most_bound();
        if bytes <= most {
            return Ok(());
        }
        Err(Error::NoGpu(format!(
            "{what} take {bytes} bytes, more than the {most} this adapter can bind; use --backend cpu"
        )))
    }

    /// The unit of timestamps, where the device has them.
    pub(super) fn nanoseconds_per_tick(&self) -> Option<f32> {
        self.nanoseconds_per_tick
    }

    /// A buffer of at least `size` bytes.
    pub(super) fn buffer(&self, label: &str, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        // Bindings must not be empty, and copies are whole words.
        self.create(label, size.max(4).next_multiple_of(4), usage, false)
    }

    /// A buffer for the host to fill, mapped already.
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
        let fails = self.failing_buffer.as_ref().is_some_and(|left| {
            // Beyond zero it goes on, far from zero again.
            left.fetch_sub(1, Ordering::Relaxed) == 0
        });
        self.raw.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: if fails { MORE_THAN_ANY } else { size },
            usage,
            mapped_at_creation: mapped,
        })
    }

    /// A buffer of at least `bytes` bytes for kernels to write to and to be
    /// copied from, with whatever was in it last.
    pub(super) fn results(&self, bytes: u64) -> Lease<'_> {
        let usage = Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST;
        self.results
            .lease(bytes, || self.buffer("results", bytes, usage))
    }

    /// A buffer of at least `bytes` bytes for the host to read, unmapped.
    pub(super) fn readback(&self, bytes: u64) -> Lease<'_> {
        let usage = Usage::MAP_READ | Usage::COPY_DST;
        self.readbacks
            .lease(bytes, || self.buffer("readback", bytes, usage))
    }

    /// A small buffer with this content.
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

    /// Starts the recorded commands.
    pub(super) fn submit(&self, commands: wgpu::CommandBuffer) -> wgpu::SubmissionIndex {
        self.queue.submit([commands])
    }

    /// Records that a buffer is to be mapped when the commands have run.
    pub(super) fn map_after(
        encoder: &wgpu::CommandEncoder,
        buffer: &wgpu::Buffer,
        mode: wgpu::MapMode,
    ) -> Mapping {
        let (mapped, outcome) = mpsc::channel();
        encoder.map_buffer_on_submit(buffer, mode, .., move |result| {
            // Nobody listens any more once waiting has failed.
            let _ = mapped.send(result);
        });
        Mapping(outcome)
    }

    /// Waits until a submission has finished and a buffer is mapped after it.
    pub(super) fn wait_mapped(
        &self,
        submission: wgpu::SubmissionIndex,
        mapping: &Mapping,
    ) -> Result<()> {
        self.wait(submission)?;
        // Another thread that waits for the same device may be the one that
        // maps the buffer, and not be done yet.
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
        waited.map_err(|error| Error::Gpu(error.to_string()))?;
        Ok(())
    }

    /// Runs GPU work; whatever goes wrong in it comes back as an error.
    pub(super) fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let result = contain(work).unwrap_or_else(|panic| Err(Error::Gpu(panic)));
        // What the device reported is the cause; the rest follows from it.
        self.faults.check()?;
        result
    }

    /// Destroys the device, as a driver reset would.
    pub(super) fn destroy(&self) {
        self.raw.destroy();
    }
}
