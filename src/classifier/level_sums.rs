//! Exact integer sums of pixels per class, from which the means are computed. Integer addition
//! does not round, so the sums do not depend on the order of the images, the backend
//! or the chunks, and the sums of two sets add up to the sums of their union.

use std::ops::{Add, AddAssign};

use crate::classifier::arranged::arranged;
use crate::classifier::draw::check_draw;
use crate::data::LabelledImages;
use crate::error::{Error, Result};

/// The products in `exact` are proven to fit only for classes with fewer images
/// than this.
const MOST_IMAGES: u64 = 1 << 40;

/// The number of images in each class, and the sum of each pixel over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelSums {
    dim: usize,
    counts: Vec<u64>,
    /// `classes × dim`, class after class.
    sums: Vec<u64>,
}

impl LevelSums {
    /// Builds sums from their parts: `counts` has one entry per class, `sums` has
    /// `dim` entries per class.
    ///
    /// # Errors
    /// When the lengths do not match, or a sum exceeds 255 times the count of its
    /// class.
    pub fn new(dim: usize, counts: Vec<u64>, sums: Vec<u64>) -> Result<Self> {
        if dim == 0 || counts.is_empty() || Some(sums.len()) != counts.len().checked_mul(dim) {
            return Err(Error::Invalid(format!(
                "{} sums do not make {} classes of {dim} pixels",
                sums.len(),
                counts.len()
            )));
        }
        for (class, (&count, sums)) in counts.iter().zip(sums.chunks_exact(dim)).enumerate() {
            if count >= MOST_IMAGES || sums.iter().any(|&sum| sum > 255 * count) {
                return Err(Error::Invalid(format!(
                    "class {class} cannot have these sums with {count} images"
                )));
            }
        }
        Ok(Self { dim, counts, sums })
    }

    /// The sums over the images of a split, one image after another. This is the
    /// definition against which the faster implementations are checked.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of(split: LabelledImages<'_>) -> Result<Self> {
        Self::over(split, 0..split.len())
    }

    /// The sums over a draw: a list of images of the split, each of which counts as
    /// often as it is listed. This is the definition as well.
    ///
    /// # Errors
    /// As [`check_draw`], and as [`new`](Self::new).
    pub fn of_draw(split: LabelledImages<'_>, draw: &[u32]) -> Result<Self> {
        check_draw(split.len(), draw)?;
        Self::over(split, draw.iter().map(|&index| index as usize))
    }

    fn over(split: LabelledImages<'_>, indices: impl Iterator<Item = usize>) -> Result<Self> {
        let (dim, classes) = (split.images().dim(), split.classes());
        let (mut counts, mut sums) = (vec![0; classes], vec![0; classes * dim]);
        for index in indices {
            let class = usize::from(split.labels()[index]);
            counts[class] += 1;
            let sum = &mut sums[class * dim..][..dim];
            for (sum, &pixel) in sum.iter_mut().zip(split.images().image(index)) {
                *sum += u64::from(pixel);
            }
        }
        Self::new(dim, counts, sums)
    }

    /// Number of classes, including those without images.
    pub fn classes(&self) -> usize {
        self.counts.len()
    }

    /// Pixels per image.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The classes that have images, in order.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        (0..self.classes()).filter(|&class| self.counts[class] > 0)
    }

    /// Number of images in all classes.
    pub fn images(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Number of images in `class`.
    ///
    /// # Panics
    /// When there is no such class; [`counts`](Self::counts) lists all of them.
    pub fn count(&self, class: usize) -> u64 {
        self.counts[class]
    }

    /// Number of images in each class.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// The sum of each pixel over the images of `class`.
    ///
    /// # Panics
    /// When `class` is not below [`classes`](Self::classes).
    pub fn sum(&self, class: usize) -> &[u64] {
        &self.sums[class * self.dim..][..self.dim]
    }

    /// The class mean `S[c][d] / n[c]`, or `None` if the class has no images or
    /// does not exist.
    pub fn mean(&self, class: usize) -> Option<Vec<f64>> {
        let count = *self.counts.get(class)?;
        (count > 0).then(|| {
            self.sum(class)
                .iter()
                .map(|&sum| sum as f64 / count as f64)
                .collect()
        })
    }

    /// The class mean as an image, each pixel rounded half up to a grey level, or
    /// `None` as for [`mean`](Self::mean).
    pub fn mean_image(&self, class: usize) -> Option<Vec<u8>> {
        let count = *self.counts.get(class)?;
        // A mean of grey levels is at most 255, and a sum is below 2⁴⁸, so nothing
        // overflows.
        let level = |&sum: &u64| ((2 * sum + count) / (2 * count)) as u8;
        (count > 0).then(|| self.sum(class).iter().map(level).collect())
    }

    /// The sums of other classes: class c has those of `from[c]`, or none.
    ///
    /// # Errors
    /// When there is no class or one of these does not exist.
    pub fn arranged(&self, from: &[Option<usize>]) -> Result<Self> {
        let counts = arranged(&self.counts, 1, from)?;
        Self::new(self.dim, counts, arranged(&self.sums, self.dim, from)?)
    }

    /// Adds the sums over other images: `sums(A) + sums(B) = sums(A ∪ B)` for
    /// disjoint sets.
    ///
    /// # Errors
    /// When the classes or dims differ, or a class would get more images than
    /// allowed.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if (self.classes(), self.dim) != (other.classes(), other.dim) {
            return Err(Error::Invalid(format!(
                "sums of {} classes of {} pixels cannot be added to {} classes of {}",
                other.classes(),
                other.dim,
                self.classes(),
                self.dim
            )));
        }
        let counts = self.counts.iter().zip(&other.counts);
        if counts
            .clone()
            .any(|(one, other)| one + other >= MOST_IMAGES)
        {
            return Err(Error::Invalid("more images than a class may have".into()));
        }
        *self += other;
        Ok(())
    }
}

impl LevelSums {
    /// The sums over these images but those of `part`, which must be among them:
    /// `sums(A ∪ B) − sums(B) = sums(A)` for disjoint sets.
    ///
    /// # Errors
    /// When the classes or dims differ, or there is more in `part` than here.
    pub fn without(&self, part: &Self) -> Result<Self> {
        let minus = |all: &[u64], part: &[u64]| -> Option<Vec<u64>> {
            let both = all.iter().zip(part);
            both.map(|(&all, &part)| all.checked_sub(part)).collect()
        };
        let same_shape = (self.classes(), self.dim) == (part.classes(), part.dim);
        let counts = minus(&self.counts, &part.counts).filter(|_| same_shape);
        match counts.zip(minus(&self.sums, &part.sums)) {
            Some((counts, sums)) => Self::new(self.dim, counts, sums),
            None => Err(Error::Invalid(
                "sums cannot be taken out of sums that do not hold them".into(),
            )),
        }
    }
}

/// As [`merge`](LevelSums::merge).
///
/// # Panics
/// When classes or dims differ, which cannot happen between splits of one
/// [`Dataset`](crate::Dataset).
impl AddAssign<&LevelSums> for LevelSums {
    fn add_assign(&mut self, other: &LevelSums) {
        let shape = |sums: &LevelSums| (sums.classes(), sums.dim);
        assert_eq!(shape(self), shape(other), "class sums of different shapes");
        let add = |a: &mut [u64], b: &[u64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut self.counts, &other.counts);
        add(&mut self.sums, &other.sums);
    }
}

/// As `+=`.
impl Add for &LevelSums {
    type Output = LevelSums;

    fn add(self, other: &LevelSums) -> LevelSums {
        let mut sums = self.clone();
        sums += other;
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_merge_where_shapes_agree() -> Result<()> {
        let mut sums = LevelSums::new(1, vec![1, 0], vec![7, 0])?;
        sums.merge(&LevelSums::new(1, vec![2, 1], vec![10, 3])?)?;
        assert_eq!(sums, LevelSums::new(1, vec![3, 1], vec![17, 3])?);
        let before = sums.clone();
        assert!(sums.merge(&LevelSums::new(1, vec![1], vec![1])?).is_err());
        let most = MOST_IMAGES - 1;
        assert!(
            sums.merge(&LevelSums::new(1, vec![0, most], vec![0, 0])?)
                .is_err()
        );
        assert_eq!((&sums, sums.mean(2)), (&before, None));
        let part = LevelSums::new(1, vec![2, 1], vec![10, 3])?;
        assert_eq!(
            sums.without(&part)?,
            LevelSums::new(1, vec![1, 0], vec![7, 0])?
        );
        assert!(part.without(&sums).is_err() && sums.without(&sums)?.images() == 0);
        let wider = LevelSums::new(1, vec![1, 0, 0], vec![7, 0, 0])?;
        assert!(sums.without(&wider).is_err() && wider.without(&sums).is_err());
        Ok(())
    }
}
