//! Which model to use: one from a file, one that is made of the dataset, or
//! one that the program carries.

use std::path::{Path, PathBuf};

use super::backend_arguments::Chosen;
use super::data_arguments::DataArguments;
use super::recipe_arguments::RecipeArguments;
use super::session::Session;
use super::training::{TrainOn, knowing, train};
use crate::app;
use crate::classifier::model::{Inside, ModelFile, inside};
use crate::data::class_table::united;
use crate::data::{Dataset, Memory, Shape};
use crate::error::{Error, Result};

/// Which model to use.
#[derive(Debug, clap::Args)]
pub(super) struct ModelArguments {
    /// Images to compute the means from [default: train]
    #[arg(long, value_enum, value_name = "IMAGES")]
    pub(super) train_on: Option<TrainOn>,

    /// Model file to use instead of training, written by `ncm means --save`
    #[arg(long, value_name = "FILE.npz", conflicts_with = "train_on")]
    pub(super) model: Option<PathBuf>,
}

impl ModelArguments {
    /// Whether one was named.
    pub(super) fn is_given(&self) -> bool {
        self.model.is_some() || self.train_on.is_some()
    }

    /// The files that are read where this model is used, with a dataset or alone.
    pub(super) fn inputs(&self, dataset: Option<&Dataset>) -> Vec<PathBuf> {
        let dataset = dataset.map_or(&[][..], Dataset::files);
        self.model.iter().chain(dataset).cloned().collect()
    }

    /// What the means are made of where they are not from a file.
    pub(super) fn train_on(&self) -> TrainOn {
        self.train_on.unwrap_or_default()
    }

    /// The model in the file that was named, if any.
    pub(super) fn read(&self) -> Result<Option<ModelFile>> {
        self.model.as_deref().map(ModelFile::read).transpose()
    }

    /// The dataset and the model that was read, if any, which must fit it.
    pub(super) fn fitting(
        &self,
        read: Option<ModelFile>,
        dataset: Dataset,
    ) -> Result<(Dataset, Option<ModelFile>)> {
        match self.model.as_deref().zip(read) {
            None => Ok((dataset, None)),
            Some((path, file)) => {
                let (dataset, file) = fitting(path, file, dataset)?;
                Ok((dataset, Some(file)))
            }
        }
    }

    /// The dataset as a recipe has it, and the model in the file that was named, else one
    /// made of the dataset.
    pub(super) fn of(
        &self,
        dataset: Dataset,
        recipe: &RecipeArguments,
        session: &mut Session,
    ) -> app::Result<(Dataset, ModelFile)> {
        let read = self.read()?;
        let dataset = recipe.prepare(dataset, read.as_ref(), session)?;
        let (dataset, file) = self.fitting(read, dataset)?;
        let file = match file {
            Some(file) => file,
            None => train(self.train_on(), &dataset, session)?,
        };
        Ok((dataset, file))
    }

    /// Whether a model and a dataset were named, where one of them is enough.
    pub(super) fn check_alone(&self, data: &DataArguments) -> app::Result<()> {
        if self.model.is_some() && data.is_given() {
            return Err(app::Error::Usage(
                "--model and --data both say where the means are from; leave one of the two out"
                    .into(),
            ));
        }
        Ok(())
    }

    /// The model in the file that was named; where a dataset was named, one
    /// made of it; else one that the program carries.
    pub(super) fn ready(
        &self,
        data: &DataArguments,
        recipe: &RecipeArguments,
        chosen: Chosen,
    ) -> app::Result<(Session, ModelFile)> {
        self.check_alone(data)?;
        if let Some(path) = &self.model {
            recipe.check_alone(&path.display().to_string())?;
        } else if !data.is_given() {
            recipe.check_alone("the model inside the program")?;
        }
        let (mut session, found) = Session::open(chosen, "reading the model", |_, _, progress| {
            Ok(match (&self.model, data.is_given()) {
                (Some(path), _) => Found::Model(Box::new(ModelFile::read(path)?)),
                (None, true) => {
                    let found = data.find(progress)?;
                    Found::Dataset(Box::new(found.place.open(Memory::default())?))
                }
                (None, false) => Found::Model(Box::new(inside(match self.train_on() {
                    TrainOn::Train => Inside::Train,
                    TrainOn::TrainAndTest => Inside::TrainAndTest,
                }))),
            })
        })?;
        let model = match found {
            Found::Model(model) => *model,
            Found::Dataset(dataset) => {
                let dataset = recipe.prepare(*dataset, None, &mut session)?;
                let model = train(self.train_on(), &dataset, &mut session)?;
                knowing(model, self.train_on(), &dataset)?
            }
        };
        Ok((session, model))
    }
}

enum Found {
    Model(Box<ModelFile>),
    Dataset(Box<Dataset>),
}

/// A dataset and the model of a file, which must fit it, with the classes of both: known by
/// names where both have some.
pub(super) fn fitting(
    path: &Path,
    file: ModelFile,
    dataset: Dataset,
) -> Result<(Dataset, ModelFile)> {
    let refuse = |found: String, expected: String| {
        let advice = "name another model or dataset";
        Err(Error::bad_file(path, found, expected, advice))
    };
    let names = dataset.class_names();
    let known = (file.class_names.iter()).find(|name| names.contains(name));
    if file.shape == dataset.train().shape() && !file.class_names.is_empty() && known.is_none() {
        let found = format!("a class called {}", file.class_names[0]);
        return refuse(found, format!("classes that {} has", dataset.name()));
    }
    let has = (file.model.sums().classes(), file.shape);
    let needs = (dataset.classes(), dataset.train().shape());
    // Models that others made do not know the names of classes.
    let is_unnamed = file.class_names.is_empty() && !names.is_empty();
    if has.1 != needs.1 || is_unnamed && has.0 != needs.0 {
        let shape = |(classes, shape): (usize, Shape)| format!("{classes} classes of {shape}");
        return refuse(
            format!("a model of {}", shape(has)),
            format!("one of {}, as {} has", shape(needs), dataset.name()),
        );
    }
    let with_all = match (names.is_empty(), file.class_names.is_empty()) {
        (false, false) => {
            let all = united(&file.class_names, names);
            file.among(&all)?.zip(Some(dataset.among(&all)?))
        }
        (true, true) => {
            let classes = has.0.max(needs.0);
            let model = file.among_numbers(classes)?;
            Some((model, dataset.among_numbers(classes)))
        }
        _ => Some((file, dataset)),
    };
    let (model, dataset) = with_all.ok_or(Error::Changed)?;
    Ok((dataset, model))
}
