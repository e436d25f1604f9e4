//! The mean images of all classes in one picture.

use super::MOST_CLASSES;
use super::heat::PAPER;
use super::lettering;
use super::raster::Raster;
use crate::classifier::level_sums::LevelSums;
use crate::pictures::thumbnail::{LONGEST_SIDE, Thumbnail};

/// The side up to which a mean is enlarged in full.
const ENLARGED_SIDE: usize = 224;

/// The longest side of the square that a pixel of a mean becomes.
const FACTOR: usize = 4;

const GAP: usize = 4;
const LETTER: usize = 2;

/// The mean image of each class under its number, crisply enlarged, five in a
/// row or, of more than ten classes, ten. Classes without images are left out, and
/// of many classes the first hundred are shown.
///
/// # Panics
/// When images of `rows` × `columns` are not what the sums are of, or no class has
/// images.
pub fn means_montage(sums: &LevelSums, rows: usize, columns: usize) -> Raster {
    assert_eq!(sums.dim(), rows * columns, "sums of such images");
    let tile = |class| Some((class, enlarged(mean_picture(sums, class, columns)?)));
    let tiles = sums.present().filter_map(tile).take(MOST_CLASSES);
    let tiles: Vec<(usize, Raster)> = tiles.collect();
    // All of one size, and numbers are longest in the end.
    let (last, mean) = tiles.last().expect("a class that has images");
    let width = mean
        .width()
        .max(lettering::width(&last.to_string(), LETTER));
    let caption = lettering::height(LETTER) + 2 * GAP;
    let [wide, high] = [width + GAP, caption + mean.height() + GAP];
    let in_a_row = if tiles.len() > 10 { 10 } else { 5 }.min(tiles.len());
    let mut montage = Raster::filled(
        in_a_row * wide + GAP,
        tiles.len().div_ceil(in_a_row) * high,
        PAPER.ground,
    );
    for (place, (class, tile)) in tiles.iter().enumerate() {
        let [x, y] = [GAP + place % in_a_row * wide, place / in_a_row * high];
        let number = class.to_string();
        lettering::centre(
            &mut montage,
            [x, y],
            [width, caption],
            &number,
            LETTER,
            PAPER.ink,
        );
        montage.place(x + (width - tile.width()) / 2, y + caption, tile);
    }
    montage
}

/// A class mean with each pixel rounded to a grey level; `None` for a class
/// without images.
pub(super) fn mean_picture(sums: &LevelSums, class: usize, columns: usize) -> Option<Raster> {
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
