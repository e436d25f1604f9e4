//! The first run on a backend: kernels that no one has used yet, buffers and
//! pages that have to be found first.

use std::time::Instant;

use super::{Ran, Stage, Work};
use crate::backends::Backend;
use crate::backends::timings::milliseconds_since;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::error::{Error, Result};
use crate::evaluation::comparison::TRAIN;

/// Milliseconds of each stage in its first run.
#[derive(Clone, Debug)]
pub struct Cold {
    on_device: bool,
    upload: f64,
    class_sums: Ran,
    nearest: Ran,
    with_upload: f64,
}

/// Runs a whole evaluation for the first time.
///
/// # Errors
/// When the device fails.
pub fn cold(backend: &dyn Backend, work: &Work) -> Result<(Cold, Predictions)> {
    let started = Instant::now();
    let train = backend.upload(work.train())?;
    let upload = milliseconds_since(started);
    let test = backend.upload(work.test())?;
    let (sums, class_sums) = Ran::new(&*train, || train.class_sums())?;
    let model = Model::new(TRAIN, sums)?;
    let questions = [Question::plain(&model)];
    let (mut answers, nearest) = Ran::new(&*test, || test.predictions(&questions))?;
    let found = answers
        .pop()
        .ok_or_else(|| Error::Invalid("no answer".into()))?;
    let cold = Cold {
        on_device: backend.description().adapter.is_some(),
        upload,
        class_sums,
        nearest,
        with_upload: milliseconds_since(started),
    };
    Ok((cold, found))
}

impl Cold {
    /// Of a stage; none where the first evaluation does not have it apart.
    pub(super) fn of(&self, stage: Stage) -> Option<f64> {
        let of_kernel = |ran: &Ran| ran.kernel(stage).unwrap_or(ran.wall);
        match stage {
            Stage::Upload => Some(self.upload),
            Stage::ClassSums => Some(of_kernel(&self.class_sums)),
            Stage::Distances if !self.on_device => None,
            Stage::Distances | Stage::Nearest => Some(of_kernel(&self.nearest)),
            Stage::Readback => Some(self.nearest.readback()),
            Stage::Evaluate => Some(self.with_upload),
            Stage::EvaluateResident => Some(self.class_sums.wall + self.nearest.wall),
            Stage::Load | Stage::Device | Stage::Resample | Stage::Curve => None,
        }
    }
}
