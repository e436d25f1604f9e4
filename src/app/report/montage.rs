//! The mean images of all classes in one picture.

use super::MOST_CLASSES;
use super::heat::PAPER;
use super::lettering;
use super::raster::{Colour, Raster};
use crate::classifier::class_sums::ClassSums;
use crate::pictures::thumbnail::{LONGEST_SIDE, Thumbnail};

/// The side up to which a mean is enlarged in full.
const ENLARGED_SIDE: usize = 224;

/// The longest side of the square that a pixel of a mean becomes.
const FACTOR: usize = 4;

const GAP: usize = 4;
const LETTER: usize = 2;
const NOTHING: Colour = [230; 3];
const CROSS: Colour = [150; 3];

/// The mean image of each class under its number, crisply enlarged, five in a
/// row or, of more than ten classes, ten; a class without images is crossed out.
/// Of many classes the first hundred are shown.
///
/// # Panics
/// When images of `rows` × `columns` are not what the sums are of.
pub fn means_montage(sums: &ClassSums, rows: usize, columns: usize) -> Raster {
    assert_eq!(sums.dim(), rows * columns, "sums of such images");
    let classes = sums.classes().min(MOST_CLASSES);
    let tiles: Vec<Option<Raster>> = (0..classes)
        .map(|class| mean_picture(sums, class, columns).map(enlarged))
        .collect();
    let blank = enlarged(picture(columns, &vec![0; sums.dim()]));
    let crossed = crossed_out(blank.width(), blank.height());
    let last_number = (classes - 1).to_string();
    let width = crossed.width().max(lettering::width(&last_number, LETTER));
    let caption = lettering::height(LETTER) + 2 * GAP;
    let [wide, high] = [width + GAP, caption + crossed.height() + GAP];
    let in_a_row = if classes > 10 { 10 } else { 5 }.min(classes);
    let mut montage = Raster::filled(
        in_a_row * wide + GAP,
        classes.div_ceil(in_a_row) * high,
        PAPER.ground,
    );
    for (class, tile) in tiles.iter().enumerate() {
        let [x, y] = [GAP + class % in_a_row * wide, class / in_a_row * high];
        let number = class.to_string();
        lettering::centre(
            &mut montage,
            [x, y],
            [width, caption],
            &number,
            LETTER,
            PAPER.ink,
        );
        let tile = tile.as_ref().unwrap_or(&crossed);
        montage.place(x + (width - tile.width()) / 2, y + caption, tile);
    }
    montage
}

/// A class mean with each pixel rounded to a grey level; `None` for a class
/// without images.
pub(super) fn mean_picture(sums: &ClassSums, class: usize, columns: usize) -> Option<Raster> {
    let levels = sums.mean_image(class)?;
    Some(picture(columns, &levels))
}

fn picture(columns: usize, levels: &[u8]) -> Raster {
    let small = Thumbnail::of(columns, levels, LONGEST_SIDE);
    Raster::of_image(small.columns(), small.pixels())
}

fn enlarged(mean: Raster) -> Raster {
    let longest = mean.width().max(mean.height());
    mean.enlarged((ENLARGED_SIDE / longest).clamp(1, FACTOR))
}

/// A tile in place of a mean: both diagonals.
fn crossed_out(width: usize, height: usize) -> Raster {
    let mut tile = Raster::filled(width, height, NOTHING);
    let dot = Raster::filled(2, 2, CROSS);
    for step in 0..width.max(height) {
        let along = |side: usize| step * side / width.max(height);
        let (x, y) = (along(width), along(height));
        tile.place(x, y, &dot);
        tile.place(width - 1 - x, y, &dot);
    }
    tile
}
