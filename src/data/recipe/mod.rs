//! How samples are prepared, and how they are compared with means: the five recipes
//! in use for the nearest class mean of learned features.
//!
//! | recipe | samples | nearest |
//! |---|---|---|
//! | `euclidean` | as they are | least distance to the mean |
//! | `l2n` | x/‖x‖ | least distance to the mean of those |
//! | `cl2n` | (x−b)/‖x−b‖ | the same |
//! | `cosine` | as they are | largest cosine with the mean |
//! | `icarl` | x/‖x‖ | largest cosine with the mean of those |
//!
//! Means are never normalised. The centre b is the mean of all training samples.

mod normalise;
mod preparation;

use super::Features;
use crate::error::Result;

pub use preparation::Preparation;

/// How samples are prepared and compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Recipe {
    /// As they are; least distance.
    #[default]
    Euclidean,
    /// Normalised; least distance.
    L2n,
    /// Centred, then normalised; least distance.
    Cl2n,
    /// As they are; largest cosine.
    Cosine,
    /// Normalised; largest cosine.
    Icarl,
}

/// What makes a class mean the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// The least Euclidean distance.
    Euclidean,
    /// The largest cosine; that with a zero vector is 0.
    Cosine,
}

impl Recipe {
    /// Every recipe.
    pub const ALL: [Self; 5] = [
        Self::Euclidean,
        Self::L2n,
        Self::Cl2n,
        Self::Cosine,
        Self::Icarl,
    ];

    /// Its name, as people and files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Euclidean => "euclidean",
            Self::L2n => "l2n",
            Self::Cl2n => "cl2n",
            Self::Cosine => "cosine",
            Self::Icarl => "icarl",
        }
    }

    /// The recipe of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|recipe| recipe.name() == name)
    }

    /// What it does, in short.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Euclidean => "samples as they are, least distance",
            Self::L2n => "x/|x|, least distance",
            Self::Cl2n => "(x - b)/|x - b|, b the mean of all training samples, least distance",
            Self::Cosine => "samples as they are, largest cosine",
            Self::Icarl => "x/|x|, largest cosine",
        }
    }

    /// How prepared samples are compared with means.
    pub fn metric(self) -> Metric {
        match self {
            Self::Euclidean | Self::L2n | Self::Cl2n => Metric::Euclidean,
            Self::Cosine | Self::Icarl => Metric::Cosine,
        }
    }

    /// Whether samples are divided by their norm.
    pub fn normalises(self) -> bool {
        matches!(self, Self::L2n | Self::Cl2n | Self::Icarl)
    }

    /// Whether the centre is first subtracted from samples.
    pub fn centres(self) -> bool {
        self == Self::Cl2n
    }

    /// Prepares rows, in their place, as [`Preparation::apply`] does.
    ///
    /// # Errors
    /// As [`Preparation::new`] and [`Preparation::apply`].
    pub fn prepare(self, features: Features, centre: Option<&[f32]>) -> Result<Features> {
        Preparation::new(self, centre.map(<[f32]>::to_vec))?.apply(features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_have_names_and_say_what_they_do() {
        for recipe in Recipe::ALL {
            assert_eq!(Recipe::named(recipe.name()), Some(recipe));
        }
        assert_eq!(Recipe::named("L2N"), None);
        let normalising = Recipe::ALL.map(Recipe::normalises);
        assert_eq!(normalising, [false, true, true, false, true]);
        assert_eq!(Recipe::Icarl.metric(), Metric::Cosine);
        assert_eq!(Recipe::Cl2n.metric(), Metric::Euclidean);
    }
}
