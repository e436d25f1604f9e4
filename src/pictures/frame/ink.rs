//! Tells the ink of a picture from its ground, and from what else is on it.

use super::Crop;
use super::ground::{self, Strengths};
use super::parts::Parts;
use super::reach::{Reach, within};
use crate::data::picture::Picture;

/// A picture whose ink is fainter than this is blank.
pub(super) const BLANK: u8 = 32;

/// All of MNIST's images reach this level; fainter ink is scaled up to it.
const FULL: u8 = 254;

/// What is fainter than ink divided by this is none, as artefacts of compression.
const FAINTEST: u8 = 8;

/// Ink is this many times as strong as the upper quartile of the ground: of
/// noise, one pixel in a thousand is.
const NOISE: u8 = 5;

/// One pixel in so many may be faint without the picture being noisy.
const DUST: usize = 20_000;

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
    rows: usize,
    columns: usize,
    levels: Vec<u8>,
    polarity: Polarity,
    several: bool,
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
        (strongest >= BLANK).then(|| Self {
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

/// What stands out from the ground in one of both ways.
struct Inked {
    ground: u8,
    strengths: Strengths,
    polarity: Polarity,
    /// How strong it usually is.
    ink: u8,
    /// How often each mean of a neighbourhood is there.
    means: [u64; 256],
}

impl Inked {
    /// What there is more of, lighter or darker ink; `None` where it is too faint.
    fn found(picture: &Picture) -> Option<Self> {
        let ground = ground::level(picture);
        let [lighter, darker] = [Polarity::LightOnDark, Polarity::DarkOnLight]
            .map(|polarity| Self::of(picture, ground, polarity));
        // Ground that is uneven is no ink, however large it is.
        let least = lighter.ink.max(darker.ink) / 2;
        let found = match lighter.mass(least) >= darker.mass(least) {
            true => lighter,
            false => darker,
        };
        (found.ink >= BLANK).then_some(found)
    }

    fn of(picture: &Picture, ground: u8, polarity: Polarity) -> Self {
        let mut strengths = Strengths::of(picture, ground, polarity);
        let whole = strengths.ink();
        let (ink, means) = match whole.0 >= BLANK && strengths.remove_lines() {
            false => whole,
            true => match strengths.ink() {
                // There is nothing but lines.
                (blank, _) if blank < BLANK => {
                    strengths = Strengths::of(picture, ground, polarity);
                    whole
                }
                other => other,
            },
        };
        Self {
            ground,
            strengths,
            polarity,
            ink,
            means,
        }
    }

    /// How much there is of what is stronger than that.
    fn mass(&self, least: u8) -> u64 {
        let means = (0..).zip(&self.means).skip(usize::from(least) + 1);
        means.map(|(mean, count)| mean * count).sum()
    }

    /// What is fainter than that is no ink: artefacts of compression, and all but
    /// one pixel in a thousand of noise.
    fn faintest(&self) -> u8 {
        let noise = self.strengths.noise(self.least());
        let noise = noise.saturating_mul(NOISE).saturating_add(1);
        noise.clamp(self.ink / FAINTEST, self.least())
    }

    /// How strong ink is that is connected.
    fn least(&self) -> u8 {
        (u16::from(self.ink) * 2 / 5) as u8
    }

    fn digit(self, is_lossy: bool) -> Ink {
        let Strengths { rows, columns, .. } = self.strengths;
        let found = Parts::of(&self.strengths, self.least());
        let chosen = found.chosen(rows, columns);
        let of_digit = found.runs.iter().filter(|run| chosen[run.part]);
        let near = within(
            of_digit,
            Reach::around(&found.parts, &chosen),
            rows,
            columns,
        );
        let pixels = self.strengths.levels.iter().zip(&near);
        let faint = 1..self.ink / FAINTEST;
        let elsewhere = pixels.filter(|&(level, &near)| !near && faint.contains(level));
        // Where nothing faint is elsewhere, what is faint in the digit is ink.
        let is_clean = !is_lossy && elsewhere.count() <= 1 + near.len() / DUST;
        let faintest = if is_clean { 1 } else { self.faintest() };
        let mut levels = self.strengths.levels;
        for (level, near) in levels.iter_mut().zip(near) {
            if !near || *level < faintest {
                *level = 0;
            }
        }
        Ink {
            rows,
            columns,
            levels: full(levels),
            polarity: self.polarity,
            several: found.are_several(&chosen),
        }
    }

    fn whole(self, picture: &Picture) -> Ink {
        let mut strengths = Strengths::of(picture, self.ground, self.polarity);
        let is_clean = !picture.is_lossy() && strengths.noise(self.least()) == 0;
        let faintest = if is_clean { 1 } else { self.faintest() };
        let levels = strengths.levels.iter_mut();
        levels
            .filter(|level| **level < faintest)
            .for_each(|level| *level = 0);
        Ink {
            rows: strengths.rows,
            columns: strengths.columns,
            levels: full(strengths.levels),
            polarity: self.polarity,
            several: false,
        }
    }
}

/// A strength where the strongest becomes 255, rounded half up.
fn stronger(strength: u8, strongest: u8) -> u8 {
    let (strength, strongest) = (u32::from(strength), u32::from(strongest));
    // No ink is stronger than the strongest.
    ((strength * 255 + strongest / 2) / strongest) as u8
}

/// Strengths where the strongest is as strong as MNIST's.
fn full(mut strengths: Vec<u8>) -> Vec<u8> {
    let strongest = strengths.iter().copied().max().unwrap_or(0);
    if (1..FULL).contains(&strongest) {
        let make = |strength: &mut u8| *strength = stronger(*strength, strongest);
        strengths.iter_mut().for_each(make);
    }
    strengths
}
