//! What the images of a model look like: which levels they have, and which their
//! outermost pixels. Histograms are exact, so like class sums they add up to those
//! of the union.

#[cfg(feature = "arrays")]
mod arrays;

use std::ops::AddAssign;

use rayon::prelude::*;

use crate::classifier::levels::Levels;
use crate::data::{Images, LabelledImages, Source, Split};
use crate::error::Result;

/// Images that one thread counts at a time.
const TOGETHER: usize = 1_024;

/// The strongest level is one that at most one pixel of ink in so many exceeds.
const SHARE: u128 = 1_000;

/// How often each level is in images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    all: [u64; 256],
    outermost: [u64; 256],
}

impl Look {
    /// From how often each level is in all pixels, and in the outermost.
    pub fn new(all: [u64; 256], outermost: [u64; 256]) -> Self {
        Self { all, outermost }
    }

    /// The look of the images of a source.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn of(source: &Source) -> Result<Self> {
        let mut look = Self::default();
        let mut batches = source.batches();
        while let Some(batch) = batches.next() {
            let batch = batch?;
            look += &Self::of_split(&batch);
            batches.give_back(batch);
        }
        Ok(look)
    }

    /// The look of the images of a split; nothing of other samples.
    pub fn of_split(split: &Split) -> Self {
        let Some(images) = split.images().map(LabelledImages::images) else {
            return Self::default();
        };
        let starts = (0..images.len()).into_par_iter().step_by(TOGETHER);
        let counted = starts.map(|start| {
            let mut counts = Counts::default();
            (start..images.len().min(start + TOGETHER)).for_each(|at| counts.add(images, at));
            counts.look()
        });
        counted.reduce(Self::default, |mut one, other| {
            one += &other;
            one
        })
    }

    /// The look of these images but those of `part`; `None` where they are not among these.
    pub fn without(&self, part: &Self) -> Option<Self> {
        let minus = |all: &[u64; 256], part: &[u64; 256]| -> Option<[u64; 256]> {
            let both = all.iter().zip(part);
            let left: Option<Vec<u64>> = both.map(|(&all, &part)| all.checked_sub(part)).collect();
            left?.try_into().ok()
        };
        let all = minus(&self.all, &part.all)?;
        Some(Self::new(all, minus(&self.outermost, &part.outermost)?))
    }

    /// A sentence where images of this look and of that cannot be compared as they
    /// are, this one being that of a model's images.
    pub fn apart_from(&self, other: &Self) -> Option<String> {
        let (own, others) = (self.levels()?, other.levels()?);
        (!own.are_like(others)).then(|| {
            format!(
                "the model's images have ink of level {} on a ground of {}, these have ink of {} \
                 on {}, so the distances say little",
                own.full, own.ground, others.full, others.ground
            )
        })
    }

    /// How often each level is in all pixels.
    pub fn all(&self) -> &[u64; 256] {
        &self.all
    }

    /// How often each level is in the outermost pixels.
    pub fn outermost(&self) -> &[u64; 256] {
        &self.outermost
    }

    /// Ground and ink, or nothing where most of the outermost pixels are not about
    /// as light as each other, or nothing stands out from them.
    pub fn levels(&self) -> Option<Levels> {
        let ground = median(&self.outermost);
        let side = |is_lighter: bool| {
            let counted = (0_u8..=255).filter(move |&level| match is_lighter {
                true => level > ground,
                false => level < ground,
            });
            counted.map(|level| (level, u128::from(self.all[usize::from(level)])))
        };
        let mass = |is_lighter: bool| -> u128 {
            let weighed =
                side(is_lighter).map(|(level, count)| u128::from(level.abs_diff(ground)) * count);
            weighed.sum()
        };
        let is_lighter = mass(true) >= mass(false);
        let mut ink: Vec<(u8, u128)> = side(is_lighter).collect();
        if is_lighter {
            ink.reverse();
        }
        let enough = ink.iter().map(|&(_, count)| count).sum::<u128>() / SHARE;
        let mut beyond = 0;
        let full = ink.iter().find(|&&(_, count)| {
            beyond += count;
            beyond > enough
        });
        let levels = Levels {
            ground,
            full: full?.0,
        };
        let close = (0_u8..=255).filter(|&level| levels.is_ground(level));
        let close = close.map(|level| self.outermost[usize::from(level)]);
        (2 * total(close) >= total(self.outermost)).then_some(levels)
    }
}

/// How often each level is, in several tables each: equal levels that follow each other, as
/// those of the ground do, would have to wait for each other in one.
struct Counts {
    all: [[u64; 256]; LANES],
    outermost: [[u64; 256]; LANES],
}

/// Tables of a histogram.
const LANES: usize = 4;

impl Default for Counts {
    fn default() -> Self {
        Self {
            all: [[0; 256]; LANES],
            outermost: [[0; 256]; LANES],
        }
    }
}

impl Counts {
    fn add(&mut self, images: &Images, index: usize) {
        let (image, columns) = (images.image(index), images.columns());
        count(&mut self.all, image);
        let last = image.len() - columns;
        count(&mut self.outermost, &image[..columns]);
        if last == 0 {
            return;
        }
        count(&mut self.outermost, &image[last..]);
        let [left, right, third, fourth] = &mut self.outermost;
        for (row, levels) in image[columns..last].chunks_exact(columns).enumerate() {
            let [left, right] = match row % 2 {
                0 => [&mut *left, &mut *right],
                _ => [&mut *third, &mut *fourth],
            };
            left[usize::from(levels[0])] += 1;
            if columns > 1 {
                right[usize::from(levels[columns - 1])] += 1;
            }
        }
    }

    fn look(&self) -> Look {
        let sum = |tables: &[[u64; 256]; LANES]| {
            std::array::from_fn(|level| tables.iter().map(|table| table[level]).sum())
        };
        Look::new(sum(&self.all), sum(&self.outermost))
    }
}

fn count(tables: &mut [[u64; 256]; LANES], levels: &[u8]) {
    let (blocks, rest) = levels.as_chunks::<LANES>();
    for block in blocks {
        for (table, &level) in tables.iter_mut().zip(block) {
            table[usize::from(level)] += 1;
        }
    }
    for &level in rest {
        tables[0][usize::from(level)] += 1;
    }
}

/// Counts from a file may add up to more than 64 bits.
fn total(counts: impl IntoIterator<Item = u64>) -> u128 {
    counts.into_iter().map(u128::from).sum()
}

/// The level that half of all are at or below.
fn median(histogram: &[u64; 256]) -> u8 {
    let half = total(*histogram).div_ceil(2);
    let mut below = 0;
    let reached = histogram.iter().position(|&count| {
        below += u128::from(count);
        below >= half
    });
    // There are 256 levels.
    reached.unwrap_or(0) as u8
}

/// The look of no images.
impl Default for Look {
    fn default() -> Self {
        Self::new([0; 256], [0; 256])
    }
}

/// The look of both together.
impl AddAssign<&Look> for Look {
    fn add_assign(&mut self, other: &Look) {
        let add = |one: &mut [u64; 256], other: &[u64; 256]| {
            one.iter_mut()
                .zip(other)
                .for_each(|(one, other)| *one += other);
        };
        add(&mut self.all, &other.all);
        add(&mut self.outermost, &other.outermost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(all: &[(u8, u64)], outermost: &[(u8, u64)]) -> Look {
        let histogram = |counts: &[(u8, u64)]| {
            let mut histogram = [0; 256];
            counts
                .iter()
                .for_each(|&(level, count)| histogram[usize::from(level)] = count);
            histogram
        };
        Look::new(histogram(all), histogram(outermost))
    }

    #[test]
    fn levels_are_counted() -> Result<()> {
        let by_hand = |rows: usize, columns: usize, pixels: &[u8]| {
            let mut look = Look::default();
            for (at, &level) in pixels.iter().enumerate() {
                let (row, column) = (at / columns % rows, at % columns);
                look.all[usize::from(level)] += 1;
                let is_end = |at: usize, count: usize| at == 0 || at + 1 == count;
                if is_end(row, rows) || is_end(column, columns) {
                    look.outermost[usize::from(level)] += 1;
                }
            }
            look
        };
        for (rows, columns) in [(1, 1), (1, 7), (7, 1), (2, 2), (2, 3), (5, 4), (28, 28)] {
            let pixels: Vec<u8> = (0..3 * rows * columns)
                .map(|at| (at * at / 3) as u8)
                .collect();
            let images = Images::new(rows, columns, pixels.clone())?;
            let found = Look::of_split(&Split::new(images, vec![0; 3], 1)?);
            assert_eq!(found, by_hand(rows, columns, &pixels), "{rows} × {columns}");
        }
        Ok(())
    }

    #[test]
    fn ground_and_ink_are_found() {
        for (all, outermost, expected) in [
            (&[(0, 80), (255, 20)][..], &[(0, 9)][..], Some([0, 255])),
            (&[(255, 80), (0, 20)], &[(255, 9)], Some([255, 0])),
            (
                &[(0, 80), (7, 10), (15, 10)],
                &[(0, 9), (15, 1)],
                Some([0, 15]),
            ),
            // One pixel in ten thousand is no measure.
            (
                &[(0, 9_000), (100, 9_990), (255, 1)],
                &[(0, 9)],
                Some([0, 100]),
            ),
            // Photographs have no ground.
            (
                &[(0, 9), (90, 9), (180, 9), (255, 9)],
                &[(0, 9), (90, 9), (180, 9)],
                None,
            ),
            (&[(7, 9)], &[(7, 4)], None),
        ] {
            let found = look(all, outermost).levels();
            assert_eq!(found.map(|levels| [levels.ground, levels.full]), expected);
        }
    }
}
