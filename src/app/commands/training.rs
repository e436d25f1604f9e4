//! Models made of a dataset, in every command that lets one choose of what.

use super::data_arguments::SplitName;
use super::session::{Session, Work};
use crate::backends::Backend;
use crate::backends::batched::Batched;
use crate::classifier::look::Look;
use crate::classifier::model::{Model, ModelFile, Parts};
use crate::data::Dataset;
use crate::data::shard::{Rows, Shard, digest};
use crate::error::Result;
use crate::evaluation::comparison::{TRAIN, TRAIN_AND_TEST};

/// Images that the means are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TrainOn {
    #[default]
    Train,
    #[value(name = "train+test")]
    TrainAndTest,
}

/// The two splits of a dataset on a backend.
pub(super) struct Splits<'a> {
    pub(super) train: Batched<'a>,
    pub(super) test: Batched<'a>,
}

impl<'a> Splits<'a> {
    pub(super) fn new(backend: &'a dyn Backend, dataset: &'a Dataset) -> Self {
        Self {
            train: Batched::new(backend, dataset.train()),
            test: Batched::new(backend, dataset.test()),
        }
    }

    /// The model of the training images, and that of all images, from one look
    /// at each.
    pub(super) fn both_models(&self, work: &mut Work<'_>) -> Result<[Model; 2]> {
        work.progress.stage("summing the classes");
        let train = self.train.class_sums(work.timings)?;
        let all = &train + &self.test.class_sums(work.timings)?;
        Ok([Model::new(TRAIN, train)?, Model::new(TRAIN_AND_TEST, all)?])
    }

    /// One of the two models.
    pub(super) fn model(&self, train_on: TrainOn, work: &mut Work<'_>) -> Result<Model> {
        if train_on == TrainOn::TrainAndTest {
            return self.both_models(work).map(|[_, both]| both);
        }
        work.progress.stage("summing the classes");
        Model::new(TRAIN, self.train.class_sums(work.timings)?)
    }
}

/// A model of a dataset that is to know what its images look like, for pictures
/// to be made to look alike or to be saved.
pub(super) fn knowing(file: ModelFile, train_on: TrainOn, dataset: &Dataset) -> Result<ModelFile> {
    if dataset.train().shape().image_size().is_none() {
        return Ok(file);
    }
    let mut look = Look::of(dataset.train())?;
    if train_on == TrainOn::TrainAndTest {
        look += &Look::of(dataset.test())?;
    }
    with_look(file, look)
}

/// As [`knowing`], of the model of the training images and that of all images.
pub(super) fn both_knowing(files: [ModelFile; 2], dataset: &Dataset) -> Result<Vec<ModelFile>> {
    let [train, all] = files;
    let look = Look::of(dataset.train())?;
    let mut of_all = look.clone();
    of_all += &Look::of(dataset.test())?;
    Ok(vec![with_look(train, look)?, with_look(all, of_all)?])
}

fn with_look(file: ModelFile, look: Look) -> Result<ModelFile> {
    Ok(ModelFile {
        model: file.model.with_look(look)?,
        ..file
    })
}

/// Which samples one of a dataset's sets has, as they are before a recipe prepares them,
/// and which rows of a larger set.
pub(super) fn shard(set: SplitName, rows: Option<Rows>, dataset: &Dataset) -> Result<Shard> {
    let source = set.of(dataset);
    Ok(Shard {
        digest: digest(source, dataset.values(), dataset.class_names())?,
        samples: source.len() as u64,
        classes: dataset.classes() as u64,
        dataset: dataset.name().to_owned(),
        set: set.name().to_owned(),
        rows: rows.filter(|rows| rows.first < rows.end),
    })
}

/// Which samples a model of a dataset has seen; `None` where train and test are the same.
pub(super) fn seen(
    train_on: TrainOn,
    rows: Option<Rows>,
    dataset: &Dataset,
) -> Result<Option<Vec<Shard>>> {
    let train = shard(SplitName::Train, rows, dataset)?;
    if train_on == TrainOn::Train {
        return Ok(Some(vec![train]));
    }
    let test = shard(SplitName::Test, None, dataset)?;
    Ok((train.digest != test.digest).then(|| vec![train, test]))
}

/// A model that is to be saved, knowing which samples it has seen, so that it is a part;
/// without all of them where it is to be of none.
pub(super) fn part(
    file: ModelFile,
    shards: Option<Vec<Shard>>,
    rows: Option<Rows>,
) -> Result<ModelFile> {
    if shards.is_none() {
        return Ok(file);
    }
    let file = ModelFile { shards, ..file };
    let mut parts = Parts::new(file.clone())?;
    if rows.is_some_and(|rows| rows.first == rows.end) {
        parts.remove(&file)?;
    }
    parts.finish()
}

/// A model made of a dataset.
pub(super) fn train(
    train_on: TrainOn,
    dataset: &Dataset,
    session: &mut Session,
) -> Result<ModelFile> {
    let model = session.run(|work| Splits::new(work.backend, dataset).model(train_on, work))?;
    Ok(ModelFile::of_dataset(dataset, model))
}
