//! Scores: counts of right answers with all that they depend on, so that those of different
//! samples add up to what one evaluation of all of them finds.

mod counts;
mod file;
mod scores;

use crate::classifier::look::Look;
use crate::classifier::model::Model;
use crate::data::recipe::Recipe;
use crate::data::shard::Shard;
use crate::data::{Dataset, Shape};
use crate::evaluation::Evaluation;
use crate::evaluation::comparison::{Comparison, Pair, Row};

pub use counts::Counts;
pub use scores::Scores;

/// What was found on some samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// What their dataset is called, or how many there are.
    pub dataset: String,
    /// What each sample looks like, as the recipe has it.
    pub shape: Shape,
    /// The type of the samples' values as they were stored.
    pub values: String,
    /// The names of all classes, where they have some.
    pub class_names: Vec<String>,
    /// How the samples were prepared and compared with means.
    pub recipe: Recipe,
    /// Samples that the datasets have for training and for testing.
    pub splits: [u64; 2],
    /// Which of the two was evaluated: `train` or `test`.
    pub evaluated_on: String,
    /// What was interpreted or passed over in some of the datasets.
    pub notes: Vec<String>,
    /// What is to be known of the ranges of values in all of them.
    pub range_notes: Vec<String>,
    /// What each question found: one, or the three of a comparison.
    pub answers: Vec<Answers>,
    /// What changes between each two questions of a comparison.
    pub changes: Vec<Changes>,
    /// What the images look like that the first model was trained on, and those that it was
    /// asked about, where the model is from a file.
    pub looks: Option<[Look; 2]>,
    /// Which samples were evaluated; empty where that is of no interest.
    pub shards: Vec<Shard>,
}

/// What one question found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// Which model was asked.
    pub asked: Asked,
    /// How it did.
    pub evaluation: Evaluation,
}

/// A question, by what is to be known of its model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What the model was trained on.
    pub trained_on: String,
    /// Whether each sample was left out of the mean of its own class.
    pub leave_one_out: bool,
    /// Samples of each class that the model was trained on.
    pub counts: Vec<u64>,
    /// Which model it is; see [`Model::digest`].
    pub digest: u128,
}

/// What changes from one question to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Wrong before, right after.
    pub fixed: u64,
    /// Right before, wrong after.
    pub broken: u64,
    /// Another class.
    pub changed: u64,
}

impl Asked {
    /// A question to a model.
    pub fn new(model: &Model, leave_one_out: bool, class_names: &[String]) -> Self {
        Self {
            trained_on: model.trained_on().to_owned(),
            leave_one_out,
            counts: model.sums().counts().to_vec(),
            digest: model.digest(class_names),
        }
    }

    /// Samples that the model was trained on.
    pub fn samples(&self) -> u64 {
        self.counts.iter().sum()
    }
}

impl Score {
    /// A score of samples of a dataset, still without what was found.
    pub fn of_dataset(dataset: &Dataset, evaluated_on: &str) -> Self {
        let ranges = dataset.range_notes();
        let notes = dataset.notes().iter();
        let notes = notes.filter(|note| !ranges.contains(note));
        Self {
            dataset: dataset.name().to_owned(),
            shape: dataset.train().shape(),
            values: dataset.values().to_owned(),
            class_names: dataset.class_names().to_vec(),
            recipe: dataset.preparation().recipe(),
            splits: [dataset.train(), dataset.test()].map(|source| source.len() as u64),
            evaluated_on: evaluated_on.to_owned(),
            notes: notes.cloned().collect(),
            range_notes: ranges.to_vec(),
            answers: Vec::new(),
            changes: Vec::new(),
            looks: None,
            shards: Vec::new(),
        }
    }

    /// The score as it is stored. Of a set that is cut into rows, the first of them tell how
    /// many samples the other set has, so that these are counted once.
    #[must_use]
    pub fn of_rows(&self) -> Self {
        let mut score = self.clone();
        let are_later = |shard: &Shard| shard.rows.is_some_and(|rows| rows.first > 0);
        if score.shards.iter().any(are_later) {
            let other = usize::from(score.evaluated_on == "train");
            score.splits[other] = 0;
        }
        score
    }

    /// Number of classes, of the models and of the samples.
    pub fn classes(&self) -> usize {
        self.answers
            .first()
            .map_or(0, |answers| answers.asked.counts.len())
    }

    /// The comparison whose score this is, if it is one.
    pub fn comparison(&self) -> Option<Comparison> {
        let [train, both, left_out] = &self.answers[..] else {
            return None;
        };
        let [to_both, to_left_out, both_to_left_out] = self.changes[..] else {
            return None;
        };
        let images = [train, both, left_out].map(|answers| answers.asked.samples());
        let mut comparison = Comparison::new(self.classes(), images);
        let row = |row: &mut Row, answers: &Answers| row.evaluation = answers.evaluation.clone();
        row(&mut comparison.train, train);
        row(&mut comparison.both, both);
        row(&mut comparison.left_out, left_out);
        let images = train.evaluation.total();
        let pair = |pair: &mut Pair, changes: Changes| {
            let (from, to) = (pair.from, pair.to);
            let Changes {
                fixed,
                broken,
                changed,
            } = changes;
            *pair = Pair {
                from,
                to,
                fixed,
                broken,
                changed,
                images,
            };
        };
        pair(&mut comparison.train_to_both, to_both);
        pair(&mut comparison.train_to_left_out, to_left_out);
        pair(&mut comparison.both_to_left_out, both_to_left_out);
        Some(comparison)
    }
}

impl From<&Pair> for Changes {
    fn from(pair: &Pair) -> Self {
        Self {
            fixed: pair.fixed,
            broken: pair.broken,
            changed: pair.changed,
        }
    }
}
