//! What stands out from the ground, before it is decided what of it is the digit.

use super::ground::{self, Strengths};
use super::ink::{BLANK, Ink, Polarity, full};
use super::parts::Parts;
use super::reach::{Reach, within};
use crate::data::picture::Picture;

/// Fainter than this fraction of the ink's usual strength is no ink but, say, an
/// artefact of compression.
const FAINTEST: u8 = 8;

/// Ink is at least this many times as strong as the upper quartile of the ground; of
/// mere noise one pixel in a thousand is.
const NOISE: u8 = 5;

/// One pixel in so many may be faint without the picture being noisy.
const DUST: usize = 20_000;

/// What stands out from the ground, as lighter or as darker ink.
pub(super) struct Inked {
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
    pub(super) fn found(picture: &Picture) -> Option<Self> {
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

    pub(super) fn digit(self, is_lossy: bool) -> Ink {
        let Strengths { rows, columns, .. } = self.strengths;
        let found = Parts::of(&self.strengths, self.least());
        let chosen = found.chosen(rows, columns);
        let of_digit = found.runs.iter().filter(|run| chosen[run.part]);
        let near = within(of_digit, Reach::around(found.size(&chosen)), rows, columns);
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

    pub(super) fn whole(self, picture: &Picture) -> Ink {
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
