//! Numbers and a few words in pictures.

use super::raster::{Colour, Raster};

/// Pixels of a letter, and from one to the next.
const WIDTH: usize = 5;
const HEIGHT: usize = 7;
const STEP: usize = WIDTH + 1;

/// Rows of a letter from the top, five bits each.
type Letter = [u8; HEIGHT];

/// Writes a text, its upper left corner at `x`, `y` and each pixel of its
/// letters a square of `scale`; letters that there are none of stay blank.
pub(super) fn write(
    picture: &mut Raster,
    [x, y]: [usize; 2],
    text: &str,
    scale: usize,
    ink: Colour,
) {
    let dot = Raster::filled(scale, scale, ink);
    for (index, letter) in text.chars().map(letter).enumerate() {
        for (row, bits) in letter.iter().enumerate() {
            let inked = (0..WIDTH).filter(|column| bits >> (WIDTH - 1 - column) & 1 == 1);
            for column in inked {
                let across = (index * STEP + column) * scale;
                picture.place(x + across, y + row * scale, &dot);
            }
        }
    }
}

/// Writes a text into the middle of a rectangle.
pub(super) fn centre(
    picture: &mut Raster,
    [x, y]: [usize; 2],
    [width, height]: [usize; 2],
    text: &str,
    scale: usize,
    ink: Colour,
) {
    let x = x + width.saturating_sub(self::width(text, scale)) / 2;
    let y = y + height.saturating_sub(self::height(scale)) / 2;
    write(picture, [x, y], text, scale, ink);
}

/// How wide a text is.
pub(super) fn width(text: &str, scale: usize) -> usize {
    (text.chars().count() * STEP).saturating_sub(1) * scale
}

/// How high a text is.
pub(super) fn height(scale: usize) -> usize {
    HEIGHT * scale
}

#[rustfmt::skip]
fn letter(character: char) -> Letter {
    match character {
        '0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00010, 0b00100, 0b01000, 0b11111],
        '3' => [0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110],
        '4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'C' => [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        'D' => [0b11100, 0b10010, 0b10001, 0b10001, 0b10001, 0b10010, 0b11100],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'F' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000],
        'G' => [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01111],
        'H' => [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        '%' => [0b11001, 0b11001, 0b00010, 0b00100, 0b01000, 0b10011, 0b10011],
        _ => [0; HEIGHT],
    }
}
