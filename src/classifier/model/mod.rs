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
    float_means: Computed,
}

/// The means of sums of floats, computed when they are first asked for.
#[derive(Clone, Debug, Default)]
struct Computed(Arc<OnceLock<FloatMeans>>);

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
            float_means: Computed::default(),
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
        Ok(self.float_means.0.get_or_init(|| sums.means()))
    }
}
