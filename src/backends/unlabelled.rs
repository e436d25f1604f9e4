//! The nearest classes of images without labels.

use crate::backends::Backend;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::{Images, Split};
use crate::error::Result;

/// For each model, the nearest class of each image by exact arithmetic, from a
/// single pass over the images.
///
/// # Errors
/// When the shape of a model's images differs from these, or the device fails.
pub fn predict(
    backend: &dyn Backend,
    images: Images,
    models: &[&Model],
) -> Result<Vec<Predictions>> {
    // Plain questions ignore labels, so every image gets class 0, which every model
    // has.
    let labels = vec![0; images.len()];
    let split = Split::new(images, labels, 1)?;
    let questions: Vec<_> = models.iter().copied().map(Question::plain).collect();
    backend.upload(&split)?.predictions(&questions)
}
