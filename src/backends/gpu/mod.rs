//! The GPU backend: compute shaders through wgpu, on Vulkan, Metal or DirectX 12; three for
//! images, one for floats. Each shader has one file or folder here as its host side.

pub mod adapters;
mod answers;
mod bandwidth;
pub mod choose;
mod chunk;
pub mod class_sums;
mod device;
pub mod distances;
mod drawn_sums;
pub mod float_nearest;
mod images;
pub mod kernel;
pub mod nearest;
#[cfg(test)]
mod no_memory;
pub mod pieces;
mod pool;
mod rows;
mod submission;
mod upload;
#[cfg(test)]
mod wrong_kernels;

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::backends::{Adapter, Backend, Bandwidth, Benchmarked, Description, Kind, Resident};
use crate::data::{Split, View};
use crate::error::Result;

use adapters::FoundAdapter;
use chunk::images_per_chunk;
use device::Device;
use images::GpuResident;
use kernel::{Kernel, Shader};
use pieces::Pieces;
use rows::ResidentRows;
use upload::Staging;

/// The shaders, in the order in which the stages run.
pub const SHADERS: [&Shader; 3] = [&class_sums::SHADER, &distances::SHADER, &nearest::SHADER];

/// The shaders for samples of floats, which are compiled when first needed.
pub const FLOAT_SHADERS: [&Shader; 1] = [&float_nearest::SHADER];

/// The bandwidth measurement, which is not a stage.
pub const YARDSTICK: &Shader = &bandwidth::COPY;

/// An open adapter with its kernels compiled.
pub struct Gpu {
    adapter: Adapter,
    device: Device,
    class_sums: Kernel,
    distances: Kernel,
    nearest: Kernel,
    float_nearest: OnceLock<Kernel>,
    staging: Mutex<Staging>,
    pieces: Pieces,
}

impl Gpu {
    /// Opens an adapter and compiles the kernels.
    ///
    /// # Errors
    /// When the driver rejects either.
    pub fn open(adapter: &FoundAdapter) -> Result<Self> {
        Self::open_with(adapter, Pieces::default())
    }

    /// Opens an adapter with other piece sizes than the defaults.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(adapter: &FoundAdapter, pieces: Pieces) -> Result<Self> {
        Self::with_shaders(adapter, pieces, SHADERS)
    }

    fn with_shaders(
        adapter: &FoundAdapter,
        pieces: Pieces,
        shaders: [&'static Shader; 3],
    ) -> Result<Self> {
        let device = Device::open(adapter)?;
        let [class_sums, distances, nearest] =
            device.run(|| Ok(shaders.map(|shader| Kernel::new(&device, shader))))?;
        Ok(Self {
            adapter: adapter.description().clone(),
            device,
            class_sums,
            distances,
            nearest,
            float_nearest: OnceLock::new(),
            staging: Mutex::default(),
            pieces,
        })
    }

    /// Destroys the device, as a driver reset or an unplugged GPU would do. Every
    /// later call on this backend returns an error.
    pub fn destroy(&self) {
        self.device.destroy();
    }
}

impl Backend for Gpu {
    fn description(&self) -> Description {
        Description {
            kind: Kind::Gpu,
            adapter: Some(self.adapter.clone()),
        }
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        let images = match split.view() {
            View::Images(images) => images,
            View::Rows(rows) => return Ok(Box::new(ResidentRows::new(self, split, rows))),
        };
        let workgroup_size = self
            .distances
            .workgroup_size()
            .min(self.nearest.workgroup_size());
        let most = images_per_chunk(&self.device, images, workgroup_size)?
            .min(self.pieces.chunk_images.max(1));
        let mut staging = self.staging.lock().unwrap_or_else(PoisonError::into_inner);
        let chunks = self.device.run(|| {
            upload::upload(
                &self.device,
                &mut staging,
                images,
                most,
                self.pieces.staging_bytes,
            )
        })?;
        Ok(Box::new(GpuResident::new(self, split, images, chunks)))
    }
}

impl Benchmarked for Gpu {
    fn bandwidth(&self) -> Result<Bandwidth> {
        self.device.run(|| bandwidth::measure(&self.device))
    }
}
