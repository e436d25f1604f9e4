//! The interface of every backend. [`select`](crate::backends::select) lists the
//! backends.

use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decisions, Distances, Predictions};
use crate::classifier::running_sums::RunningSums;
use crate::classifier::{settle, within};
use crate::data::Split;
use crate::error::Result;

/// A place to compute. It keeps no data of its own; see [`Resident`].
pub trait Backend: Send + Sync {
    /// What this backend runs on.
    fn description(&self) -> Description;

    /// Converts samples to the form this backend works on, once for all stages.
    ///
    /// The result borrows the backend and the samples, because uncertain decisions
    /// are settled from them. It can be kept in a struct with that lifetime and
    /// moved to another thread of a [`std::thread::scope`], but it cannot outlive
    /// either.
    ///
    /// # Errors
    /// When the device fails or is too small for a single sample.
    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>>;
}

/// The samples of one split, held by a backend.
pub trait Resident: Send {
    /// The samples and labels that are held.
    fn split(&self) -> &Split;

    /// The exact sum of each value over the samples of each class.
    ///
    /// # Errors
    /// When the device fails.
    fn class_sums(&self) -> Result<ClassSums>;

    /// Adds the class sums to those of earlier batches.
    ///
    /// # Errors
    /// When the device fails, or the samples do not go with earlier ones.
    fn add_class_sums(&self, sums: &mut RunningSums) -> Result<()> {
        sums.merge(self.class_sums()?)
    }

    /// The class sums of each draw: a list of samples, each of which counts as often as
    /// it is listed. The same on every backend.
    ///
    /// # Errors
    /// When a draw lists a sample that is not there, or the device fails.
    fn drawn_sums(&self, draws: &[&[u32]]) -> Result<Vec<ClassSums>>;

    /// The squared distance of every sample to every class mean, within the
    /// backend's error bound; 1 − cosine where the model's recipe compares that.
    ///
    /// # Errors
    /// When the model's shape differs from that of the samples, or the device fails.
    fn distances(&self, model: &Model) -> Result<Distances>;

    /// For each question, the nearest class of every sample and whether it is
    /// certain, from a single pass over the samples. Consecutive questions about the
    /// same model share its distances.
    ///
    /// # Errors
    /// When [`Question::check`] refuses a question or the device fails.
    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Decisions>>;

    /// For each question, the nearest class of every sample, with uncertain decisions
    /// settled exactly, and whether its own is among the nearest few, where that is asked.
    /// The result is the same on every backend.
    ///
    /// # Errors
    /// As [`nearest`](Self::nearest).
    fn predictions(&self, questions: &[Question<'_>]) -> Result<Vec<Predictions>> {
        self.timed_predictions(questions, &mut Timings::default())
    }

    /// Like [`predictions`](Self::predictions), but also records the times of its
    /// stages: `nearest`, `settle` and `top5`, where that is not found along with the nearest.
    ///
    /// # Errors
    /// As [`nearest`](Self::nearest).
    fn timed_predictions(
        &self,
        questions: &[Question<'_>],
        timings: &mut Timings,
    ) -> Result<Vec<Predictions>> {
        let decisions = timings.time("nearest", || self.nearest(questions))?;
        let settle = || settle::settle_all(self.split(), questions, &decisions);
        let predictions = timings.time("settle", settle)?;
        let asked = questions.iter().zip(decisions).zip(predictions);
        let add = |((question, decisions), predictions): ((&Question<'_>, Decisions), _)| {
            let within = match (question.places(), decisions.within()) {
                (None, _) => return Ok(predictions),
                (_, Some(within)) => within.to_vec(),
                (Some(places), None) => timings.time("top5", || {
                    within::of_predictions(self.split(), question, places, &predictions)
                })?,
            };
            Ok(predictions.with_within(within))
        };
        asked.map(add).collect()
    }

    /// The time that the device spent in each kernel since the last call, if the
    /// device can measure it.
    fn take_kernel_timings(&self) -> Timings {
        Timings::default()
    }
}

/// What a backend runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its kind.
    pub kind: Kind,
    /// The adapter, if there is one.
    pub adapter: Option<Adapter>,
}

impl Description {
    /// Whether this is a software adapter: a "GPU" that runs on the CPU.
    pub fn is_software(&self) -> bool {
        self.adapter
            .as_ref()
            .is_some_and(|adapter| adapter.software)
    }
}

/// The kinds of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Straightforward float64 code.
    Reference,
    /// All cores, with SIMD.
    Cpu,
    /// Compute shaders.
    Gpu,
}

impl Kind {
    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }
}

/// A graphics adapter as its driver describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The device's name.
    pub name: String,
    /// One of discrete, integrated, virtual, software and other.
    pub kind: &'static str,
    /// The API: Vulkan, Metal or DirectX 12.
    pub api: &'static str,
    /// The driver's name and version.
    pub driver: String,
    /// Whether it is a software adapter: a "GPU" that runs on the CPU.
    pub software: bool,
}
