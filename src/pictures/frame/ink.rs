//! Tells the ink of a picture from its ground.

use super::Crop;
use crate::data::picture::Picture;

/// Ink deviates from the ground by more than this many times the median absolute
/// deviation of the ground. Of normally distributed noise, one pixel in ten
/// million does.
const NOISE: u8 = 8;

/// In lossy formats, what is fainter than the strongest ink divided by this is an
/// artefact of compression.
const FAINTEST: u16 = 8;

/// A picture whose strongest ink is fainter than this is blank.
const BLANK: u8 = 32;

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
    fn strength(self, level: u8, ground: u8) -> u8 {
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
}

impl Ink {
    /// The ink of a picture, or `None` where there is none.
    ///
    /// The ground is the median of the outermost pixels. Whatever deviates from it
    /// by more than noise is ink; whether ink is lighter or darker is decided by
    /// which of the two deviates more.
    pub fn of(picture: &Picture) -> Option<Self> {
        let (rows, columns) = (picture.rows(), picture.columns());
        let border = border(picture.levels(), rows, columns);
        let ground = median(border.clone());
        let noise = median(border.iter().map(|level| level.abs_diff(ground)).collect());
        let levels = picture.levels();
        let mut least = noise.saturating_mul(NOISE).saturating_add(1);
        let [lighter, darker] = [Polarity::LightOnDark, Polarity::DarkOnLight].map(|polarity| {
            let strengths = levels.iter().map(|&level| polarity.strength(level, ground));
            let inked = strengths.filter(|&strength| strength >= least);
            inked.fold((0_u64, 0), |(sum, strongest), strength| {
                (sum + u64::from(strength), strength.max(strongest))
            })
        });
        let (polarity, (_, strongest)) = match lighter >= darker {
            true => (Polarity::LightOnDark, lighter),
            false => (Polarity::DarkOnLight, darker),
        };
        if picture.is_lossy() {
            least = least.max((u16::from(strongest) / FAINTEST) as u8);
        }
        if strongest < least.max(BLANK) {
            return None;
        }
        let ink = |&level: &u8| match polarity.strength(level, ground) {
            faint if faint < least => 0,
            full if strongest >= FULL => full,
            some => stronger(some, strongest),
        };
        Some(Self {
            rows,
            columns,
            levels: levels.iter().map(ink).collect(),
            polarity,
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

/// The outermost pixels.
fn border(levels: &[u8], rows: usize, columns: usize) -> Vec<u8> {
    let is_outermost = |&(place, _): &(usize, &u8)| {
        let (row, column) = (place / columns, place % columns);
        row == 0 || row + 1 == rows || column == 0 || column + 1 == columns
    };
    let outermost = levels.iter().enumerate().filter(is_outermost);
    outermost.map(|(_, &level)| level).collect()
}

fn median(mut levels: Vec<u8>) -> u8 {
    let middle = levels.len() / 2;
    *levels.select_nth_unstable(middle).1
}
