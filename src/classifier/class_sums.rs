//! Exact sums per class, of images or of feature vectors, for what need not know of which.

use std::ops::{Add, AddAssign};

use rayon::prelude::*;

use crate::classifier::draw::check_draw;
use crate::classifier::float_sums::FloatSums;
use crate::classifier::level_sums::LevelSums;
use crate::data::recipe::Preparation;
use crate::data::{LabelledRows, Split, View};
use crate::error::{Error, Result};

/// The number of samples in each class, and the exact sum of each value over them. Sums
/// add: `sums(A) + sums(B) = sums(A ∪ B)` for disjoint sets, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassSums {
    /// Of images.
    Levels(LevelSums),
    /// Of feature vectors.
    Floats(FloatSums),
}

impl ClassSums {
    /// The sums over the samples of a split, one after another. This is the definition
    /// against which the faster implementations are checked.
    ///
    /// # Errors
    /// When there are more samples than sums can hold.
    pub fn of(split: &Split) -> Result<Self> {
        Self::over(split, None)
    }

    /// The sums over a draw: a list of samples of the split, each of which counts as often
    /// as it is listed. This is the definition as well.
    ///
    /// # Errors
    /// As [`of`](Self::of), and when a sample is listed that is not there.
    pub fn of_draw(split: &Split, draw: &[u32]) -> Result<Self> {
        check_draw(split.len(), draw)?;
        Self::over(split, Some(draw))
    }

    fn over(split: &Split, draw: Option<&[u32]>) -> Result<Self> {
        match (split.view(), draw) {
            (View::Images(images), None) => Ok(LevelSums::of(images)?.into()),
            (View::Images(images), Some(draw)) => Ok(LevelSums::of_draw(images, draw)?.into()),
            (View::Rows(rows), None) => {
                let sums = FloatSums::of(rows.features, rows.labels, rows.classes, 0..split.len());
                Ok(sums?.into())
            }
            (View::Rows(rows), Some(draw)) => {
                let drawn = draw.iter().map(|&index| index as usize);
                let sums = FloatSums::of(rows.features, rows.labels, rows.classes, drawn);
                Ok(sums?.into())
            }
        }
    }

    /// The sums over feature vectors, on all cores: on every backend they are the host's.
    ///
    /// # Errors
    /// When there are more than sums can hold.
    pub fn of_rows(rows: LabelledRows<'_>) -> Result<Self> {
        Ok(FloatSums::over(rows.features, rows.labels, rows.classes)?.into())
    }

    /// As [`of_rows`](Self::of_rows), over each of several draws of them.
    ///
    /// # Errors
    /// As [`of_draw`](Self::of_draw).
    pub fn of_drawn_rows(rows: LabelledRows<'_>, draws: &[&[u32]]) -> Result<Vec<Self>> {
        let sums = |draw: &&[u32]| {
            let sums = FloatSums::over_draw(rows.features, rows.labels, rows.classes, draw);
            Ok(sums?.into())
        };
        draws.par_iter().map(sums).collect()
    }

    /// The sums of pixels.
    ///
    /// # Errors
    /// When they are of feature vectors.
    pub fn levels(&self) -> Result<&LevelSums> {
        match self {
            Self::Levels(sums) => Ok(sums),
            Self::Floats(_) => Err(Error::Invalid("sums of feature vectors, not images".into())),
        }
    }

    /// The sums of feature vectors.
    ///
    /// # Errors
    /// When they are of images.
    pub fn floats(&self) -> Result<&FloatSums> {
        match self {
            Self::Levels(_) => Err(Error::Invalid("sums of images, not feature vectors".into())),
            Self::Floats(sums) => Ok(sums),
        }
    }

    /// How the samples were prepared; images always are as they are.
    pub fn preparation(&self) -> Preparation {
        match self {
            Self::Levels(_) => Preparation::default(),
            Self::Floats(sums) => sums.preparation().clone(),
        }
    }

    /// Number of classes, including those without samples.
    pub fn classes(&self) -> usize {
        self.counts().len()
    }

    /// Values per sample.
    pub fn dim(&self) -> usize {
        match self {
            Self::Levels(sums) => sums.dim(),
            Self::Floats(sums) => sums.dim(),
        }
    }

    /// Number of samples in each class.
    pub fn counts(&self) -> &[u64] {
        match self {
            Self::Levels(sums) => sums.counts(),
            Self::Floats(sums) => sums.counts(),
        }
    }

    /// Number of samples in `class`.
    ///
    /// # Panics
    /// When there is no such class; [`counts`](Self::counts) lists all of them.
    pub fn count(&self, class: usize) -> u64 {
        self.counts()[class]
    }

    /// Number of samples in all classes.
    pub fn samples(&self) -> u64 {
        self.counts().iter().sum()
    }

    /// The classes that have samples, in order.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        let counts = self.counts();
        (0..counts.len()).filter(|&class| counts[class] > 0)
    }

    /// The class mean `S[c][d] / n[c]`, or `None` if the class has no samples or does not
    /// exist.
    pub fn mean(&self, class: usize) -> Option<Vec<f64>> {
        match self {
            Self::Levels(sums) => sums.mean(class),
            Self::Floats(sums) => sums.mean(class),
        }
    }

    /// The sums of other classes: class c has those of `from[c]`, or none.
    ///
    /// # Errors
    /// When there is no class, or one of these does not exist.
    pub fn arranged(&self, from: &[Option<usize>]) -> Result<Self> {
        Ok(match self {
            Self::Levels(sums) => sums.arranged(from)?.into(),
            Self::Floats(sums) => sums.arranged(from)?.into(),
        })
    }

    /// Adds the sums over other samples.
    ///
    /// # Errors
    /// When kind, classes, dim or preparation differ, or a class would get more samples
    /// than allowed.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        match self {
            Self::Levels(sums) => sums.merge(other.levels()?),
            Self::Floats(sums) => sums.merge(other.floats()?),
        }
    }

    /// The sums over these samples but those of `part`, which must be among them.
    ///
    /// # Errors
    /// When kind, classes, dim or preparation differ, or there is more in `part` than here.
    pub fn without(&self, part: &Self) -> Result<Self> {
        Ok(match self {
            Self::Levels(sums) => sums.without(part.levels()?)?.into(),
            Self::Floats(sums) => {
                let mut rest = sums.clone();
                rest.subtract(part.floats()?)?;
                rest.into()
            }
        })
    }
}

impl From<LevelSums> for ClassSums {
    fn from(sums: LevelSums) -> Self {
        Self::Levels(sums)
    }
}

impl From<FloatSums> for ClassSums {
    fn from(sums: FloatSums) -> Self {
        Self::Floats(sums)
    }
}

/// As [`merge`](ClassSums::merge).
///
/// # Panics
/// Where that is an error, which cannot happen between splits of one
/// [`Dataset`](crate::Dataset).
impl AddAssign<&ClassSums> for ClassSums {
    fn add_assign(&mut self, other: &ClassSums) {
        self.merge(other).expect("sums of samples of one kind");
    }
}

/// As `+=`.
impl Add for &ClassSums {
    type Output = ClassSums;

    fn add(self, other: &ClassSums) -> ClassSums {
        let mut sums = self.clone();
        sums += other;
        sums
    }
}
