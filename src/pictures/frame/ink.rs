//! Tells the ink of a picture from its ground, and from what else is on it.

use super::Crop;
use super::ground::{self, Strengths};
use super::inked::Inked;
use crate::data::picture::Picture;

/// A picture whose ink is fainter than this is blank.
pub(super) const BLANK: u8 = 32;

/// All of MNIST's images reach this level; fainter ink is scaled up to it.
const FULL: u8 = 254;

/// Whether ink is lighter or darker than its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polarity {
    /// As chalk, and as MNIST's images.
    LightOnDark,
    /// As a pen.
    DarkOnLight,
}

impl Polarity {
    /// How strongly a level is inked on this ground.
    pub(super) fn strength(self, level: u8, ground: u8) -> u8 {
        match self {
            Self::LightOnDark => level.saturating_sub(ground),
            Self::DarkOnLight => ground.saturating_sub(level),
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::LightOnDark => "light on dark",
            Self::DarkOnLight => "dark on light",
        }
    }
}

/// How strongly each pixel of a picture is inked, 0 = not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ink {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) levels: Vec<u8>,
    pub(super) polarity: Polarity,
    pub(super) several: bool,
}

impl Ink {
    /// The ink of a picture, or `None` where there is none.
    ///
    /// Ink stands out from the level that most of a band along the edge has. It is
    /// connected where it has two fifths of its usual strength at least; what is
    /// too small, too far away, a line or at the edge is not of the digit
    /// (`parts.rs`). Close to the digit fainter ink counts as well, since edges
    /// are soft.
    pub fn of(picture: &Picture) -> Option<Self> {
        Inked::found(picture).map(|inked| inked.digit(picture.is_lossy()))
    }

    /// The same ink, as strong as MNIST's.
    pub(super) fn strengthened(self) -> Self {
        Self {
            levels: full(self.levels),
            ..self
        }
    }

    /// All that stands out, lines and dust as well, as for [`of`](Self::of).
    pub(super) fn whole(picture: &Picture) -> Option<Self> {
        Inked::found(picture).map(|inked| inked.whole(picture))
    }

    /// All that differs from the level that most outermost pixels have; `None`
    /// where nothing differs by much.
    pub(super) fn all(picture: &Picture) -> Option<Self> {
        let (rows, columns) = (picture.rows(), picture.columns());
        let levels = picture.levels();
        let ground = ground::outermost(picture);
        let sum = |polarity: Polarity| -> u64 {
            let strengths = levels.iter().map(|&level| polarity.strength(level, ground));
            strengths.map(u64::from).sum()
        };
        let polarity = match sum(Polarity::LightOnDark) >= sum(Polarity::DarkOnLight) {
            true => Polarity::LightOnDark,
            false => Polarity::DarkOnLight,
        };
        let strengths = Strengths::of(picture, ground, polarity);
        let strongest = strengths.levels.iter().copied().max()?;
        (strongest >= BLANK).then_some(Self {
            rows,
            columns,
            levels: strengths.levels,
            polarity,
            several: false,
        })
    }

    /// Rows of the picture.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of the picture.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How strongly each pixel is inked, row by row.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Whether it is lighter or darker than its ground.
    pub fn polarity(&self) -> Polarity {
        self.polarity
    }

    /// Whether there are parts beside each other or one above the other, each of
    /// which may be a digit, or more beside each other than one digit is wide.
    pub fn is_several(&self) -> bool {
        self.several
    }

    /// The least part of the picture that has all of the ink.
    pub fn bounds(&self) -> Crop {
        let inked = self
            .levels
            .iter()
            .enumerate()
            .filter(|&(_, &level)| level > 0);
        let places = inked.map(|(place, _)| (place / self.columns, place % self.columns));
        let (mut top, mut left, mut bottom, mut right) = (self.rows, self.columns, 0, 0);
        for (row, column) in places {
            (top, bottom) = (top.min(row), bottom.max(row));
            (left, right) = (left.min(column), right.max(column));
        }
        Crop {
            top,
            left,
            rows: bottom + 1 - top,
            columns: right + 1 - left,
        }
    }

    /// The levels of a part of the picture.
    pub(super) fn cut(&self, crop: Crop) -> Vec<u8> {
        self.levels
            .chunks_exact(self.columns)
            .skip(crop.top)
            .take(crop.rows)
            .flat_map(|row| &row[crop.left..][..crop.columns])
            .copied()
            .collect()
    }
}

/// A strength where the strongest becomes 255, rounded half up.
fn stronger(strength: u8, strongest: u8) -> u8 {
    let (strength, strongest) = (u32::from(strength), u32::from(strongest));
    // No ink is stronger than the strongest.
    ((strength * 255 + strongest / 2) / strongest) as u8
}

/// Strengths where the strongest is as strong as MNIST's.
pub(super) fn full(mut strengths: Vec<u8>) -> Vec<u8> {
    let strongest = strengths.iter().copied().max().unwrap_or(0);
    if (1..FULL).contains(&strongest) {
        let make = |strength: &mut u8| *strength = stronger(*strength, strongest);
        strengths.iter_mut().for_each(make);
    }
    strengths
}
