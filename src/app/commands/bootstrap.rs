//! `ncm bootstrap`: how much the accuracy depends on which images were at hand.

use super::colour::ColourArguments;
use super::next;
use super::recipe_arguments::RecipeArguments;
use super::session::{SessionArguments, Work};
use super::training::Splits;
use crate::app;
use crate::app::report::bootstrap::{BootstrapReport, PICTURES};
use crate::app::report::{Report, Results, terminal};
use crate::data::Dataset;
use crate::error::Result;
use crate::evaluation::bootstrap::{Bootstrap, Setting};
use crate::evaluation::draws::Labels;
use crate::evaluation::many_models::ManyModels;

const EXAMPLES: &str = "\
Examples:
  ncm bootstrap
  ncm bootstrap --models 10000 --seed 1

`ncm help words` explains the words of the result.";

/// Say how much the accuracy depends on which images were at hand
///
/// Draws as many training images as there are, with replacement, trains on them and
/// classifies the test images; and again, for every model. Tells apart what comes from
/// which training images were at hand and what from which test images, and lists the test
/// images on which the models disagree most. The draws depend on the seed and the data
/// alone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BootstrapArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Models, each of a resample of the training images
    #[arg(long, value_name = "NUMBER", default_value_t = 1000,
          value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    models: u32,

    /// Where the random numbers begin
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,

    /// Draw from each class as many images as it has
    #[arg(long)]
    per_class: bool,

    #[command(flatten)]
    colour: ColourArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &BootstrapArguments) -> app::Result<Results> {
    let (mut session, dataset) = arguments.session.open_to_stay()?;
    let dataset = (arguments.recipe).prepare(dataset, None, &mut session)?;
    let labels = Labels::of(dataset.train())?;
    let setting = Setting {
        models: arguments.models as usize,
        seed: arguments.seed,
        per_class: arguments.per_class,
    };
    let bootstrap = session.run(|work| draw(&dataset, &labels, setting, work))?;
    let least_agreed = bootstrap.unstable.iter().take(PICTURES);
    let least_agreed = least_agreed
        .map(|image| dataset.test().at(image.index))
        .collect::<Result<Vec<_>>>()?;
    let report = BootstrapReport {
        dataset: &dataset,
        setting,
        bootstrap: &bootstrap,
        least_agreed: &least_agreed,
        drawn_in: (arguments.colour.shades(), terminal::width()),
        run: session.so_far(),
    };
    let data = &arguments.session.data;
    let words = arguments.recipe.with(&["curve"]);
    let next = next::of_same_data("what would more images be worth", &words, data);
    Ok(report.rendered(arguments.json, &next))
}

fn draw(
    dataset: &Dataset,
    labels: &Labels,
    setting: Setting,
    work: &mut Work<'_>,
) -> Result<Bootstrap> {
    let splits = Splits::new(work.backend, dataset);
    let progress = work.progress;
    progress.steps("training and asking models", setting.models);
    let mut many = ManyModels {
        train: &splits.train,
        test: &splits.test,
        timings: work.timings,
        progress: &|models| progress.step(models),
    };
    Bootstrap::draw(&mut many, labels, setting)
}
