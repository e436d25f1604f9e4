//! What every backend does. Which ones there are is [`select`](crate::backends::select)'s business.

use crate::backends::timings::Timings;
use crate::classifier::class_sums::ClassSums;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::{Decision, Distances, Predictions};
use crate::classifier::settle;
use crate::data::Split;
use crate::error::Result;

/// A place to compute: keeps nothing of a dataset itself.
pub trait Backend: Send + Sync {
    /// What this backend runs on.
    fn description(&self) -> Description;

    /// Turns images into the form this backend works on, once for all stages.
    ///
    /// What is resident borrows the backend and the images, for it settles
    /// close decisions from them: it can be kept in a struct with that
    /// lifetime and go to another thread of a [`std::thread::scope`], but not
    /// outlive either.
    ///
    /// # Errors
    /// When the device fails or is too small for a single image.
    fn upload<'a>(&'a self, split: &'a Split) -> Result<Box<dyn Resident + 'a>>;
}

/// The images of one split, resident in a backend.
pub trait Resident: Send {
    /// The images and labels that are resident.
    fn split(&self) -> &Split;

    /// The exact sum of each pixel over the images of each class.
    ///
    /// # Errors
    /// When the device fails.
    fn class_sums(&self) -> Result<ClassSums>;

    /// The squared distance of every image to every class mean, each within
    /// the backend's error bound.
    ///
    /// # Errors
    /// When the model's shape is not that of the images or the device fails.
    fn distances(&self, model: &Model) -> Result<Distances>;

    /// For each question the nearest class of every image, and whether that is
    /// certain, all from one pass over the images. Successive questions to
    /// one model share its distances.
    ///
    /// # Errors
    /// When [`Question::check`] refuses a question or the device fails.
    fn nearest(&self, questions: &[Question<'_>]) -> Result<Vec<Vec<Decision>>>;

    /// For each question the nearest class of every image, with those the
    /// backend is not certain of settled exactly; the same on every backend.
    ///
    /// # Errors
    /// As [`nearest`](Self::nearest).
    fn predictions(&self, questions: &[Question<'_>]) -> Result<Vec<Predictions>> {
        self.timed_predictions(questions, &mut Timings::default())
    }

    /// [`predictions`](Self::predictions), which notes how long their two
    /// stages took: `nearest` and `settle`.
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
        Ok(timings.time("settle", settle))
    }

    /// Time the device itself spent in each kernel since this was last asked,
    /// where it can tell.
    fn take_kernel_timings(&self) -> Timings {
        Timings::default()
    }
}

/// What a backend runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Which backend.
    pub kind: Kind,
    /// The adapter, where there is one.
    pub adapter: Option<Adapter>,
}

impl Description {
    /// Whether this is a "GPU" that runs on the CPU.
    pub fn is_software(&self) -> bool {
        self.adapter
            .as_ref()
            .is_some_and(|adapter| adapter.software)
    }
}

/// The backends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Naive float64.
    Reference,
    /// All cores, vectorised.
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
    /// discrete, integrated, virtual, software or other.
    pub kind: &'static str,
    /// Vulkan, Metal or DirectX 12.
    pub api: &'static str,
    /// The driver and its version.
    pub driver: String,
    /// Whether it is a "GPU" that runs on the CPU.
    pub software: bool,
}
