//! What is timed, at any size.

use crate::app;
use crate::backends::{Backend, Resident};
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::data::{Images, Samples, Source, Split};
use crate::error::{Error, Result};
use crate::evaluation::comparison::TRAIN;

/// `images` images, from a split that is cut or repeated as often as it takes.
///
/// # Errors
/// When that is more than memory holds.
pub fn tile(split: &Split, images: usize) -> app::Result<Split> {
    let samples: Samples = match split.samples() {
        Samples::Images(of) => {
            let pixels = repeated(of.pixels(), of.dim(), images)?;
            Images::new(of.rows(), of.columns(), pixels)?.into()
        }
        Samples::Features(of) => of
            .with_values(repeated(of.values(), of.dim(), images)?)?
            .into(),
    };
    let labels = split
        .labels()
        .iter()
        .copied()
        .cycle()
        .take(images)
        .collect();
    Ok(Split::new(samples, labels, split.classes())?)
}

/// As many samples of `dim` values, over and over.
fn repeated<T: Copy>(values: &[T], dim: usize, samples: usize) -> app::Result<Vec<T>> {
    let too_many = || too_many(samples);
    let length = samples.checked_mul(dim).ok_or_else(too_many)?;
    let mut repeated = Vec::new();
    (repeated.try_reserve_exact(length)).map_err(|_| too_many())?;
    while repeated.len() < length {
        let rest = (length - repeated.len()).min(values.len());
        repeated.extend_from_slice(&values[..rest]);
    }
    Ok(repeated)
}

fn too_many(images: usize) -> app::Error {
    app::Error::Usage(format!("--images {images}: more than memory holds"))
}

/// What is timed: means of one split, labels of another.
#[derive(Clone, Debug)]
pub struct Work {
    train: Source,
    test: Source,
}

impl Work {
    /// Means of `train`, labels of `test`.
    pub fn new(train: Split, test: Split) -> Self {
        Self {
            train: train.into(),
            test: test.into(),
        }
    }

    /// The images that means are made of.
    pub fn train(&self) -> &Split {
        split(&self.train)
    }

    /// The images that get labels.
    pub fn test(&self) -> &Split {
        split(&self.test)
    }

    /// Both as commands have them.
    pub(super) fn sources(&self) -> [&Source; 2] {
        [&self.train, &self.test]
    }

    /// Both splits repeated or cut to `images` images.
    ///
    /// # Errors
    /// When that is more than memory holds.
    pub fn tiled(&self, images: usize) -> app::Result<Self> {
        let tiled = |split| tile(split, images);
        Ok(Self::new(tiled(self.train())?, tiled(self.test())?))
    }

    /// Means and labels, the images uploaded first.
    pub(super) fn upload_and_evaluate(&self, backend: &dyn Backend) -> Result<Predictions> {
        evaluate(
            &*backend.upload(self.train())?,
            &*backend.upload(self.test())?,
        )
    }
}

fn split(source: &Source) -> &Split {
    source.whole().expect("it was made of a split")
}

/// Means and labels of resident images.
pub(super) fn evaluate(train: &dyn Resident, test: &dyn Resident) -> Result<Predictions> {
    let model = Model::new(TRAIN, train.class_sums()?)?;
    let mut answers = test.predictions(&[Question::plain(&model)])?;
    answers
        .pop()
        .ok_or_else(|| Error::Invalid("no answer".into()))
}
