//! The confusion matrix as a picture.

use super::heat::{self, PAPER};
use super::lettering;
use super::raster::{Colour, Raster};
use crate::evaluation::Confusion;

/// Classes up to which every count is written out.
const WRITTEN: usize = 32;

/// Pixels that the matrix takes where no count is written; of more classes
/// than that, several share one.
const SIDE: usize = 640;

const LETTER: usize = 2;
const HEIGHT: usize = 36;
const GAP: usize = 12;
const LINE: Colour = [0xd5, 0xd9, 0xde];
const RIGHT: Colour = [0xee, 0xf0, 0xf3];

/// Rows are true classes, columns predicted ones; the more images a wrong
/// answer was given, the darker it is. Right answers are grey. Classes that no image
/// has or was given are left out.
pub fn confusion_picture(confusion: &Confusion) -> Raster {
    let classes = confusion.occurring();
    match classes.len() <= WRITTEN {
        true => written(confusion, &classes),
        false => shades(confusion, &classes),
    }
}

fn written(confusion: &Confusion, occurring: &[usize]) -> Raster {
    let row = |&truth: &usize| -> Vec<u64> {
        let count = |&predicted: &usize| confusion.count(truth, predicted);
        occurring.iter().map(count).collect()
    };
    let counts: Vec<Vec<u64>> = occurring.iter().map(row).collect();
    let greatest = confusion.wrong().map(|(_, _, images)| images).max();
    let longest = counts.iter().flatten().max().map(u64::to_string);
    let needed = lettering::width(&longest.unwrap_or_default(), LETTER) + GAP;
    let (width, classes) = (needed.max(HEIGHT), occurring.len());
    let (left, top) = (
        lettering::width("TRUE", LETTER) + HEIGHT + 2 * GAP,
        2 * HEIGHT,
    );
    let [right, bottom] = [left + classes * width + 1, top + classes * HEIGHT + 1];
    let mut picture = Raster::filled(right + GAP, bottom + GAP, PAPER.ground);
    picture.place(left, top, &Raster::filled(right - left, bottom - top, LINE));
    let ink = PAPER.ink;
    let across = [right - left, HEIGHT];
    lettering::centre(&mut picture, [left, 0], across, "PREDICTED", LETTER, ink);
    let down = [left - HEIGHT, bottom - top];
    lettering::centre(&mut picture, [0, top], down, "TRUE", LETTER, ink);
    for (class, counts) in counts.iter().enumerate() {
        let (number, [x, y]) = (
            occurring[class].to_string(),
            [left + class * width, top + class * HEIGHT],
        );
        let [above, beside] = [[x, HEIGHT], [left - HEIGHT, y]];
        lettering::centre(&mut picture, above, [width, HEIGHT], &number, LETTER, ink);
        lettering::centre(&mut picture, beside, [HEIGHT; 2], &number, LETTER, ink);
        for (predicted, &count) in counts.iter().enumerate() {
            let place = [left + predicted * width + 1, y + 1];
            let level = heat::level(count, greatest.unwrap_or(1));
            let (ground, ink) = match level {
                _ if predicted == class => (RIGHT, ink),
                None => (PAPER.ground, ink),
                Some(level) => (heat::ON_PAPER[level].ground, heat::ON_PAPER[level].ink),
            };
            let inner = [width - 1, HEIGHT - 1];
            picture.place(
                place[0],
                place[1],
                &Raster::filled(inner[0], inner[1], ground),
            );
            if count > 0 {
                lettering::centre(&mut picture, place, inner, &count.to_string(), LETTER, ink);
            }
        }
    }
    picture
}

fn shades(confusion: &Confusion, occurring: &[usize]) -> Raster {
    let together = occurring.len().div_ceil(SIDE);
    let cells = occurring.len().div_ceil(together);
    let mut wrong = vec![0_u64; cells * cells];
    for (truth, predicted, images) in confusion.wrong() {
        let place = |class: u16| occurring.partition_point(|&before| before < class.into());
        let cell = |class: u16| place(class) / together;
        wrong[cell(truth) * cells + cell(predicted)] += images;
    }
    let greatest = wrong.iter().copied().max().unwrap_or(1);
    let factor = (SIDE / cells).max(1);
    let mut picture = Raster::filled(cells * factor, cells * factor, PAPER.ground);
    for (place, &images) in wrong.iter().enumerate() {
        let (row, column) = (place / cells, place % cells);
        let colour = match heat::level(images, greatest) {
            Some(level) => heat::ON_PAPER[level].ground,
            None if row == column => RIGHT,
            None => continue,
        };
        let square = Raster::filled(factor, factor, colour);
        picture.place(column * factor, row * factor, &square);
    }
    picture
}
