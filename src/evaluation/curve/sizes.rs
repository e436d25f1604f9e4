//! The sizes of a curve.

use super::Setting;
use crate::error::{Error, Result};
use crate::evaluation::draws::Labels;

/// The sizes 1, 2, 5, 10, 20 … that a curve has where none are given: from the number of
/// classes on, with all images at its end; with `per_class` from one image of each class
/// up to the smallest class.
pub fn usual_sizes(labels: &Labels, per_class: bool) -> Vec<usize> {
    let decades = (0..).map_while(|power| 10_usize.checked_pow(power));
    let round = decades.flat_map(|decade| [1, 2, 5].map(|digit| decade.saturating_mul(digit)));
    if per_class {
        let most = labels.smallest_class();
        return round.take_while(|&size| size <= most).collect();
    }
    let (least, all) = (labels.counts().len(), labels.images());
    let round = round.skip_while(|&size| size < least);
    round.take_while(|&size| size < all).chain([all]).collect()
}

/// Checks that such a curve can be drawn.
pub(super) fn check(setting: &Setting, labels: &Labels) -> Result<()> {
    let refuse = |why: String| Err(Error::Invalid(why));
    let most = match setting.per_class {
        true => labels.largest_class(),
        false => labels.images(),
    };
    match (setting.sizes.first(), setting.sizes.last()) {
        (None, _) | (_, None) => refuse("a curve without sizes".into()),
        (Some(0), _) => refuse("a curve cannot have a size of 0 images".into()),
        (_, Some(&size)) if size > most => refuse(match setting.per_class {
            true => format!("{size} images of each class, but the largest class has {most}"),
            false => format!("{size} images, but there are {most} training images"),
        }),
        _ if setting.repetitions == 0 => refuse("a curve without repetitions".into()),
        _ if !setting.sizes.is_sorted_by(|a, b| a < b) => {
            refuse("sizes of a curve that do not ascend".into())
        }
        _ => Ok(()),
    }
}

/// The sizes that are evaluated: those asked for, and those of the last doubling.
pub(super) struct Sizes {
    /// In ascending order.
    pub(super) all: Vec<usize>,
    /// From this size on a subset is the whole training set.
    pub(super) whole: usize,
    /// Half of the images and all of them.
    pub(super) doubling: Option<[usize; 2]>,
}

impl Sizes {
    pub(super) fn new(setting: &Setting, labels: &Labels) -> Self {
        let (to, whole) = match setting.per_class {
            true => (labels.smallest_class(), labels.largest_class()),
            false => (labels.images(), labels.images()),
        };
        let doubling = (to > 1).then_some([to / 2, to]);
        let mut all = setting.sizes.clone();
        all.extend(doubling.into_iter().flatten());
        all.sort_unstable();
        all.dedup();
        Self {
            all,
            whole,
            doubling,
        }
    }

    /// Those whose subsets differ from one repetition to the next.
    pub(super) fn random(&self) -> impl Iterator<Item = usize> {
        let sizes = self.all.iter().copied();
        sizes.take_while(|&size| size < self.whole)
    }
}
