//! Which samples some are: a hash of all of them, so that none is counted twice.

mod arrays;
mod known;
mod rows;

use std::collections::BTreeSet;

use twox_hash::XxHash3_128;

use super::{Samples, Shape, Source, Split};
use crate::error::Result;

pub(crate) use arrays::{read, write};
pub use known::Known;
pub use rows::{Origin, Rows};

/// Some samples of a dataset, as they were read: before a recipe prepares them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// The hash of the samples, in their order; see [`digest`].
    pub digest: u128,
    /// How many there are.
    pub samples: u64,
    /// Classes of the dataset that they are from.
    pub classes: u64,
    /// What that is called.
    pub dataset: String,
    /// Which of its sets they are: `train` or `test`.
    pub set: String,
    /// Which rows of a larger source they are, if they were taken from one.
    pub rows: Option<Rows>,
}

impl Shard {
    /// Whether these are the samples of another: equal ones that are not known to be other
    /// rows of one source.
    pub fn is_same(&self, other: &Self) -> bool {
        let are_other_rows = match (&self.rows, &other.rows) {
            (Some(own), Some(others)) => {
                own.origin == others.origin && self.set == other.set && own != others
            }
            _ => false,
        };
        self.digest == other.digest && !are_other_rows
    }

    /// What the datasets of shards are called, if they are called the same.
    pub(crate) fn dataset_of(shards: &[Self]) -> String {
        let names: BTreeSet<&str> = shards.iter().map(|shard| &*shard.dataset).collect();
        match names.first() {
            Some(name) if names.len() == 1 => (*name).to_owned(),
            Some(_) => format!("{} datasets", names.len()),
            None => "no dataset".to_owned(),
        }
    }
}

/// The XXH3-128 of samples, batch after batch: of the text `VALUES SIZE… SAMPLES` (such as
/// `u8 28 28 60000`, or `f32 768 100000`), and of two more of 16 bytes each, the highest byte
/// first: the hash of all labels and that of all values.
///
/// A label is its class as 16 bits, or where classes have names its name, with its length in
/// 64 bits before it; levels are bytes, other values `f32`. The lowest byte of each is first.
pub struct Digest<'a> {
    class_names: &'a [String],
    of_labels: XxHash3_128,
    of_values: XxHash3_128,
}

impl<'a> Digest<'a> {
    /// Of no samples yet, whose classes have these names, if any.
    pub fn new(class_names: &'a [String]) -> Self {
        Self {
            class_names,
            of_labels: XxHash3_128::with_seed(0),
            of_values: XxHash3_128::with_seed(0),
        }
    }

    /// Adds the next samples.
    pub fn add(&mut self, batch: &Split) {
        for &label in batch.labels() {
            match self.class_names.get(usize::from(label)) {
                None => self.of_labels.write(&label.to_le_bytes()),
                Some(name) => {
                    self.of_labels.write(&(name.len() as u64).to_le_bytes());
                    self.of_labels.write(name.as_bytes());
                }
            }
        }
        match batch.samples() {
            Samples::Images(images) => self.of_values.write(images.pixels()),
            Samples::Features(features) => write_floats(&mut self.of_values, features.values()),
        }
    }

    /// The digest of so many samples of this shape, whose values have this type.
    pub fn finish(self, values: &str, shape: Shape, samples: usize) -> u128 {
        let size = match shape {
            Shape::Image { rows, columns } => format!("{rows} {columns}"),
            Shape::Vector { dim } => dim.to_string(),
        };
        let mut all = XxHash3_128::with_seed(0);
        all.write(format!("{values} {size} {samples}").as_bytes());
        all.write(&self.of_labels.finish_128().to_be_bytes());
        all.write(&self.of_values.finish_128().to_be_bytes());
        all.finish_128()
    }
}

/// The [digest](Digest) of all samples of a source, of which `look` sees each batch as well.
///
/// # Errors
/// When the samples cannot be read.
pub fn digest(
    source: &Source,
    values: &str,
    class_names: &[String],
    mut look: impl FnMut(&Split) + Send,
) -> Result<u128> {
    let mut digest = Digest::new(class_names);
    let mut batches = source.batches();
    while let Some(batch) = batches.next() {
        let batch = batch?;
        rayon::join(|| digest.add(&batch), || look(&batch));
        batches.give_back(batch);
    }
    Ok(digest.finish(values, source.shape(), source.len()))
}

fn write_floats(hash: &mut XxHash3_128, values: &[f32]) {
    if cfg!(target_endian = "little") {
        hash.write(bytemuck::cast_slice(values));
    } else {
        values
            .iter()
            .for_each(|value| hash.write(&value.to_le_bytes()));
    }
}
