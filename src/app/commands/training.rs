//! Models made of a dataset, in every command that lets one choose of what.

use super::data_arguments::SplitName;
use super::session::{Session, Work};
use crate::backends::Backend;
use crate::backends::batched::Batched;
use crate::classifier::look::Look;
use crate::classifier::model::{Model, ModelFile, Parts};
use crate::data::shard::{Rows, Shard, digest};
use crate::data::{Dataset, Split};
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
/// and which rows of a larger set; `look` sees each batch of them.
pub(super) fn shard(
    set: SplitName,
    rows: Option<Rows>,
    dataset: &Dataset,
    look: impl FnMut(&Split) + Send,
) -> Result<Shard> {
    let source = set.of(dataset);
    Ok(Shard {
        digest: digest(source, dataset.values(), dataset.class_names(), look)?,
        samples: source.len() as u64,
        classes: dataset.classes() as u64,
        dataset: dataset.name().to_owned(),
        set: set.name().to_owned(),
        rows: rows.filter(|rows| rows.first < rows.end),
    })
}

/// What a model of a dataset has seen.
pub(super) struct Seen {
    /// Which samples; `None` where train and test are the same.
    shards: Option<Vec<Shard>>,
    /// What they look like, if they are images.
    look: Look,
    rows: Option<Rows>,
}

impl Seen {
    /// What a model of these rows, if some were chosen, of a dataset has seen.
    pub(super) fn of(train_on: TrainOn, rows: Option<Rows>, dataset: &Dataset) -> Result<Self> {
        let mut look = Look::default();
        let mut add = |batch: &Split| look += &Look::of_split(batch);
        let train = shard(SplitName::Train, rows, dataset, &mut add)?;
        let shards = match train_on {
            TrainOn::Train => Some(vec![train]),
            TrainOn::TrainAndTest => {
                let test = shard(SplitName::Test, None, dataset, &mut add)?;
                (train.digest != test.digest).then(|| vec![train, test])
            }
        };
        Ok(Self { shards, look, rows })
    }

    /// The model that has seen that, as a part; of nothing where no rows were chosen.
    pub(super) fn part(self, file: ModelFile) -> Result<ModelFile> {
        let file = match file.shape.image_size() {
            Some(_) => with_look(file, self.look)?,
            None => file,
        };
        if self.shards.is_none() {
            return Ok(file);
        }
        let shards = self.shards;
        let file = ModelFile { shards, ..file };
        let mut parts = Parts::new(file.clone())?;
        if self.rows.is_some_and(|rows| rows.first == rows.end) {
            parts.remove(&file)?;
        }
        parts.finish()
    }
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
