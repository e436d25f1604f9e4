//! The questions that a model can be asked.

use super::Model;
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::level_sums::LevelSums;
use crate::data::recipe::Preparation;
use crate::data::{Split, View};
use crate::error::{Error, Result};

/// "Which class mean of this model is nearest to each sample?", where each sample is
/// either kept in the model or first left out of its own class.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    model: &'a Model,
    leave_one_out: bool,
    places: Option<usize>,
}

impl<'a> Question<'a> {
    /// Asks about the model as it is.
    pub fn plain(model: &'a Model) -> Self {
        Self {
            model,
            leave_one_out: false,
            places: None,
        }
    }

    /// Leave-one-out: each sample is first taken out of the mean of its own class.
    /// The model must have been trained on the samples asked about.
    pub fn leave_one_out(model: &'a Model) -> Self {
        Self {
            model,
            leave_one_out: true,
            places: None,
        }
    }

    /// The same question, and whether each sample's own class is among so many nearest.
    #[must_use]
    pub fn within(self, places: usize) -> Self {
        Self {
            places: Some(places),
            ..self
        }
    }

    /// The model that is asked.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// Whether each sample is left out of its own class.
    pub fn leaves_one_out(&self) -> bool {
        self.leave_one_out
    }

    /// Among how many nearest classes a sample's own is looked for, if that is asked.
    pub fn places(&self) -> Option<usize> {
        self.places
    }

    /// The question as one about images.
    ///
    /// # Errors
    /// When the model is one of feature vectors.
    pub fn of_levels(&self) -> Result<LevelQuestion<'a>> {
        Ok(LevelQuestion {
            sums: self.model.sums().levels()?,
            leave_one_out: self.leave_one_out,
        })
    }

    /// The question as one about feature vectors.
    ///
    /// # Errors
    /// When the model is one of images.
    pub fn of_floats(&self) -> Result<FloatQuestion<'a>> {
        Ok(FloatQuestion::new(
            self.model.sums().floats()?,
            self.model.float_means()?,
            self.model.recipe().metric(),
            self.leave_one_out,
        ))
    }

    /// Checks that this question can be asked about the samples of `split`.
    ///
    /// # Errors
    /// When the samples are of another kind, shape or preparation than those of the model,
    /// when the model cannot have been trained on the samples that are to be left out, or
    /// when leaving one out would leave no class.
    pub fn check(&self, split: &Split) -> Result<()> {
        let sums = self.model.sums();
        let prepared = match split.view() {
            View::Images(_) => sums.levels().map(|_| Preparation::default())?,
            View::Rows(rows) => sums.floats().map(|_| rows.features.preparation().clone())?,
        };
        if prepared != sums.preparation() {
            let [asked, own] = [prepared, sums.preparation()].map(|it| it.recipe().name());
            return Err(Error::Invalid(match asked == own {
                true => format!("the model and the samples have different centres of {own}"),
                false => format!("the model is of {own} samples, these are {asked}"),
            }));
        }
        let (dim, classes) = (split.shape().dim(), split.classes());
        if sums.dim() != dim || sums.classes() < classes {
            let (values, samples) = match split.shape().image_size() {
                Some(_) => ("pixels", "images"),
                None => ("values", "samples"),
            };
            return Err(Error::Invalid(format!(
                "the model has {} classes of {} {values}, the {samples} {classes} classes of {dim}",
                sums.classes(),
                sums.dim()
            )));
        }
        if !self.leave_one_out {
            return Ok(());
        }
        if sums.samples() < 2 {
            return Err(Error::Invalid(
                "leaving out a model's only sample leaves no class".into(),
            ));
        }
        let mut asked = vec![0_u64; sums.classes()];
        split
            .labels()
            .iter()
            .for_each(|&label| asked[usize::from(label)] += 1);
        match (0..sums.classes()).find(|&class| asked[class] > sums.count(class)) {
            Some(class) => Err(Error::Invalid(format!(
                "leave-one-out asks about {} samples of class {class}, but the model was trained on {}",
                asked[class],
                sums.count(class)
            ))),
            None => Ok(()),
        }
    }
}

/// A question about the means of images, as fixed point and fractions take it.
#[derive(Clone, Copy, Debug)]
pub struct LevelQuestion<'a> {
    sums: &'a LevelSums,
    leave_one_out: bool,
}

impl<'a> LevelQuestion<'a> {
    /// The sums that are asked.
    pub fn sums(&self) -> &'a LevelSums {
        self.sums
    }

    /// Whether each image is left out of its own class.
    pub fn leaves_one_out(&self) -> bool {
        self.leave_one_out
    }

    /// Whether this is about the same model as the other.
    pub fn is_of_same_model(&self, other: &Self) -> bool {
        std::ptr::eq(self.sums, other.sums)
    }
}
