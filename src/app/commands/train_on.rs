//! What the means are made of, in every command that lets one choose.

use crate::backends::pass::Pass;
use crate::backends::timings::Timings;
use crate::classifier::model::Model;
use crate::error::Result;
use crate::evaluation::comparison::ROWS;

/// Images that the means are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum TrainOn {
    #[default]
    Train,
    #[value(name = "train+test")]
    TrainAndTest,
}

impl TrainOn {
    /// What a model made of them is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Train => ROWS[0],
            Self::TrainAndTest => ROWS[1],
        }
    }

    /// Makes both models, from one look at each image.
    pub(super) fn both(
        train: &Pass<'_>,
        test: &Pass<'_>,
        timings: &mut Timings,
    ) -> Result<[Model; 2]> {
        let train = train.class_sums(timings)?;
        let all = &train + &test.class_sums(timings)?;
        Ok([
            Model::new(Self::Train.name(), train)?,
            Model::new(Self::TrainAndTest.name(), all)?,
        ])
    }

    /// Makes the model of both splits, or of the first alone.
    pub(super) fn model(
        self,
        train: &Pass<'_>,
        test: &Pass<'_>,
        timings: &mut Timings,
    ) -> Result<Model> {
        let sums = train.class_sums(timings)?;
        let sums = match self {
            Self::Train => sums,
            Self::TrainAndTest => &sums + &test.class_sums(timings)?,
        };
        Model::new(self.name(), sums)
    }
}
