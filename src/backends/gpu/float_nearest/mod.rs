//! Host side of `shaders/float_nearest.wgsl`: the nearest class of each sample of floats.
//!
//! | file | what it has |
//! |---|---|
//! | `samples.rs` | samples on the device, once for any number of questions |
//! | `classes.rs` | the classes of a question |
//! | `bounds.rs` | what a score can be off by, and why |
//! | `rounding.rs` | vectors rounded to `f32`, and bounds rounded upward |
//! | `found.rs` | what was found of a sample, and the decisions |
//! | `tiles.rs` | the layout of both on the device |
//! | `stage.rs` | a question on its way through the device |
//! | `work.rs` | how the work is cut into dispatches |
//! | `known.rs` | a question with known answers, before the kernel is believed |

mod bounds;
mod classes;
mod found;
mod known;
mod rounding;
mod samples;
mod stage;
#[cfg(test)]
mod tests;
mod tiles;
mod work;
#[cfg(test)]
mod wrong;

use rayon::prelude::*;

use self::bounds::{FAR, FLUSHED};
use self::found::Found;
use self::stage::Stage;
use self::tiles::{CLASSES, DEPTH, SAMPLES};
use self::work::Limits;
use super::Gpu;
use super::kernel::{Binding, Kernel, Shader};
use crate::backends::timings::Timings;
use crate::classifier::float_exact::{Among, FloatQuestion};
use crate::classifier::predictions::{Decision, Decisions};
use crate::error::{Error, Result};

pub use self::samples::FloatSamples;

/// Invocations per workgroup, one for four samples of a tile.
pub const WORKGROUP_SIZE: u32 = SAMPLES as u32 / 4;

/// Each invocation copies one vector of a slice of classes.
const _: () = assert!(CLASSES * DEPTH == WORKGROUP_SIZE as usize * 4);

/// The shader.
pub const SHADER: Shader = Shader {
    name: "float_nearest",
    source: include_str!("../../../../shaders/float_nearest.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::Uniform,
    ],
    workgroup_size: WORKGROUP_SIZE,
    constants: &[("FAR", FAR as f64), ("FLUSHED", FLUSHED)],
};

/// The kernel, compiled where it is first needed: images do without it.
pub(super) fn kernel(gpu: &Gpu) -> Result<&Kernel> {
    if let Some(kernel) = gpu.float_nearest.get() {
        return Ok(kernel);
    }
    let kernel = gpu.device.run(|| Ok(Kernel::new(&gpu.device, &SHADER)))?;
    known::check(gpu, &kernel)?;
    Ok(gpu.float_nearest.get_or_init(|| kernel))
}

impl FloatSamples<'_> {
    /// The nearest class of each sample, as far as the device can tell, and how long the
    /// device took; and, where `places` are given, whether its own class is among so many
    /// nearest, exactly. Labels are looked at for that and for leave-one-out alone. Where no
    /// class can be nearest, that is doubtful.
    ///
    /// # Errors
    /// When the dims differ, the number of labels differs from that of samples, a sample
    /// that is to be left out has no class, the classes are more than the device can bind,
    /// the kernel is wrong, or the device fails.
    pub fn nearest(
        &self,
        labels: &[u16],
        question: &FloatQuestion<'_>,
        places: Option<usize>,
    ) -> Result<(Decisions, Timings)> {
        let (kernel, limits) = (kernel(self.gpu)?, Limits::default());
        let counts = places.is_some();
        let (found, timings) = self.answered_by(kernel, &limits, labels, question, counts)?;
        let decisions: Vec<Decision> = found.iter().map(Found::decision).collect();
        let within = places.map(|places| {
            let of_sample = |(index, found): (usize, &Found)| {
                let exact = || {
                    let row = self.features.row(index);
                    let label = labels[index];
                    question.is_within(row, label, places, Among::All).answer
                };
                found.is_within(places).unwrap_or_else(exact)
            };
            found.par_iter().enumerate().map(of_sample).collect()
        });
        Ok((Decisions::from(decisions).with_within(within), timings))
    }

    fn answered_by(
        &self,
        kernel: &Kernel,
        limits: &Limits,
        labels: &[u16],
        question: &FloatQuestion<'_>,
        counts: bool,
    ) -> Result<(Vec<Found>, Timings)> {
        self.check(labels, question)?;
        let device = &self.gpu.device;
        device.run(|| Stage::new(self, kernel, limits, question, counts)?.answers(labels))
    }

    fn check(&self, labels: &[u16], question: &FloatQuestion<'_>) -> Result<()> {
        let (dim, count) = (question.sums().dim(), question.sums().classes());
        if self.features.dim() != dim || self.features.len() != labels.len() {
            return Err(Error::Invalid(format!(
                "{} samples of {} values with {} labels, for means of {dim} values",
                self.features.len(),
                self.features.dim(),
                labels.len()
            )));
        }
        let unknown = labels.iter().find(|&&label| usize::from(label) >= count);
        match unknown.filter(|_| question.leaves_one_out()) {
            Some(label) => Err(Error::Invalid(format!(
                "a sample of class {label} cannot be left out of {count} classes"
            ))),
            None => Ok(()),
        }
    }
}
