//! Images in a terminal: two pixels to a character, one above the other.

use crate::app::stdout;
use std::fmt::Write;

use anstyle::{Ansi256Color, Color, RgbColor, Style};

use crate::pictures::frame::resized;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shades {
    /// Any grey.
    True,
    /// The 26 greys of a palette of 256 colours.
    Palette,
    /// Characters that are denser the lighter they stand for.
    Characters,
}

/// From black to white.
const RAMP: &[u8] = b" .:-=+*#%@";

/// What standard output can show: no colours where it is no terminal, has none,
/// or `NO_COLOR` is set.
pub fn shades() -> Shades {
    let choice = stdout::colours();
    let has = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set.contains(value));
    match choice {
        anstream::ColorChoice::Never => Shades::Characters,
        _ if has("COLORTERM", "truecolor") || has("COLORTERM", "24bit") => Shades::True,
        _ => Shades::Palette,
    }
}

/// Characters in a line of the terminal that standard output is, if any.
pub fn width() -> Option<usize> {
    let is_terminal = stdout::is_terminal();
    let size = || stdout::size();
    is_terminal
        .then(size)
        .flatten()
        .map(|(width, _)| usize::from(width.0))
}

/// An image with a line above it.
pub struct Titled {
    /// The line; cut where it is longer than the image is wide.
    pub title: String,
    /// Levels, row by row.
    pub pixels: Vec<u8>,
}

/// Images of one shape beside each other and in rows below each other.
pub struct Grid<'a> {
    /// The images.
    pub images: &'a [Titled],
    /// Rows of each.
    pub rows: usize,
    /// Columns of each.
    pub columns: usize,
    /// Images beside each other.
    pub beside: usize,
}

/// Blank columns between two images.
const GAP: usize = 2;

/// An image is made no smaller than this to fit a terminal.
const LEAST: usize = 8;

impl Grid<'_> {
    /// The images as lines of text, made smaller where they are wider than
    /// `width` characters; `None` where they would have to be too small.
    pub fn text(&self, shades: Shades, width: Option<usize>) -> Option<String> {
        let [rows, columns] = self.size(width)?;
        let mut text = String::new();
        for images in self.images.chunks(self.beside.max(1)) {
            let titles = images
                .iter()
                .map(|image| format!("{:<columns$.columns$}", image.title));
            let titles: Vec<String> = titles.collect();
            text += titles.join("  ").trim_end();
            text.push('\n');
            let images: Vec<Vec<u8>> = images
                .iter()
                .map(|image| resized(&image.pixels, [self.rows, self.columns], [rows, columns]))
                .collect();
            for line in 0..rows.div_ceil(2) {
                let lines = images
                    .iter()
                    .map(|pixels| cells(pixels, columns, line, shades));
                let lines: Vec<String> = lines.collect();
                text += lines.join(&" ".repeat(GAP)).trim_end();
                text.push('\n');
            }
        }
        Some(text)
    }

    /// Rows and columns of each image as it is shown.
    fn size(&self, width: Option<usize>) -> Option<[usize; 2]> {
        let beside = self.beside.min(self.images.len()).max(1);
        let room = width.map_or(usize::MAX, |width| (width + GAP) / beside);
        let columns = self.columns.min(room.saturating_sub(GAP));
        let rows = (self.rows * columns).div_ceil(self.columns);
        let is_legible = columns >= self.columns.min(LEAST);
        is_legible.then_some([rows.max(1), columns])
    }
}

/// Two rows of an image as one line of characters.
fn cells(pixels: &[u8], columns: usize, line: usize, shades: Shades) -> String {
    let row = |row: usize| pixels.chunks_exact(columns).nth(row);
    let upper = row(2 * line).unwrap_or_default();
    let mut text = String::new();
    let mut style = None;
    for (column, &level) in upper.iter().enumerate() {
        let below = row(2 * line + 1).map(|lower| lower[column]);
        match shades {
            Shades::Characters => {
                let both = (u16::from(level) + u16::from(below.unwrap_or(level))) / 2;
                let place = usize::from(both) * (RAMP.len() - 1) + 127;
                text.push(char::from(RAMP[place / 255]));
            }
            Shades::True | Shades::Palette => {
                let new = Style::new()
                    .fg_color(Some(colour(level, shades)))
                    .bg_color(below.map(|level| colour(level, shades)));
                // A code only where the shade changes.
                if style.replace(new) != Some(new) {
                    let _ = write!(text, "{}{new}", anstyle::Reset);
                }
                text.push('▀');
            }
        }
    }
    if style.is_some() {
        let _ = write!(text, "{}", anstyle::Reset);
    }
    text
}

fn colour(level: u8, shades: Shades) -> Color {
    match shades {
        Shades::True | Shades::Characters => RgbColor(level, level, level).into(),
        Shades::Palette => Ansi256Color(in_palette(level)).into(),
    }
}

/// Of the palette 232 to 255 are greys from 8 to 238 in steps of 10, 16 is black
/// and 231 white.
fn in_palette(level: u8) -> u8 {
    match level {
        0..=3 => 16,
        4..=246 => 232 + ((level - 3) / 10).min(23),
        247..=255 => 231,
    }
}

#[cfg(test)]
mod tests {
    use super::in_palette;

    #[test]
    fn no_grey_of_the_palette_is_nearer() {
        let greys = (232..=255).map(|code| (code, 8 + 10 * (i16::from(code) - 232)));
        let palette: Vec<(u8, i16)> = greys.chain([(16, 0), (231, 255)]).collect();
        for level in 0..=255 {
            let away = |grey: i16| (grey - i16::from(level)).abs();
            let chosen = palette.iter().find(|(code, _)| *code == in_palette(level));
            let nearest = palette.iter().map(|&(_, grey)| away(grey)).min();
            assert_eq!(chosen.map(|&(_, grey)| away(grey)), nearest, "{level}");
        }
    }
}
