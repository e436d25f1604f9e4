//! How samples are prepared and compared.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::session::Session;
use crate::app::{Error, Result};
use crate::classifier::centre::{centre, centre_of};
use crate::classifier::model::ModelFile;
use crate::data::Dataset;
use crate::data::feature_files::{ArrayAt, read_row};
use crate::data::recipe::{Preparation, Recipe};

impl ValueEnum for Recipe {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.formula()))
    }
}

/// How samples are prepared and compared.
#[derive(Debug, clap::Args)]
pub(super) struct RecipeArguments {
    /// How to prepare samples and compare them with means [default: euclidean]
    ///
    /// The recipes that are in use for features of networks. Under one other than euclidean,
    /// images are vectors of their levels.
    #[arg(long, value_enum, value_name = "RECIPE")]
    recipe: Option<Recipe>,

    /// For cl2n: the row to subtract, instead of the mean of all training samples
    ///
    /// A .npy of as many values as samples have; a saved euclidean model, MODEL.npz, of whose
    /// samples it is the mean; or the one that a saved cl2n model has, MODEL.npz:centre.
    #[arg(long, value_name = "FILE", requires = "recipe")]
    centre: Option<PathBuf>,
}

impl RecipeArguments {
    /// Samples as they are, or as a model's were.
    pub(super) const NONE: Self = Self {
        recipe: None,
        centre: None,
    };

    /// The samples of a dataset as the recipe has them, or as those of the model were
    /// prepared that is asked about them.
    pub(super) fn prepare(
        &self,
        dataset: Dataset,
        model: Option<&ModelFile>,
        session: &mut Session,
    ) -> Result<Dataset> {
        let preparation = match model {
            Some(file) => {
                self.check_alone("--model")?;
                file.model.preparation()
            }
            None => {
                let recipe = self.recipe.unwrap_or_default();
                match self.named_centre()? {
                    Some(centre) => Preparation::new(recipe, Some(centre))?,
                    None => preparation(recipe, &dataset, session)?,
                }
            }
        };
        prepared(dataset, &preparation, session)
    }

    /// As [`prepare`](Self::prepare) without a model, where nothing is timed.
    pub(super) fn prepared(&self, dataset: Dataset) -> Result<Dataset> {
        let recipe = self.recipe.unwrap_or_default();
        let preparation = match self.named_centre()? {
            Some(centre) => Preparation::new(recipe, Some(centre))?,
            None => of_dataset(recipe, &dataset)?,
        };
        Ok(dataset.prepared(&preparation)?)
    }

    /// Whether the recipe has a centre, and none was named.
    pub(super) fn needs_centre(&self) -> bool {
        self.centre.is_none() && self.recipe.is_some_and(Recipe::centres)
    }

    /// The centre that was named, if any.
    fn named_centre(&self) -> Result<Option<Vec<f32>>> {
        let Some(path) = &self.centre else {
            return Ok(None);
        };
        if !self.recipe.is_some_and(Recipe::centres) {
            return Err(Error::Usage(
                "--centre is for the recipe cl2n alone; leave it out".into(),
            ));
        }
        let at = ArrayAt::named(path);
        Ok(Some(
            match at.array.is_none() && ModelFile::is_at(&at.path) {
                true => mean_of_model(&at.path)?,
                false => read_row(&at)?,
            },
        ))
    }

    /// Checks that no recipe was named beside a model, which brings its own.
    pub(super) fn check_alone(&self, model: &str) -> Result<()> {
        match self.recipe {
            None => Ok(()),
            Some(_) => Err(Error::Usage(format!(
                "{model} brings its own recipe; leave --recipe out"
            ))),
        }
    }

    /// The words of a command, with this option where it was given.
    pub(super) fn with<'a>(&self, words: &[&'a str]) -> Vec<Cow<'a, str>> {
        let recipe = self.recipe.map(Recipe::name);
        let own = recipe.map(|name| [Cow::from("--recipe"), name.into()]);
        let centre = self.centre.as_ref();
        let centre = centre.map(|path| ["--centre".into(), path.display().to_string().into()]);
        let words = words.iter().map(|&word| word.into());
        let own = own.into_iter().chain(centre).flatten();
        words.chain(own).collect()
    }
}

/// The mean of all samples of a model in a file, which were not prepared.
fn mean_of_model(path: &Path) -> Result<Vec<f32>> {
    let model = ModelFile::read(path)?.model;
    if model.recipe() == Recipe::Euclidean {
        return Ok(centre_of(model.sums())?);
    }
    let found = format!("a model of {} samples", model.recipe().name());
    let expected = "one of euclidean samples, whose mean is the centre";
    let advice =
        "name a model of that recipe, or FILE.npz:centre for the centre that a cl2n model has";
    Err(crate::error::Error::bad_file(path, found, expected, advice).into())
}

/// A recipe for a dataset, with the centre of its training samples where it has one.
pub(super) fn preparation(
    recipe: Recipe,
    dataset: &Dataset,
    session: &mut Session,
) -> Result<Preparation> {
    if !recipe.centres() {
        return of_dataset(recipe, dataset);
    }
    session.progress.stage("finding the mean of all samples");
    let timings = &mut session.timings;
    timings.time("centre", || of_dataset(recipe, dataset))
}

fn of_dataset(recipe: Recipe, dataset: &Dataset) -> Result<Preparation> {
    let centre = recipe.centres().then(|| centre(dataset.train()));
    Ok(Preparation::new(recipe, centre.transpose()?)?)
}

/// A dataset with its samples as a recipe has them.
pub(super) fn prepared(
    dataset: Dataset,
    preparation: &Preparation,
    session: &mut Session,
) -> Result<Dataset> {
    if *preparation == Preparation::default() {
        return Ok(dataset);
    }
    let prepare = || dataset.prepared(preparation);
    Ok(session.timings.time("prepare", prepare)?)
}
