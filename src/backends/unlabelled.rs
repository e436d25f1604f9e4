//! The nearest classes of samples without labels.

use crate::backends::Backend;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::{Samples, Split};
use crate::error::Result;

/// For each model, the nearest class of each sample by exact arithmetic, from a
/// single pass over the samples.
///
/// # Errors
/// When a model's samples are of another kind, shape or preparation, or the device fails.
pub fn predict(
    backend: &dyn Backend,
    samples: impl Into<Samples>,
    models: &[&Model],
) -> Result<Vec<Predictions>> {
    // Plain questions ignore labels, so every sample gets class 0, which every model
    // has.
    let samples = samples.into();
    let labels = vec![0; samples.len()];
    let split = Split::new(samples, labels, 1)?;
    let questions: Vec<_> = models.iter().copied().map(Question::plain).collect();
    backend.upload(&split)?.predictions(&questions)
}
