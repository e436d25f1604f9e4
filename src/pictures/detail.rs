//! Single samples, looked at closely: what images look like, and how far samples are from
//! the classes that matter.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::classifier::exact::Measured;
use crate::classifier::model::Question;
use crate::classifier::reported::Reported;
use crate::data::{Samples, Source, Split};
use crate::error::{Error, Result};
use crate::pictures::thumbnail::{LONGEST_SIDE, Thumbnail};

/// One sample with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleDetail {
    /// Its number in its split.
    pub index: usize,
    /// Its class.
    pub label: u16,
    /// The class it was given.
    pub predicted: u16,
    /// As in [`Reported`].
    pub distance: f64,
    /// The class it was not given: its own where the answer is wrong, else the
    /// second nearest, where there is one.
    pub other: Option<Other>,
    /// As in [`Reported`].
    pub margin: f64,
    /// What it looks like, where it is an image.
    pub picture: Option<Thumbnail>,
}

/// A class that a sample was not given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Other {
    /// The class.
    pub class: u16,
    /// The distance to its mean; `None` where no image was trained on.
    pub distance: Option<f64>,
}

impl SampleDetail {
    fn new(index: usize, sample: &Sample<'_>, label: u16, question: &Question<'_>) -> Result<Self> {
        let (nearest, other, distances, picture) = match sample {
            Sample::Image(image, columns) => {
                let measured = Measured::new(image, label, &question.of_levels()?);
                let distances = measured.distances();
                let picture = Thumbnail::of(*columns, image, LONGEST_SIDE);
                let exact = measured.squared.iter();
                let other = nearest_but(label, exact.map(Option::as_ref));
                (measured.nearest.into(), other, distances, Some(picture))
            }
            Sample::Row(row) => {
                let question = question.of_floats()?;
                let nearest = question.measured(row, label);
                let nearest = nearest.ok_or_else(|| Error::Invalid("no class is left".into()))?;
                let distances = question.distances(row, label);
                // Of distances that float64 cannot tell apart, the lower class.
                let ordered = distances.iter().map(|distance| distance.map(Ordered));
                let other = nearest_but(label, ordered);
                (
                    Reported::of_floats(&question, nearest),
                    other,
                    distances,
                    None,
                )
            }
        };
        let other = match nearest.class == label {
            true => other,
            false => Some(label),
        };
        Ok(Self {
            index,
            label,
            predicted: nearest.class,
            distance: nearest.distance,
            other: other.map(|class| Other {
                class,
                distance: distances[usize::from(class)],
            }),
            margin: nearest.margin,
            picture,
        })
    }
}

/// A sample of a batch.
enum Sample<'a> {
    /// The pixels of an image, and its columns.
    Image(&'a [u8], usize),
    Row(&'a [f32]),
}

impl<'a> Sample<'a> {
    fn at(batch: &'a Split, place: usize) -> Self {
        match batch.samples() {
            Samples::Images(images) => Self::Image(images.image(place), images.columns()),
            Samples::Features(features) => Self::Row(features.row(place)),
        }
    }
}

/// A distance, which is never NaN.
#[derive(Clone, Copy, PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The class of least distance but `label`, where there is one.
fn nearest_but<T: Ord>(label: u16, distances: impl Iterator<Item = Option<T>>) -> Option<u16> {
    let others = (0..=u16::MAX).zip(distances);
    let others = others.filter(|&(class, _)| class != label);
    let known = others.filter_map(|(class, distance)| Some((distance?, class)));
    known.min().map(|(_, class)| class)
}

/// The samples of these numbers, in one pass that ends with the last of them.
///
/// # Errors
/// When a file turns out bad.
pub fn details(
    source: &Source,
    question: &Question<'_>,
    indices: impl IntoIterator<Item = usize>,
) -> Result<BTreeMap<usize, SampleDetail>> {
    let mut wanted: Vec<usize> = indices.into_iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut wanted = wanted.into_iter().peekable();
    let mut found = BTreeMap::new();
    let (mut first, mut batches) = (0, source.batches());
    while wanted.peek().is_some() {
        let Some(batch) = batches.next() else { break };
        let batch = batch?;
        while let Some(index) = wanted.next_if(|&index| index < first + batch.len()) {
            let place = index - first;
            let (sample, label) = (Sample::at(&batch, place), batch.labels()[place]);
            found.insert(index, SampleDetail::new(index, &sample, label, question)?);
        }
        first += batch.len();
        batches.give_back(batch);
    }
    Ok(found)
}
