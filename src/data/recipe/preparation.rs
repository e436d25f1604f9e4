//! A recipe with its centre, and what it makes of samples.

use std::sync::Arc;

use super::Recipe;
use super::normalise::{TOGETHER, normalise};
use crate::data::Features;
use crate::error::{Error, Result};

/// A recipe with its centre. Samples, sums of them and models each know theirs, so that
/// what was prepared in one way is not compared with what was prepared in another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preparation {
    recipe: Recipe,
    centre: Option<Arc<[f32]>>,
}

/// A centre has finite values alone.
impl Eq for Preparation {}

impl Preparation {
    /// A recipe; `centre` is b, as many values as samples have, for the recipe that
    /// [`centres`](Recipe::centres), and `None` for the others.
    ///
    /// # Errors
    /// When a centre is missing, superfluous or not finite.
    pub fn new(recipe: Recipe, centre: Option<Vec<f32>>) -> Result<Self> {
        if centre.is_some() != recipe.centres() {
            let with = if recipe.centres() {
                "needs a"
            } else {
                "has no"
            };
            let name = recipe.name();
            return Err(Error::Invalid(format!("the recipe {name} {with} centre")));
        }
        let strange = centre.iter().flatten().find(|value| !value.is_finite());
        if let Some(strange) = strange {
            return Err(Error::Invalid(format!("a centre with the value {strange}")));
        }
        let centre = centre.map(Arc::from);
        Ok(Self { recipe, centre })
    }

    /// The recipe.
    pub fn recipe(&self) -> Recipe {
        self.recipe
    }

    /// b, for the recipe that has one.
    pub fn centre(&self) -> Option<&[f32]> {
        self.centre.as_deref()
    }

    /// Prepares rows, in their place.
    ///
    /// # Errors
    /// When they have been prepared already, or the centre has another dim.
    pub fn apply(&self, features: Features) -> Result<Features> {
        if *features.preparation() != Self::default() {
            let recipe = features.preparation().recipe.name();
            return Err(Error::Invalid(format!("samples that are {recipe} already")));
        }
        let dim = features.dim();
        if let Some(centre) = self.centre()
            && centre.len() != dim
        {
            return Err(Error::Invalid(format!(
                "a centre of {} values for samples of {dim}",
                centre.len()
            )));
        }
        let centre = self.centre();
        let prepared = match self.recipe.normalises() {
            true => features.rewritten(TOGETHER, |rows| normalise(rows, dim, centre)),
            false => features,
        };
        Ok(prepared.prepared_by(self.clone()))
    }
}
