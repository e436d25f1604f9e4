//! The shape of images in an array.

use std::path::Path;

use super::{SAVEZ, Wanted};
use crate::data::MOST_PIXELS;
use crate::data::npz::Header;
use crate::error::{Error, Result};

/// The only width at which a row of values is taken for a picture.
pub(in crate::data) const FLAT: u64 = SIDE * SIDE;

/// Rows and columns of a picture of that width.
pub(in crate::data) const SIDE: u64 = 28;

/// How an array holds its images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub rows: usize,
    pub columns: usize,
    pub channels: Channels,
}

/// Colours of an image, which are read where they are all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channels {
    One,
    /// Three values for each pixel.
    Last,
    /// Three images for each image.
    First,
}

/// The shapes of the images in all arrays.
pub(super) fn of_all(images: &Wanted, path: &Path, notes: &mut Vec<String>) -> Result<Vec<Shape>> {
    let mut shapes = Vec::new();
    for (name, header) in images.iter() {
        let refuse = |expected: &str, advice: String| {
            let found = format!("{header} in {name}");
            Error::bad_file(path, found, expected, advice)
        };
        let (count, rows, columns, channels) = match header.shape[..] {
            [count, rows, columns] | [count, rows, columns, 1] | [count, 1, rows, columns] => {
                (count, rows, columns, Channels::One)
            }
            [count, FLAT] => (count, SIDE, SIDE, Channels::One),
            [count, rows, columns, 3] => (count, rows, columns, Channels::Last),
            [count, 3, rows, columns] => (count, rows, columns, Channels::First),
            _ => {
                let expected = "images × rows × columns, or images × 784";
                return Err(refuse(expected, advice(images, header)));
            }
        };
        let pixels = rows.checked_mul(columns);
        let is_fine = |&pixels: &u64| (1..=MOST_PIXELS as u64).contains(&pixels);
        if count == 0 || pixels.filter(is_fine).is_none() {
            let expected = format!("at least one image of 1 to {MOST_PIXELS} pixels");
            return Err(refuse(&expected, "save images of that size".into()));
        }
        if header.shape.len() == 2 {
            notes.push(format!(
                "rows of {FLAT} values in {name} were read as {SIDE} × {SIDE} pixels"
            ));
        }
        shapes.push(Shape {
            // Neither exceeds the pixels of an image, so both fit in `usize`.
            rows: rows as usize,
            columns: columns as usize,
            channels,
        });
    }
    Ok(shapes)
}

/// What makes images of the arrays. Distances do not depend on how the values of
/// a sample are laid out, so that this loses nothing.
fn advice(images: &Wanted, header: &Header) -> String {
    match header.shape[..] {
        [] if header.is_object() => {
            format!("save its arrays by name: {SAVEZ}")
        }
        [_] if header.is_object() => {
            "bring the images to one size and save numpy.stack(images)".into()
        }
        [] => "save one image for each label".into(),
        [_, ref rest @ ..] => {
            let width = rest.iter().copied().fold(1, u64::saturating_mul);
            let side = width.isqrt();
            let [rows, columns] = match rest {
                [_, _, ..] => [rest[0], width / rest[0].max(1)],
                _ if side * side == width => [side, side],
                _ => [1, width],
            };
            images.save(|x| reshaped(x, rows, columns))
        }
    }
}

/// A command that lays out the values of each sample anew.
pub(super) fn reshaped(array: &str, rows: u64, columns: u64) -> String {
    format!("{array}.reshape(len({array}), {rows}, {columns})")
}

impl Shape {
    /// The levels of grey of an image in colours, where it has no others.
    pub(super) fn grey(&self, levels: Vec<u8>) -> Option<Vec<u8>> {
        let pixels = self.rows * self.columns;
        match self.channels {
            Channels::One => Some(levels),
            Channels::Last => {
                let each = levels.chunks_exact(3);
                let grey = |colour: &[u8]| (colour == [colour[0]; 3]).then_some(colour[0]);
                each.map(grey).collect()
            }
            Channels::First => {
                let mut grey = Vec::with_capacity(levels.len() / 3);
                for image in levels.chunks_exact(3 * pixels) {
                    let (first, rest) = image.split_at(pixels);
                    if rest.chunks_exact(pixels).any(|other| other != first) {
                        return None;
                    }
                    grey.extend_from_slice(first);
                }
                Some(grey)
            }
        }
    }
}
