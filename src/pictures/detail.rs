//! Single images, looked at closely: their pixels and how far they are from
//! the classes that matter.

use std::collections::BTreeMap;

use crate::classifier::exact::Measured;
use crate::classifier::model::{LevelQuestion, Question};
use crate::data::{LabelledImages, Source};
use crate::error::Result;
use crate::pictures::thumbnail::{LONGEST_SIDE, Thumbnail};

/// One image with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageDetail {
    /// Its number in its split.
    pub index: usize,
    /// Its class.
    pub label: u16,
    /// The class it was given.
    pub predicted: u16,
    /// The distance to the mean of that class.
    pub distance: f64,
    /// The class it was not given: its own where the answer is wrong, else the
    /// second nearest, where there is one.
    pub other: Option<Other>,
    /// Second least squared distance minus least.
    pub margin: f64,
    /// What it looks like.
    pub picture: Thumbnail,
}

/// A class that an image was not given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Other {
    /// The class.
    pub class: u16,
    /// The distance to its mean; `None` where no image was trained on.
    pub distance: Option<f64>,
}

impl ImageDetail {
    fn new(
        first: usize,
        place: usize,
        batch: LabelledImages<'_>,
        question: &LevelQuestion<'_>,
    ) -> Self {
        let (pixels, label) = (batch.images().image(place), batch.labels()[place]);
        let Measured { nearest, squared } = Measured::new(pixels, label, question);
        let other = if nearest.class == label {
            let others = (0..=u16::MAX).zip(&squared);
            let others = others.filter(|&(class, _)| class != label);
            let known = others.filter_map(|(class, squared)| Some(((*squared)?, class)));
            known.min().map(|(_, class)| class)
        } else {
            Some(label)
        };
        let distance = |class: u16| Some(squared[usize::from(class)]?.distance());
        Self {
            index: first + place,
            label,
            predicted: nearest.class,
            distance: nearest.distance(),
            other: other.map(|class| Other {
                class,
                distance: distance(class),
            }),
            margin: nearest.margin(),
            picture: Thumbnail::of(batch.images().columns(), pixels, LONGEST_SIDE),
        }
    }
}

/// The images of these numbers, in one pass that ends with the last of them; none where
/// samples are not images.
///
/// # Errors
/// When a file turns out bad.
pub fn details(
    source: &Source,
    question: &Question<'_>,
    indices: impl IntoIterator<Item = usize>,
) -> Result<BTreeMap<usize, ImageDetail>> {
    let mut wanted: Vec<usize> = indices.into_iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut wanted = wanted.into_iter().peekable();
    let mut found = BTreeMap::new();
    if source.shape().image_size().is_none() {
        return Ok(found);
    }
    let question = question.of_levels()?;
    let (mut first, mut batches) = (0, source.batches());
    while wanted.peek().is_some() {
        let Some(batch) = batches.next() else { break };
        let batch = batch?;
        let images = batch.images();
        while let Some(index) = wanted.next_if(|&index| index < first + batch.len()) {
            let new = |images| ImageDetail::new(first, index - first, images, &question);
            found.extend(images.map(|images| (index, new(images))));
        }
        first += batch.len();
        batches.give_back(batch);
    }
    Ok(found)
}
