//! `ncm job`: a job file for an engine that spreads work over cores and machines.

use crate::app::job::{Engine, Settings};
use crate::app::report::Results;
use crate::data::recipe::Recipe;

const EXAMPLES: &str = "\
Examples:
  ncm job parallel > job.sh
  ncm job slurm --shards 'train/*.npz' --tests 'test/*.npz' > job.sh
  ncm job dask --recipe cl2n > job.py";

/// Print a job file for Dask, Slurm or GNU parallel
///
/// The job makes a part of each shard (`ncm means --save`), adds the parts up to one
/// model (`ncm merge`), asks it about each shard of test samples (`ncm accuracy
/// --save`) and prints the accuracy on all of them. The first lines of the file say
/// how to start it, and its settings are next. Sums and counts are exact: the answer
/// is the one that a single machine gives, bit for bit.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct JobArguments {
    /// What is to run it
    #[arg(value_enum)]
    engine: Engine,

    /// Pattern of the training shards: each match is data that --data takes
    #[arg(long, value_name = "PATTERN", default_value = "train/*")]
    shards: String,

    /// Pattern of the test shards
    #[arg(long, value_name = "PATTERN", default_value = "test/*")]
    tests: String,

    /// How to prepare samples and compare them with means
    ///
    /// Under cl2n the job has a first round, for the mean of all samples.
    #[arg(long, value_enum, value_name = "RECIPE", default_value_t)]
    recipe: Recipe,

    /// Folder that the job writes parts, model and scores to
    #[arg(long, value_name = "DIR", default_value = "ncm-parts")]
    folder: String,
}

pub(super) fn run(arguments: &JobArguments) -> Results {
    let settings = Settings {
        shards: &arguments.shards,
        tests: &arguments.tests,
        folder: &arguments.folder,
        recipe: arguments.recipe,
    };
    Results::Data(arguments.engine.job(&settings))
}
