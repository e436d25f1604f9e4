//! Colours as grey levels.

use image::{DynamicImage, GrayImage, Rgba};

/// Luminance shows a picture where so many levels are between most of it and the
/// rest. Colours that differ by less have another channel to be told apart in.
const SEEN: u8 = 48;

/// The rest is one pixel in so many at least.
const SHARE: u64 = 1_000;

/// The luminance of a picture, or where that is nearly the same everywhere, the
/// channel that differs most: blue on black and yellow on white are plain to see.
pub(super) fn grey(picture: DynamicImage) -> GrayImage {
    let luma = picture.to_luma8();
    let contrast_of_luma = contrast(&histogram(luma.iter().copied()));
    if contrast_of_luma >= SEEN {
        return luma;
    }
    let colours = picture.into_rgb8();
    let channel = |channel: usize| colours.pixels().map(move |pixel| pixel.0[channel]);
    let by_contrast = |&at: &usize| contrast(&histogram(channel(at)));
    match (0..3).max_by_key(by_contrast) {
        Some(best) if by_contrast(&best) > contrast_of_luma => {
            let levels = channel(best).collect();
            GrayImage::from_raw(luma.width(), luma.height(), levels).unwrap_or(luma)
        }
        _ => luma,
    }
}

fn histogram(levels: impl Iterator<Item = u8>) -> [u64; 256] {
    let mut histogram = [0; 256];
    levels.for_each(|level| histogram[usize::from(level)] += 1);
    histogram
}

/// The largest difference from the median that at least one pixel in [`SHARE`] reaches.
fn contrast(histogram: &[u64; 256]) -> u8 {
    let pixels: u64 = histogram.iter().sum();
    let mut below = 0;
    let median = (0_u8..=255).find(|&level| {
        below += histogram[usize::from(level)];
        2 * below >= pixels
    });
    let median = median.unwrap_or(0);
    let mut beyond = 0;
    let reached = (1..=255_u8).rev().find(|&by| {
        let levels = [median.checked_sub(by), median.checked_add(by)];
        let levels = levels.into_iter().flatten();
        beyond += levels
            .map(|level| histogram[usize::from(level)])
            .sum::<u64>();
        beyond >= (pixels / SHARE).max(4)
    });
    reached.unwrap_or(0)
}

/// Puts a transparent picture on black if its visible part is mostly light, or
/// on white if it is mostly dark. Against a similar background it would be
/// invisible.
pub(super) fn put_on_a_ground(picture: &mut DynamicImage) {
    let (mut seen, mut light) = (0_u64, 0_u64);
    let luma = picture.to_luma8();
    let mut colours = std::mem::take(picture).into_rgba8();
    for (Rgba([.., alpha]), level) in colours.pixels().zip(luma.as_raw()) {
        seen += u64::from(*alpha);
        light += u64::from(*alpha) * u64::from(*level);
    }
    let ground: u32 = if light >= 128 * seen { 0 } else { 255 };
    for Rgba([red, green, blue, alpha]) in colours.pixels_mut() {
        let opaque = u32::from(*alpha);
        for level in [red, green, blue] {
            // Rounded to nearest; cannot exceed 255.
            *level = ((u32::from(*level) * opaque + ground * (255 - opaque) + 127) / 255) as u8;
        }
        *alpha = u8::MAX;
    }
    *picture = colours.into();
}
