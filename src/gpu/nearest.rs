//! Owner of `shaders/nearest.wgsl`.

use bytemuck::{Pod, Zeroable};
use wgpu::BufferUsages as Usage;

use super::chunk::Chunk;
use super::device::Device;
use super::distances::Stage as DistancesStage;
use super::kernel::{Binding, Kernel, Shader};
use super::submission::Submission;
use crate::fixed_point::{ABSENT, FixedMeans, OUT_FOR_OWN, SURCHARGE_BITS, surcharges};
use crate::model::Question;
use crate::predictions::Decision;

/// The shader.
pub const SHADER: Shader = Shader {
    name: "nearest",
    source: include_str!("../../shaders/nearest.wgsl"),
    bindings: &[
        Binding::Read,
        Binding::Read,
        Binding::Read,
        Binding::ReadWrite,
        Binding::Uniform,
    ],
    workgroup_size: 64,
    constants: &[
        ("SURCHARGE_BITS", SURCHARGE_BITS as f64),
        ("ABSENT", ABSENT as f64),
        ("OUT_FOR_OWN", OUT_FOR_OWN as f64),
    ],
};

/// Bytes of an answer.
pub(super) const ANSWER_BYTES: usize = size_of::<Answer>();

/// What the shader says of one image.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Answer {
    class: u32,
    least: [u32; 2],
    second: [u32; 2],
}

/// One question on the device, with room for the answers of a batch.
pub(super) struct Stage<'a> {
    device: &'a Device,
    kernel: &'a Kernel,
    classes: usize,
    surcharges: wgpu::Buffer,
    answers: wgpu::Buffer,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        device: &'a Device,
        kernel: &'a Kernel,
        question: &Question<'_>,
        batch: usize,
    ) -> Self {
        let surcharges = surcharges(question);
        let bytes = (batch * ANSWER_BYTES) as u64;
        Self {
            device,
            kernel,
            classes: surcharges.len(),
            surcharges: device.filled("surcharges", &surcharges, Usage::STORAGE),
            answers: device.buffer("answers", bytes, Usage::STORAGE | Usage::COPY_SRC),
        }
    }

    /// Records the answers for a batch whose squared distances are there.
    pub(super) fn record(
        &self,
        submission: &mut Submission<'_>,
        chunk: &Chunk,
        batch: (usize, usize),
        distances: &DistancesStage<'_>,
    ) {
        let parameters = [batch.0 as u32, batch.1 as u32, self.classes as u32, 0];
        let parameters = self
            .device
            .filled("parameters", &parameters, Usage::UNIFORM);
        let buffers = [
            &distances.squared,
            &chunk.labels,
            &self.surcharges,
            &self.answers,
            &parameters,
        ];
        let bindings = self.kernel.bind(self.device, &buffers);
        submission.pass(self.kernel, &bindings, [self.kernel.workgroups(batch.1), 1]);
        submission.read(&self.answers, (batch.1 * ANSWER_BYTES) as u64);
    }
}

/// The answers as the shader wrote them, as decisions on a question.
pub(super) fn decisions<'a>(
    bytes: &'a [u8],
    means: &'a FixedMeans,
    question: &'a Question<'_>,
) -> impl Iterator<Item = Decision> + 'a {
    let answers: &[Answer] = bytemuck::cast_slice(bytes);
    let wide = |[low, high]: [u32; 2]| u64::from(high) << 32 | u64::from(low);
    answers.iter().map(move |answer| {
        means.decision(
            question,
            answer.class as u16,
            wide(answer.least),
            wide(answer.second),
        )
    })
}
