//! Sums that are added to others, and taken away again.

use std::mem;

use super::wide::Wide;
use super::{FloatSums, MOST_CLASSES, MOST_ROWS};
use crate::classifier::arranged::arranged;
use crate::data::MOST_PIXELS;
use crate::data::recipe::Preparation;
use crate::error::{Error, Result};

impl FloatSums {
    /// The sums over no rows.
    ///
    /// # Errors
    /// When there is no class or more than [`MOST_CLASSES`], or rows have no values or more
    /// than [`MOST_PIXELS`].
    pub fn empty(dim: usize, classes: usize) -> Result<Self> {
        let len = (dim.checked_mul(classes))
            .filter(|&len| len > 0 && dim <= MOST_PIXELS && classes <= MOST_CLASSES)
            .ok_or_else(|| Error::Invalid(format!("{classes} classes of {dim} values")))?;
        Ok(Self {
            dim,
            counts: vec![0; classes],
            sums: Wide::zeros(len),
            preparation: Preparation::default(),
        })
    }

    /// The sums of other classes: class c has those of `from[c]`, or none.
    ///
    /// # Errors
    /// When there is no class, one of these does not exist, or there are more than
    /// [`MOST_CLASSES`].
    pub fn arranged(&self, from: &[Option<usize>]) -> Result<Self> {
        let counts = arranged(&self.counts, 1, from)?;
        let limbs = arranged(self.limbs(), self.dim * self.width(), from)?;
        let sums = Self::new(self.dim, counts, self.exponent(), self.width(), limbs)?;
        sums.prepared_by(self.preparation.clone())
    }

    /// Adds the sums over other rows: `sums(A) + sums(B) = sums(A ∪ B)` for disjoint
    /// sets. The order of additions makes no difference to any bit.
    ///
    /// # Errors
    /// When the classes, dims or preparations differ, or a class would get more rows than allowed.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.combine(other, u64::checked_add, false)
    }

    /// Takes the sums over some of these rows away.
    ///
    /// # Errors
    /// When the classes, dims or preparations differ, or what would remain cannot be the sums of rows.
    pub fn subtract(&mut self, other: &Self) -> Result<()> {
        self.combine(other, u64::checked_sub, true)
    }

    fn combine(
        &mut self,
        other: &Self,
        count: impl Fn(u64, u64) -> Option<u64>,
        subtract: bool,
    ) -> Result<()> {
        if (self.classes(), self.dim) != (other.classes(), other.dim) {
            return Err(Error::Invalid(format!(
                "sums of {} classes of {} values do not go with {} classes of {}",
                other.classes(),
                other.dim,
                self.classes(),
                self.dim
            )));
        }
        if self.preparation != other.preparation {
            let [own, others] = [self, other].map(|sums| sums.preparation.recipe().name());
            return Err(Error::Invalid(match own == others {
                true => format!("sums of {own} with two different centres"),
                false => format!("sums of {others} samples do not go with sums of {own}"),
            }));
        }
        let pairs = self.counts.iter().zip(&other.counts);
        let counts = pairs.map(|(&own, &other)| count(own, other)).collect();
        let counts: Option<Vec<u64>> = counts;
        let counts =
            counts.ok_or_else(|| Error::Invalid("numbers of rows that no sums have".into()))?;
        if !subtract {
            if counts.iter().any(|&count| count > MOST_ROWS) {
                return Err(Error::Invalid("more rows than a class may have".into()));
            }
            // The sums over rows of both are sums over rows.
            let mut sums = mem::replace(&mut self.sums, Wide::zeros(0));
            sums.add(&other.sums, false);
            (self.counts, self.sums) = (counts, sums.lowest_terms());
            return Ok(());
        }
        let mut sums = self.sums.clone();
        sums.add(&other.sums, true);
        let combined = Self::checked(self.dim, counts, sums)?;
        *self = combined.prepared_by(self.preparation.clone())?;
        Ok(())
    }
}
