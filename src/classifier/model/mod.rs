//! A trained classifier, and the questions that it can be asked.

#[cfg(feature = "arrays")]
mod file;
#[cfg(feature = "cli")]
mod inside;

use crate::classifier::class_sums::ClassSums;
use crate::classifier::look::Look;
use crate::data::Split;
use crate::error::{Error, Result};

#[cfg(feature = "arrays")]
pub use file::ModelFile;
#[cfg(feature = "cli")]
pub use inside::{Inside, inside};

/// Class sums, with a note of what they were trained on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    trained_on: String,
    sums: ClassSums,
    look: Option<Box<Look>>,
}

impl Model {
    /// A model from the sums over a training set called `trained_on`.
    ///
    /// # Errors
    /// When no class has an image, since then no class could be nearest.
    pub fn new(trained_on: impl Into<String>, sums: ClassSums) -> Result<Self> {
        let trained_on = trained_on.into();
        match sums.images() {
            0 => Err(Error::Invalid(format!(
                "a model of no images ({trained_on})"
            ))),
            _ => Ok(Self {
                trained_on,
                sums,
                look: None,
            }),
        }
    }

    /// The same model, knowing what the images that it was trained on look like.
    ///
    /// # Errors
    /// When the sums are not of images that look so.
    pub fn with_look(self, look: Look) -> Result<Self> {
        let images = self.sums.images();
        let pixels = u128::from(images) * self.sums.dim() as u128;
        let counted = |histogram: &[u64; 256]| -> u128 {
            histogram.iter().map(|&count| u128::from(count)).sum()
        };
        let levels = (0_u128..).zip(look.all());
        let mass: u128 = levels
            .map(|(level, &count)| level * u128::from(count))
            .sum();
        let classes = 0..self.sums.classes();
        let sums = classes.flat_map(|class| self.sums.sum(class));
        let expected: u128 = sums.map(|&sum| u128::from(sum)).sum();
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
}

/// "Which class mean of this model is nearest to each image?", where each image is
/// either kept in the model or first left out of its own class.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    model: &'a Model,
    leave_one_out: bool,
}

impl<'a> Question<'a> {
    /// Asks about the model as it is.
    pub fn plain(model: &'a Model) -> Self {
        Self {
            model,
            leave_one_out: false,
        }
    }

    /// Leave-one-out: each image is first taken out of the mean of its own class.
    /// The model must have been trained on the images asked about.
    pub fn leave_one_out(model: &'a Model) -> Self {
        Self {
            model,
            leave_one_out: true,
        }
    }

    /// The model that is asked.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Whether each image is left out of its own class.
    pub fn leaves_one_out(&self) -> bool {
        self.leave_one_out
    }

    /// Checks that this question can be asked about the images of `split`.
    ///
    /// # Errors
    /// When the shapes differ, when the model cannot have been trained on the
    /// images that are to be left out, or when leaving one out would leave no
    /// class.
    pub fn check(&self, split: &Split) -> Result<()> {
        let sums = self.model.sums();
        let (dim, classes) = (split.images().dim(), split.classes());
        if sums.dim() != dim || sums.classes() < classes {
            return Err(Error::Invalid(format!(
                "the model has {} classes of {} pixels, the images {classes} classes of {dim}",
                sums.classes(),
                sums.dim()
            )));
        }
        if !self.leave_one_out {
            return Ok(());
        }
        if sums.images() < 2 {
            return Err(Error::Invalid(
                "leaving out a model's only image leaves no class".into(),
            ));
        }
        let mut asked = vec![0_u64; sums.classes()];
        split
            .labels()
            .iter()
            .for_each(|&label| asked[usize::from(label)] += 1);
        match (0..sums.classes()).find(|&class| asked[class] > sums.count(class)) {
            Some(class) => Err(Error::Invalid(format!(
                "leave-one-out asks about {} images of class {class}, but the model was trained on {}",
                asked[class],
                sums.count(class)
            ))),
            None => Ok(()),
        }
    }
}
