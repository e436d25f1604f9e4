//! The fast CPU backend: all cores and SIMD, with no GPU library involved. Its
//! stages are the counterparts of the compute shaders.

mod bandwidth;
pub mod class_sums;
pub mod distances;
pub mod float_nearest;
mod images;
pub mod nearest;
pub mod pair_products;
mod rows;
pub mod weighted_sums;
#[cfg(target_arch = "x86_64")]
mod x86;

use images::ResidentImages;
use rows::ResidentRows;

use crate::backends::{Backend, Bandwidth, Benchmarked, Description, Kind, Resident};
use crate::data::{Split, View};
use crate::error::Result;

/// Samples per task: enough work to be worth scheduling, few enough to balance the
/// load.
const TASK: usize = 256;

/// The CPU backend.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    task: usize,
}

impl Default for Cpu {
    fn default() -> Self {
        Self { task: TASK }
    }
}

impl Cpu {
    /// A backend whose tasks have `samples` samples each; the results do not depend
    /// on it.
    pub fn with_task(samples: usize) -> Self {
        Self {
            task: samples.max(1),
        }
    }
}

impl Backend for Cpu {
    fn description(&self) -> Description {
        Description {
            kind: Kind::Cpu,
            adapter: None,
        }
    }

    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>> {
        let task = self.task.min(split.len());
        Ok(match split.view() {
            View::Images(images) => Box::new(ResidentImages {
                split,
                images,
                task,
            }),
            View::Rows(rows) => Box::new(ResidentRows { split, rows, task }),
        })
    }
}

impl Benchmarked for Cpu {
    fn bandwidth(&self) -> Result<Bandwidth> {
        bandwidth::measure()
    }
}
