//! Statistics of a split, and access to single images.

use super::{Images, Source};
use crate::error::{Error, Result};

/// Statistics over all images of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Number of images in each class.
    pub label_counts: Vec<u64>,
    /// The smallest pixel value.
    pub least: u8,
    /// The largest pixel value.
    pub greatest: u8,
}

/// One image and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The image, as a set of one.
    pub image: Images,
    /// Its label.
    pub label: u16,
}

impl Source {
    /// Reads every image once.
    ///
    /// # Errors
    /// When a file turns out to be damaged.
    pub fn survey(&self) -> Result<Survey> {
        let mut survey = Survey {
            label_counts: vec![0; self.classes()],
            least: u8::MAX,
            greatest: u8::MIN,
        };
        let mut batches = self.batches();
        while let Some(batch) = batches.next() {
            let batch = batch?;
            for &label in batch.labels() {
                survey.label_counts[usize::from(label)] += 1;
            }
            let (least, greatest) = range(batch.images().pixels());
            survey.least = survey.least.min(least);
            survey.greatest = survey.greatest.max(greatest);
            batches.give_back(batch);
        }
        Ok(survey)
    }

    /// The image at `index`, counted from 0.
    ///
    /// # Errors
    /// When there is no such image, or a file turns out to be damaged.
    pub fn at(&self, index: usize) -> Result<Labelled> {
        Ok(self.several(index, 1)?.remove(0))
    }

    /// Up to `count` images starting at `index`; fewer if the split ends.
    ///
    /// # Errors
    /// When there is no image at `index`, or a file turns out to be damaged.
    pub fn several(&self, index: usize, count: usize) -> Result<Vec<Labelled>> {
        let mut found = Vec::new();
        let mut first = 0;
        for batch in self.batches() {
            let batch = batch?;
            let begin = index.max(first) - first;
            let end = index.saturating_add(count).saturating_sub(first);
            for place in begin..end.min(batch.len()) {
                let pixels = batch.images().image(place).to_vec();
                found.push(Labelled {
                    image: Images::new(self.rows(), self.columns(), pixels)?,
                    label: batch.labels()[place],
                });
            }
            first += batch.len();
            if found.len() == count {
                break;
            }
        }
        match found.is_empty() {
            false => Ok(found),
            true => Err(Error::NotThere(format!(
                "image {index}: the {} images are numbered from 0",
                self.len()
            ))),
        }
    }
}

/// The smallest and the largest of the values.
fn range(pixels: &[u8]) -> (u8, u8) {
    pixels
        .iter()
        .fold((u8::MAX, u8::MIN), |(least, greatest), &pixel| {
            (least.min(pixel), greatest.max(pixel))
        })
}
