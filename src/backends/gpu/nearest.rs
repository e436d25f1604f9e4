//! Host side of `shaders/nearest.wgsl`.

use std::ops::Range;

use rayon::prelude::*;
use wgpu::BufferUsages as Usage;

use super::chunk::Chunk;
use super::device::Device;
use super::distances::Stage as DistancesStage;
use super::kernel::{Binding, Kernel, Shader};
use super::pool::Lease;
use super::submission::Submission;
use crate::classifier::certainty::Certainty;
use crate::classifier::fixed_point::{ABSENT, FixedMeans, OUT_FOR_OWN, SURCHARGE_BITS, surcharges};
use crate::classifier::model::LevelQuestion;
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

/// A question as the shader needs it: which of the models it is about, that model's means,
/// and the question.
pub(super) type Asked<'a> = (usize, &'a FixedMeans, &'a LevelQuestion<'a>);

/// Questions on the device, and a buffer for the decisions of a batch.
pub(super) struct Stage<'a> {
    device: &'a Device,
    kernel: &'a Kernel,
    questions: usize,
    classes: usize,
    tables: wgpu::Buffer,
    decisions: Lease<'a>,
}

impl<'a> Stage<'a> {
    /// For batches of at most `batch` images.
    pub(super) fn new(
        device: &'a Device,
        kernel: &'a Kernel,
        asked: &[Asked<'_>],
        batch: usize,
    ) -> Self {
        let tables: Vec<_> = asked.par_iter().map(|&asked| table(asked)).collect();
        Self {
            device,
            kernel,
            questions: asked.len(),
            classes: asked[0].1.classes(),
            tables: device.filled("questions", &tables.concat(), Usage::STORAGE),
            decisions: device.results((asked.len() * batch * DECISION_BYTES) as u64),
        }
    }

    /// Records the decisions on a batch whose squared distances have been computed;
    /// returns where they will be in the readback buffer, question by question.
    pub(super) fn record(
        &self,
        submission: &mut Submission<'_>,
        chunk: &Chunk<'_>,
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
            &self.tables,
            &self.decisions,
            &parameters,
        ];
        let bindings = self.kernel.bind(self.device, &buffers);
        let workgroups = [self.kernel.workgroups(batch.1), self.questions as u32];
        submission.pass(self.kernel, &bindings, workgroups);
        let bytes = self.questions * batch.1 * DECISION_BYTES;
        submission.read(&self.decisions, bytes as u64)
    }
}

/// The table of a question: its model, the margins that are not certain, and a surcharge
/// for each class.
fn table((model, means, question): Asked<'_>) -> Vec<[u32; 2]> {
    let certainty = Certainty::new(means, question);
    let margins = certainty.most_doubtful();
    let margins = margins.map(|margin| [margin as u32, (margin >> 32) as u32]);
    let surcharges = surcharges(question).into_iter();
    let surcharges = surcharges.map(|surcharge| [surcharge, 0]);
    let model = [model as u32, 0];
    [model]
        .into_iter()
        .chain(margins)
        .chain(surcharges)
        .collect()
}
