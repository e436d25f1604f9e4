//! Statistics of a split, and access to single samples.

use super::{Features, Images, Samples, Source};
use crate::error::{Error, Result};

/// Statistics over all samples of a split.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Number of samples in each class.
    pub label_counts: Vec<u64>,
    /// The smallest value.
    pub least: f32,
    /// The largest value.
    pub greatest: f32,
}

/// One sample and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The sample, as a set of one.
    pub sample: Samples,
    /// Its label.
    pub label: u16,
}

impl Labelled {
    /// The image, as a set of one, where the sample is one.
    pub fn image(&self) -> Option<&Images> {
        match &self.sample {
            Samples::Images(images) => Some(images),
            Samples::Features(_) => None,
        }
    }
}

impl Source {
    /// Reads every sample once.
    ///
    /// # Errors
    /// When a file turns out to be damaged.
    pub fn survey(&self) -> Result<Survey> {
        let mut survey = Survey {
            label_counts: vec![0; self.classes()],
            least: f32::INFINITY,
            greatest: f32::NEG_INFINITY,
        };
        let mut batches = self.batches();
        while let Some(batch) = batches.next() {
            let batch = batch?;
            for &label in batch.labels() {
                survey.label_counts[usize::from(label)] += 1;
            }
            let (least, greatest) = range(batch.samples());
            survey.least = survey.least.min(least);
            survey.greatest = survey.greatest.max(greatest);
            batches.give_back(batch);
        }
        Ok(survey)
    }

    /// The sample at `index`, counted from 0.
    ///
    /// # Errors
    /// When there is no such sample, or a file turns out to be damaged.
    pub fn at(&self, index: usize) -> Result<Labelled> {
        Ok(self.several(index, 1)?.remove(0))
    }

    /// Up to `count` samples starting at `index`; fewer if the split ends.
    ///
    /// # Errors
    /// When there is no sample at `index`, or a file turns out to be damaged.
    pub fn several(&self, index: usize, count: usize) -> Result<Vec<Labelled>> {
        let mut found = Vec::new();
        let mut first = 0;
        for batch in self.batches() {
            let batch = batch?;
            let begin = index.max(first) - first;
            let end = index.saturating_add(count).saturating_sub(first);
            for place in begin..end.min(batch.len()) {
                found.push(Labelled {
                    sample: alone(batch.samples(), place)?,
                    label: batch.labels()[place],
                });
            }
            first += batch.len();
            if found.len() == count {
                break;
            }
        }
        let what = match self.shape().image_size() {
            Some(_) => "image",
            None => "sample",
        };
        match found.is_empty() {
            false => Ok(found),
            true => Err(Error::NotThere(format!(
                "{what} {index}: the {} {what}s are numbered from 0",
                self.len()
            ))),
        }
    }
}

/// The sample at `place`, as a set of one.
fn alone(samples: &Samples, place: usize) -> Result<Samples> {
    Ok(match samples {
        Samples::Images(images) => {
            let (rows, columns) = (images.rows(), images.columns());
            Images::new(rows, columns, images.image(place).to_vec())?.into()
        }
        Samples::Features(features) => {
            let alone = Features::new(features.dim(), features.row(place).to_vec())?;
            alone.prepared_by(features.preparation().clone()).into()
        }
    })
}

/// The smallest and the largest of the values.
fn range(samples: &Samples) -> (f32, f32) {
    fn of<T: Copy + PartialOrd>(values: &[T], ends: (T, T)) -> (T, T) {
        values.iter().fold(ends, |(least, greatest), &value| {
            let least = if value < least { value } else { least };
            (least, if value > greatest { value } else { greatest })
        })
    }
    match samples {
        Samples::Images(images) => {
            let (least, greatest) = of(images.pixels(), (u8::MAX, u8::MIN));
            (least.into(), greatest.into())
        }
        Samples::Features(features) => of(features.values(), (f32::INFINITY, f32::NEG_INFINITY)),
    }
}
