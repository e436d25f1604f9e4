//! Host side of `shaders/nearest.wgsl`.

use std::ops::Range;

use wgpu::BufferUsages as Usage;

use super::chunk::Chunk;
use super::device::Device;
use super::distances::Stage as DistancesStage;
use super::kernel::{Binding, Kernel, Shader};
use super::pool::Lease;
use super::submission::Submission;
use crate::classifier::certainty::Certainty;
use crate::classifier::fixed_point::{ABSENT, FixedMeans, OUT_FOR_OWN, SURCHARGE_BITS, surcharges};
use crate::classifier::model::Question;
use crate::classifier::predictions::Decision;

/// Invocations per workgroup.
pub const WORKGROUP_SIZE: u32 = 64;

/// The shader.
pub const SHADER: Shader = Shader {
    name: "nearest",
    source: include_str!("../../../shaders/nearest.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::Uniform,
        Binding::Uniform,
    ],
    workgroup_size: WORKGROUP_SIZE,
    constants: &[
        ("SURCHARGE_BITS", SURCHARGE_BITS as f64),
        ("ABSENT", ABSENT as f64),
        ("OUT_FOR_OWN", OUT_FOR_OWN as f64),
        ("DOUBTFUL", Decision::DOUBTFUL as f64),
    ],
};

/// Bytes per decision.
pub(super) const DECISION_BYTES: usize = size_of::<Decision>();

/// One question on the device, and a buffer for the decisions of a batch.
pub(super) struct Stage<'a> {
    device: &'a Device,
    kernel: &'a Kernel,
    classes: usize,
    surcharges: wgpu::Buffer,
    decisions: Lease<'a>,
    doubts: wgpu::Buffer,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        device: &'a Device,
        kernel: &'a Kernel,
        means: &FixedMeans,
        question: &Question<'_>,
        batch: usize,
    ) -> Self {
        let surcharges = surcharges(question);
        let certainty = Certainty::new(means, question);
        // One entry per 16-byte vector, as the layout of uniform arrays requires.
        let doubts = certainty
            .most_doubtful()
            .map(|margin| [margin as u32, (margin >> 32) as u32, 0, 0]);
        Self {
            device,
            kernel,
            classes: surcharges.len(),
            surcharges: device.filled("surcharges", &surcharges, Usage::STORAGE),
            decisions: device.results((batch * DECISION_BYTES) as u64),
            doubts: device.filled("doubts", &doubts, Usage::UNIFORM),
        }
    }

    /// Records the decisions on a batch whose squared distances have been computed;
    /// returns where they will be in the readback buffer.
    pub(super) fn record(
        &self,
        submission: &mut Submission<'_>,
        chunk: &Chunk,
        batch: (usize, usize),
        distances: &DistancesStage<'_>,
    ) -> Range<usize> {
        let parameters = [batch.0 as u32, batch.1 as u32, self.classes as u32, 0];
        let parameters = self
            .device
            .filled("parameters", &parameters, Usage::UNIFORM);
        let buffers = [
            &distances.squared,
            &chunk.labels,
            &self.surcharges,
            &self.decisions,
            &self.doubts,
            &parameters,
        ];
        let bindings = self.kernel.bind(self.device, &buffers);
        submission.pass(self.kernel, &bindings, [self.kernel.workgroups(batch.1), 1]);
        submission.read(&self.decisions, (batch.1 * DECISION_BYTES) as u64)
    }
}
