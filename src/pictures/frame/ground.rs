//! The ground that a picture's ink is on, and how strongly pixels stand out.

use super::Polarity;
use super::ink::BLANK;
use crate::data::picture::Picture;

/// The ground is looked for in a band along the edge, this share of the shorter
/// side wide: wide enough for a frame line in it to be outvoted.
const BAND: usize = 8;

/// Ink is told from what is single by the mean of so many pixels.
const NEIGHBOURHOOD: u32 = 9;

/// A level is that of ink where one pixel in so many has it at least.
const SHARE: u64 = 1_000;

/// How strongly each pixel of a picture stands out from its ground.
pub(super) struct Strengths {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Row by row, 0 = not at all.
    pub(super) levels: Vec<u8>,
}

/// The level of the ground: the median of a band along the edge.
pub(super) fn level(picture: &Picture) -> u8 {
    let (rows, columns) = (picture.rows(), picture.columns());
    median(&in_band(
        picture.levels(),
        rows,
        columns,
        band(rows, columns),
        |_| true,
    ))
}

/// The level of the outermost pixels: their median.
pub(super) fn outermost(picture: &Picture) -> u8 {
    let (rows, columns) = (picture.rows(), picture.columns());
    median(&in_band(picture.levels(), rows, columns, 1, |_| true))
}

impl Strengths {
    pub(super) fn of(picture: &Picture, ground: u8, polarity: Polarity) -> Self {
        let levels = picture.levels().iter();
        Self {
            rows: picture.rows(),
            columns: picture.columns(),
            levels: levels
                .map(|&level| polarity.strength(level, ground))
                .collect(),
        }
    }

    /// How strong ink is here: the upper quartile of where a neighbourhood is at
    /// least half as strong as the strongest. Single pixels count for little,
    /// however strong they are, and so does what covers less than a thousandth of
    /// the picture where more is covered by other ink. With it, how often each
    /// mean of a neighbourhood is there.
    pub(super) fn ink(&self) -> (u8, [u64; 256]) {
        let mut means = [0; 256];
        if self.levels.iter().all(|&level| level < BLANK) {
            return (0, means);
        }
        self.smooth(|_, mean| means[usize::from(mean)] += 1);
        let common = at_least(&means, (self.levels.len() as u64 / SHARE).max(4));
        let reference = match at_least(&means, 1) {
            strongest if common < strongest.min(BLANK / 2) => strongest,
            _ => common,
        };
        let mut inked = [0; 256];
        self.smooth(|level, mean| {
            inked[usize::from(level)] += u64::from(mean > reference / 2);
        });
        (at_least(&inked, inked.iter().sum::<u64>() / 4), means)
    }

    /// How strong the ground is: its upper quartile in the band along the edge,
    /// of what is fainter than ink.
    pub(super) fn noise(&self, ink: u8) -> u8 {
        let ground = in_band(
            &self.levels,
            self.rows,
            self.columns,
            band(self.rows, self.columns),
            |level| level < ink,
        );
        at_least(&ground, ground.iter().sum::<u64>() / 4)
    }

    /// Each strength and the mean of it and its eight neighbours.
    fn smooth(&self, mut each: impl FnMut(u8, u8)) {
        let row = |row: usize| &self.levels[row * self.columns..][..self.columns];
        let mut sums = vec![0_u32; self.columns];
        for at in 0..self.rows {
            let around = at.saturating_sub(1)..(at + 2).min(self.rows);
            sums.fill(0);
            for row in around.map(row) {
                let added = sums.iter_mut().zip(row);
                added.for_each(|(sum, &level)| *sum += u32::from(level));
            }
            for (column, &level) in row(at).iter().enumerate() {
                let around = column.saturating_sub(1)..(column + 2).min(self.columns);
                let mean = sums[around].iter().sum::<u32>() / NEIGHBOURHOOD;
                // A mean of levels is a level.
                each(level, mean as u8);
            }
        }
    }
}

/// How wide the band along the edge is.
fn band(rows: usize, columns: usize) -> usize {
    (rows.min(columns) / BAND).max(1)
}

/// How often each level is in a band along the edge, of those that count.
fn in_band(
    levels: &[u8],
    rows: usize,
    columns: usize,
    band: usize,
    counts: impl Fn(u8) -> bool,
) -> [u64; 256] {
    let mut found = [0; 256];
    for (at, row) in levels.chunks_exact(columns).enumerate() {
        let is_outer = at < band || at + band >= rows;
        let inner = band..columns.saturating_sub(band).max(band);
        let parts = match is_outer || inner.is_empty() {
            true => [row, &[]],
            false => [&row[..inner.start], &row[inner.end..]],
        };
        let counted = parts.into_iter().flatten().filter(|&&level| counts(level));
        counted.for_each(|&level| found[usize::from(level)] += 1);
    }
    found
}

fn median(of: &[u64; 256]) -> u8 {
    at_least(of, of.iter().sum::<u64>().div_ceil(2))
}

/// The highest level that so many are at or above; 0 where there are fewer.
pub(super) fn at_least(levels: &[u64; 256], count: u64) -> u8 {
    let mut above = 0;
    let reached = levels.iter().rposition(|&of_level| {
        above += of_level;
        above >= count.max(1)
    });
    // There are 256 levels.
    reached.unwrap_or(0) as u8
}
