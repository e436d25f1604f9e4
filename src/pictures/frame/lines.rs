//! Lines across a whole picture: ruled and squared paper, frames. No digit has
//! them, and they connect what does not belong together.

use super::ground::{Strengths, at_least};

/// A line is at most this share of the picture thick, so that strokes of a picture
/// cropped to its ink are no lines.
const THIN: usize = 28;

/// All of a line but [`MISSING`] hundredths is at least this strong.
const FAINTEST: u8 = 8;

/// Of a line so many hundredths may be fainter.
const MISSING: usize = 15;

/// Columns that are looked at together, for the sake of the cache.
const TOGETHER: usize = 64;

impl Strengths {
    /// Whether there were lines across the whole picture. They are gone, and what
    /// crossed them is as strong in them as it is beside them.
    pub(super) fn remove_lines(&mut self) -> bool {
        let (rows, columns) = (self.rows, self.columns);
        if rows.min(columns) < THIN {
            return false;
        }
        let across = runs(&self.rows_strengths(), rows / THIN);
        for &[first, end] in &across {
            self.fill_rows(first, end);
        }
        let down = runs(&self.columns_strengths(), columns / THIN);
        for &[first, end] in &down {
            self.fill_columns(first, end);
        }
        !(across.is_empty() && down.is_empty())
    }

    /// How strong each row is along nearly all of it.
    fn rows_strengths(&self) -> Vec<u8> {
        let of_row = |row: &[u8]| {
            let mut levels = [0; 256];
            row.iter()
                .for_each(|&level| levels[usize::from(level)] += 1);
            at_least(&levels, most(self.columns))
        };
        self.levels.chunks_exact(self.columns).map(of_row).collect()
    }

    /// The same of each column.
    fn columns_strengths(&self) -> Vec<u8> {
        let mut found = Vec::with_capacity(self.columns);
        for left in (0..self.columns).step_by(TOGETHER) {
            let width = TOGETHER.min(self.columns - left);
            let mut levels = vec![[0_u64; 256]; width];
            for row in self.levels.chunks_exact(self.columns) {
                for (levels, &level) in levels.iter_mut().zip(&row[left..]) {
                    levels[usize::from(level)] += 1;
                }
            }
            found.extend(
                levels
                    .iter()
                    .map(|levels| at_least(levels, most(self.rows))),
            );
        }
        found
    }

    fn fill_rows(&mut self, first: usize, end: usize) {
        let columns = self.columns;
        for column in 0..columns {
            let above = first
                .checked_sub(1)
                .map(|row| self.levels[row * columns + column]);
            let below = self.levels.get(end * columns + column).copied();
            let between = between(above, below);
            for row in first..end {
                let level = &mut self.levels[row * columns + column];
                *level = between.min(*level);
            }
        }
    }

    fn fill_columns(&mut self, first: usize, end: usize) {
        for row in self.levels.chunks_exact_mut(self.columns) {
            let before = first.checked_sub(1).map(|column| row[column]);
            let between = between(before, row.get(end).copied());
            row[first..end]
                .iter_mut()
                .for_each(|level| *level = between.min(*level));
        }
    }
}

/// How many pixels of a line of that many are as strong as it is.
fn most(of: usize) -> u64 {
    (of - of * MISSING / 100) as u64
}

/// The strength between two neighbours of a line, of which one may be missing.
fn between(one: Option<u8>, other: Option<u8>) -> u8 {
    match (one, other) {
        (Some(one), Some(other)) => one.midpoint(other),
        (one, other) => one.or(other).unwrap_or(u8::MAX),
    }
}

/// Where at most `thickest` neighbours are strong, each first and beyond the last.
fn runs(strengths: &[u8], thickest: usize) -> Vec<[usize; 2]> {
    let mut at = 0;
    let mut found = Vec::new();
    for run in strengths.chunk_by(|a, b| (*a >= FAINTEST) == (*b >= FAINTEST)) {
        if run[0] >= FAINTEST && run.len() <= thickest {
            found.push([at, at + run.len()]);
        }
        at += run.len();
    }
    found
}
