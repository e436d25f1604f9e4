//! A trained classifier, and the questions that it can be asked.

mod question;

#[cfg(feature = "arrays")]
mod digest;
#[cfg(feature = "arrays")]
mod file;
#[cfg(feature = "cli")]
mod inside;
#[cfg(feature = "arrays")]
mod overlap;
#[cfg(feature = "arrays")]
mod parts;

use std::any::Any;
use std::sync::{Arc, OnceLock};

use crate::classifier::class_sums::ClassSums;
use crate::classifier::float_sums::FloatMeans;
use crate::classifier::look::Look;
use crate::data::recipe::{Preparation, Recipe};
use crate::error::{Error, Result};

pub use question::{LevelQuestion, Question};

#[cfg(feature = "cli")]
pub use inside::{Inside, inside};
#[cfg(feature = "arrays")]
pub use {
    file::ModelFile,
    overlap::{Overlap, overlaps},
    parts::Parts,
};

/// Class sums, with a note of what they were trained on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    trained_on: String,
    sums: ClassSums,
    look: Option<Box<Look>>,
    computed: Computed,
}

/// What is computed from the sums when it is first asked for.
#[derive(Clone, Debug, Default)]
struct Computed(Arc<Slots>);

#[derive(Debug, Default)]
struct Slots {
    /// The means of sums of floats.
    float_means: OnceLock<FloatMeans>,
    /// What a backend made of them.
    prepared: OnceLock<Arc<dyn Any + Send + Sync>>,
}

/// What is derived from equal sums is equal, computed or not.
impl PartialEq for Computed {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Computed {}

impl Model {
    /// A model from the sums over a training set called `trained_on`.
    ///
    /// # Errors
    /// When no class has a sample, since then no class could be nearest.
    pub fn new(trained_on: impl Into<String>, sums: impl Into<ClassSums>) -> Result<Self> {
        Self::unchecked(trained_on.into(), sums.into()).trained()
    }

    /// As [`new`](Self::new), of sums that others may be added to, so that they may be of no
    /// samples. Such a model is asked nothing.
    #[cfg(feature = "arrays")]
    pub(crate) fn new_part(trained_on: impl Into<String>, sums: impl Into<ClassSums>) -> Self {
        Self::unchecked(trained_on.into(), sums.into())
    }

    fn unchecked(trained_on: String, sums: ClassSums) -> Self {
        Self {
            trained_on,
            sums,
            look: None,
            computed: Computed::default(),
        }
    }

    /// This model, if some class has a sample.
    pub(crate) fn trained(self) -> Result<Self> {
        match self.sums.samples() {
            0 => Err(Error::Invalid(format!(
                "a model of no samples ({})",
                self.trained_on
            ))),
            _ => Ok(self),
        }
    }

    /// The same model, knowing what the images that it was trained on look like.
    ///
    /// # Errors
    /// When the sums are not of images that look so.
    pub fn with_look(self, look: Look) -> Result<Self> {
        let sums = self.sums.levels()?;
        let images = sums.images();
        let pixels = u128::from(images) * sums.dim() as u128;
        let counted = |histogram: &[u64; 256]| -> u128 {
            histogram.iter().map(|&count| u128::from(count)).sum()
        };
        let levels = (0_u128..).zip(look.all());
        let mass: u128 = levels
            .map(|(level, &count)| level * u128::from(count))
            .sum();
        let classes = 0..sums.classes();
        let all = classes.flat_map(|class| sums.sum(class));
        let expected: u128 = all.map(|&sum| u128::from(sum)).sum();
        let mut both = look.all().iter().zip(look.outermost());
        let outermost = counted(look.outermost());
        let fits = counted(look.all()) == pixels
            && mass == expected
            && outermost > 0
            && outermost % u128::from(images) == 0
            && both.all(|(all, outermost)| all >= outermost);
        match fits {
            true => Ok(Self {
                look: Some(Box::new(look)),
                ..self
            }),
            false => Err(Error::Invalid(
                "levels that are not those of the images in the sums".into(),
            )),
        }
    }

    /// What the images look like, where that is known.
    pub fn look(&self) -> Option<&Look> {
        self.look.as_deref()
    }

    /// What the model was trained on, such as `train+test`.
    pub fn trained_on(&self) -> &str {
        &self.trained_on
    }

    /// The sums that the means come from.
    pub fn sums(&self) -> &ClassSums {
        &self.sums
    }

    /// How the samples are prepared that it was trained on, and those that it is asked about.
    pub fn preparation(&self) -> Preparation {
        self.sums.preparation()
    }

    /// The recipe of that.
    pub fn recipe(&self) -> Recipe {
        self.preparation().recipe()
    }

    /// The means of feature vectors, computed once.
    ///
    /// # Errors
    /// When the sums are of images.
    pub fn float_means(&self) -> Result<&FloatMeans> {
        let sums = self.sums.floats()?;
        Ok(self.computed.0.float_means.get_or_init(|| sums.means()))
    }

    /// What a backend makes of the sums for its own use. It is made once for all batches, and
    /// kept; where another type is kept already, it is made anew each time.
    pub(crate) fn prepared<T: Any + Send + Sync>(&self, make: impl Fn() -> T) -> Arc<T> {
        let slot = &self.computed.0.prepared;
        let kept = slot.get().cloned().unwrap_or_else(|| {
            // Not under the lock: a thread that waits for others might come here again.
            let made: Arc<dyn Any + Send + Sync> = Arc::new(make());
            slot.get_or_init(|| made).clone()
        });
        kept.downcast().unwrap_or_else(|_| Arc::new(make()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::classifier::level_sums::LevelSums;

    #[test]
    fn what_a_backend_makes_of_the_sums_is_made_once() -> Result<()> {
        let model = Model::new("train", LevelSums::new(1, vec![1], vec![7])?)?;
        let made = Cell::new(0);
        let make = |what: u8| {
            made.set(made.get() + 1);
            what
        };
        assert_eq!(*model.prepared(|| make(1)), 1);
        assert_eq!(*model.clone().prepared(|| make(2)), 1);
        assert_eq!(made.get(), 1);
        // Of another type, each time.
        assert_eq!(*model.prepared(|| Some(make(3))), Some(3));
        assert_eq!(*model.prepared(|| Some(make(4))), Some(4));
        assert_eq!(*model.prepared(|| make(5)), 1);
        Ok(())
    }
}
