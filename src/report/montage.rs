//! The mean images of all classes in one picture.

use super::lettering;
use super::raster::{Colour, Raster, grey};
use crate::class_sums::ClassSums;
use crate::thumbnail::{Thumbnail, rounded_mean};

/// Classes that are shown; a wall of more says no more.
pub(super) const SHOWN: usize = 100;

/// Pixels of a mean's longest side before it is enlarged; a larger one is made smaller.
const LONGEST_SIDE: usize = 112;

/// The side up to which a mean is enlarged in full.
const ENLARGED_SIDE: usize = 224;

/// A pixel of a mean becomes a square of so many at most.
const FACTOR: usize = 4;

const GAP: usize = 4;
const LETTER: usize = 2;
const GROUND: Colour = grey(255);
const INK: Colour = [0x1b, 0x1f, 0x24];
const NOTHING: Colour = grey(230);
const CROSS: Colour = grey(150);

/// The mean image of each class under its number, crisply enlarged, five in a
/// row or, of more than ten classes, ten; a class without images is crossed out.
/// Of many classes the first hundred are shown.
///
/// # Panics
/// When images of `rows` × `columns` are not what the sums are of.
pub fn means_montage(sums: &ClassSums, rows: usize, columns: usize) -> Raster {
    assert_eq!(sums.dim(), rows * columns, "sums of such images");
    let classes = sums.classes().min(SHOWN);
    let tiles: Vec<Option<Raster>> = (0..classes)
        .map(|class| mean_picture(sums, class, columns).map(enlarged))
        .collect();
    // All tiles have one size, and a model has at least one mean.
    let blank = Raster::filled(columns.min(LONGEST_SIDE), rows.min(LONGEST_SIDE), NOTHING);
    let first = tiles.iter().flatten().next();
    let crossed = crossed_out(first.map_or([blank.width(), blank.height()], size));
    let last_number = (classes - 1).to_string();
    let width = crossed.width().max(lettering::width(&last_number, LETTER));
    let caption = lettering::height(LETTER) + 2 * GAP;
    let [wide, high] = [width + GAP, caption + crossed.height() + GAP];
    let in_a_row = if classes > 10 { 10 } else { 5 }.min(classes);
    let mut picture = Raster::filled(
        in_a_row * wide + GAP,
        classes.div_ceil(in_a_row) * high,
        GROUND,
    );
    for (class, tile) in tiles.iter().enumerate() {
        let [x, y] = [GAP + class % in_a_row * wide, class / in_a_row * high];
        let number = class.to_string();
        lettering::centre(&mut picture, [x, y], [width, caption], &number, LETTER, INK);
        let tile = tile.as_ref().unwrap_or(&crossed);
        picture.place(x + (width - tile.width()) / 2, y + caption, tile);
    }
    picture
}

/// A class mean with each pixel rounded to a grey level; `None` for a class
/// without images.
pub(super) fn mean_picture(sums: &ClassSums, class: usize, columns: usize) -> Option<Raster> {
    let count = sums.count(class);
    let level = |&sum: &u64| rounded_mean(sum, count);
    (count > 0).then(|| {
        let levels: Vec<u8> = sums.sum(class).iter().map(level).collect();
        let small = Thumbnail::of(columns, &levels, LONGEST_SIDE);
        Raster::of_image(small.columns(), small.pixels())
    })
}

fn enlarged(mean: Raster) -> Raster {
    let longest = mean.width().max(mean.height());
    mean.enlarged((ENLARGED_SIDE / longest).clamp(1, FACTOR))
}

fn size(picture: &Raster) -> [usize; 2] {
    [picture.width(), picture.height()]
}

/// A tile in place of a mean: both diagonals.
fn crossed_out([width, height]: [usize; 2]) -> Raster {
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
