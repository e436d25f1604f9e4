//! What to say of images that do not use the levels that bytes have, and of
//! labels that do not start at 0.

use super::{Dataset, Source};

/// From this level on, images are taken to use the whole range.
const BRIGHT: u8 = 128;

/// Notes on a dataset.
pub(super) fn notes(dataset: &Dataset) -> Vec<String> {
    [of_levels(dataset), of_labels(dataset)]
        .into_iter()
        .flatten()
        .collect()
}

/// Classes are counted from 0, also where labels are counted from 1.
fn of_labels(dataset: &Dataset) -> Option<String> {
    let least = |source: &Source| source.whole()?.labels().iter().min().copied();
    match least(dataset.train())?.min(least(dataset.test())?) {
        0 => None,
        1 => Some("the labels start at 1, so that class 0 has no sample".into()),
        least => Some(format!(
            "the labels start at {least}, so that classes 0 to {} have no sample",
            least - 1
        )),
    }
}

/// A note on a dataset whose images use few levels.
fn of_levels(dataset: &Dataset) -> Option<String> {
    let of = |source: &Source| {
        let images = source.whole()?.images()?.images();
        Some(greatest_if_dark(images.pixels()))
    };
    let scales = "they may not be on one scale";
    match [of(dataset.train())?, of(dataset.test())?] {
        [None, None] => None,
        [None, Some(test)] => Some(format!(
            "the test images' values end at {test}, the training images' go further: {scales}"
        )),
        [Some(train), None] => Some(format!(
            "the training images' values end at {train}, the test images' go further: {scales}"
        )),
        [Some(train), Some(test)] => Some(format!(
            "the greatest value of the images is {}, not 255",
            train.max(test)
        )),
    }
}

/// The greatest value; `None` where it is in the upper half. The search for such
/// a value ends early in most images.
fn greatest_if_dark(pixels: &[u8]) -> Option<u8> {
    let is_bright = pixels.iter().any(|&pixel| pixel >= BRIGHT);
    (!is_bright).then(|| pixels.iter().max().copied().unwrap_or(0))
}
