//! Images in a terminal: two pixels to a character, one above the other.

use std::fmt::Write;
use std::io::{IsTerminal, stderr};

use anstyle::{Ansi256Color, AnsiColor, Color, RgbColor, Style};
use terminal_size::{Height, Width, terminal_size_of};

use super::colours::Shades;
use super::wrap::COLUMNS;
use crate::app::stdout;
use crate::pictures::frame::resized;

/// From black to white.
const RAMP: &[u8] = b" .:-=+*#%@";

/// Characters in a line: those of the terminal that standard output is, else what
/// fits most.
pub fn width() -> usize {
    of_terminal(stdout::is_terminal(), stdout::size()).unwrap_or(COLUMNS)
}

/// Characters in a line of the terminal that standard error is, if it is one.
pub(super) fn width_of_messages() -> Option<usize> {
    let err = stderr();
    of_terminal(err.is_terminal(), terminal_size_of(err))
}

fn of_terminal(is_terminal: bool, size: Option<(Width, Height)>) -> Option<usize> {
    let size = size.filter(|_| is_terminal);
    size.map(|(Width(width), _)| usize::from(width).max(1))
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

/// Of several images fewer are put beside each other before they are made smaller
/// than this.
const LEAST: usize = 12;

impl Grid<'_> {
    /// The images as lines of at most `width` characters, made smaller where that
    /// is needed, and fewer beside each other where they would be too small.
    pub fn text(&self, shades: Shades, width: usize) -> String {
        let in_a_row = self.beside.clamp(1, self.images.len().max(1));
        let beside = balanced(in_a_row, self.most_beside(width));
        let [rows, columns] = self.size(beside, width);
        let mut text = String::new();
        let rows_of_grid = self.images.chunks(in_a_row);
        for images in rows_of_grid.flat_map(|row| row.chunks(beside)) {
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
        text
    }

    /// How many images fit beside each other and can still be told apart.
    fn most_beside(&self, width: usize) -> usize {
        beside(width, self.columns.min(LEAST))
    }

    /// Rows and columns of each image as it is shown.
    fn size(&self, beside: usize, width: usize) -> [usize; 2] {
        let room = ((width + GAP) / beside).saturating_sub(GAP).max(1);
        let columns = self.columns.min(room);
        let rows = (self.rows * columns).div_ceil(self.columns);
        [rows.max(1), columns]
    }
}

/// Images of so many columns that fit beside each other: one at least.
pub(super) fn beside(width: usize, columns: usize) -> usize {
    ((width + GAP) / (columns + GAP)).max(1)
}

/// At most `most` of so many in a row, in rows of nearly the same length.
pub(super) fn balanced(in_a_row: usize, most: usize) -> usize {
    in_a_row.div_ceil(in_a_row.div_ceil(most))
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
            _ => {
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
        Shades::Sixteen => of_sixteen(level).into(),
    }
}

/// The four greys that most terminals have at about 0, 128, 192 and 255.
fn of_sixteen(level: u8) -> AnsiColor {
    match level {
        0..=63 => AnsiColor::Black,
        64..=159 => AnsiColor::BrightBlack,
        160..=223 => AnsiColor::White,
        224..=255 => AnsiColor::BrightWhite,
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
    use super::*;

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

    #[test]
    fn grids_fit_any_width() {
        let image = || Titled {
            title: "a title that is longer than its image".into(),
            pixels: vec![9; 28 * 28],
        };
        let images: Vec<Titled> = (0..20).map(|_| image()).collect();
        for beside in [1, 2, 3, 7, 10, 20, 100] {
            let grid = Grid {
                images: &images,
                rows: 28,
                columns: 28,
                beside,
            };
            for width in [1, 11, 40, 80, 300] {
                let text = grid.text(Shades::Characters, width);
                let longest = text.lines().map(str::len).max();
                assert!(longest <= Some(width), "{beside} at {width}: {longest:?}");
            }
        }
        // Ten of them become two rows of five, fourteen characters wide each.
        assert_eq!(balanced(10, 5), 5);
        assert_eq!(balanced(7, 5), 4);
    }
}
