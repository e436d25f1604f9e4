//! `ncm curve`: what more training images are worth.

use std::path::PathBuf;

use super::next;
use super::recipe_arguments::RecipeArguments;
use super::session::{SessionArguments, Work};
use super::training::Splits;
use crate::app::report::curve::CurveReport;
use crate::app::report::destination::{Destination, Outputs, check_png, check_svg};
use crate::app::report::drawn_curve::Drawn;
use crate::app::report::file::ResultFile;
use crate::app::report::orders_file::OrdersFile;
use crate::app::report::{Report, Results, picture_file};
use crate::app::{self, Error};
use crate::data::Dataset;
use crate::error::Result;
use crate::evaluation::curve::{Curve, Setting, usual_sizes};
use crate::evaluation::draws::Labels;
use crate::evaluation::many_models::ManyModels;

const EXAMPLES: &str = "\
Examples:
  ncm curve
  ncm curve --sizes 50000,60000 --repetitions 1000
  ncm curve --per-class --svg curve.svg

`ncm help words` explains the words of the result.";

/// Draw the learning curve: accuracy by the number of training images
///
/// Puts the training images into random orders, trains on the first few of each, on more,
/// and at last on all of them, and classifies the same test images every time. Says what
/// the last doubling of the training images gained, and what more would be worth. The
/// draws depend on the seed and the data alone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CurveArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Numbers of training images, separated by commas [default: 1, 2, 5, 10, 20 and so on from
    /// the number of classes, and all]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    sizes: Vec<usize>,

    /// Random orders of the training images
    #[arg(long, value_name = "NUMBER", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    repetitions: u32,

    /// Where the random numbers begin
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,

    /// Let sizes count images of each class
    #[arg(long)]
    per_class: bool,

    /// Also write the chart as a PNG file; - is standard output
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Also write the chart as an SVG file; - is standard output
    #[arg(long, value_name = "FILE.svg")]
    svg: Option<PathBuf>,

    /// Also write the right answers of every repetition as a CSV file; - is standard output
    #[arg(long, value_name = "FILE.csv")]
    csv: Option<PathBuf>,

    /// Also write the seeds and orders, for other software to check the curve; - is standard
    /// output
    #[arg(long, value_name = "FILE.npz")]
    orders: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &CurveArguments) -> app::Result<Results> {
    let paths = [
        &arguments.png,
        &arguments.svg,
        &arguments.csv,
        &arguments.orders,
    ];
    let outputs = Outputs::new(paths.map(Option::as_deref), arguments.json)?;
    check_png(arguments.png.as_deref())?;
    check_svg(arguments.svg.as_deref())?;
    if arguments.sizes.contains(&0) {
        return Err(Error::Usage(
            "a curve cannot have a size of 0 images".into(),
        ));
    }
    let (mut session, dataset) = arguments.session.open_to_stay()?;
    let dataset = (arguments.recipe).prepare(dataset, None, &mut session)?;
    let labels = Labels::of(dataset.train())?;
    let setting = arguments.setting(&labels)?;
    let [png, svg, csv, orders] = paths.map(|path| {
        let path = path.as_deref();
        path.map(|path| Destination::new(path, dataset.files()))
            .transpose()
    });
    let (png, svg, csv, orders) = (png?, svg?, csv?, orders?);
    let (curve, drawn) =
        session.run(|work| draw(&dataset, &labels, &setting, orders.is_some(), work))?;
    let report = CurveReport {
        dataset: &dataset,
        labels: &labels,
        drawn: Drawn {
            setting: &setting,
            curve: &curve,
        },
        run: session.so_far(),
    };
    if let (Some(destination), Some(drawn)) = (&orders, drawn) {
        let mut file = ResultFile::create(destination)?;
        file.write_bytes(&drawn.bytes()?)?;
        file.finish()?;
    }
    if let Some(destination) = &png {
        picture_file(destination, &report.raster())?;
    }
    for (destination, text) in [(&svg, report.svg()), (&csv, report.csv())] {
        if let Some(destination) = destination {
            let mut file = ResultFile::create(destination)?;
            file.write(&text)?;
            file.finish()?;
        }
    }
    if arguments.json {
        return Ok(Results::Data(report.json()));
    }
    let data = &arguments.session.data;
    let words = arguments.recipe.with(&["bootstrap"]);
    let next = next::of_same_data("how much do other images matter", &words, data);
    let text = report.worded(report.text());
    Ok(outputs.beside(text + &outputs.written() + &report.worded(next)))
}

impl CurveArguments {
    fn setting(&self, labels: &Labels) -> app::Result<Setting> {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        if sizes.is_empty() {
            sizes = usual_sizes(labels, self.per_class);
        }
        let most = match self.per_class {
            true => labels.largest_class(),
            false => labels.images(),
        };
        if let Some(size) = sizes.last().filter(|&&size| size > most) {
            let there_is = match self.per_class {
                true => format!("the largest class has {most} training images"),
                false => format!("there are {most} training images"),
            };
            return Err(Error::Usage(format!(
                "--sizes {size}: {there_is}; name no more"
            )));
        }
        Ok(Setting {
            sizes,
            repetitions: self.repetitions as usize,
            seed: self.seed,
            per_class: self.per_class,
        })
    }
}

/// Draws the curve, and keeps the orders where they are wanted.
fn draw(
    dataset: &Dataset,
    labels: &Labels,
    setting: &Setting,
    keep_orders: bool,
    work: &mut Work<'_>,
) -> Result<(Curve, Option<OrdersFile>)> {
    let splits = Splits::new(work.backend, dataset);
    let mut drawn = keep_orders.then(OrdersFile::default);
    let sizes = setting.sizes.len();
    let progress = work.progress;
    progress.steps("training and asking models", setting.repetitions * sizes);
    let mut many = ManyModels {
        train: &splits.train,
        test: &splits.test,
        timings: work.timings,
        progress: &|models| progress.step(models),
    };
    let curve = Curve::draw(&mut many, labels, setting, |seed, order| {
        if let Some(drawn) = &mut drawn {
            drawn.add(seed, order);
        }
    })?;
    Ok((curve, drawn))
}
