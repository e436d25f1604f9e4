//! `ncm report`: which images go wrong and what they look like, as a page and
//! as pictures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::compare::compare;
use super::recipe_arguments::RecipeArguments;
use super::session::{SessionArguments, Work};
use super::training::Splits;
use crate::app;
use crate::app::report::confusion_picture::confusion_picture;
use crate::app::report::dataset_report::{DatasetReport, Selection, Written};
use crate::app::report::destination::{self, Destination, check_folder};
use crate::app::report::drawn_curve::Drawn;
use crate::app::report::file::ResultFile;
use crate::app::report::montage::means_montage;
use crate::app::report::page::page;
use crate::app::report::{Results, worded};
use crate::app::shell;
use crate::backends::select;
use crate::backends::timings::Timings;
use crate::classifier::model::{Model, Question};
use crate::classifier::predictions::Predictions;
use crate::classifier::settle;
use crate::data::{Dataset, Split};
use crate::error::{Error, Result};
use crate::evaluation::comparison::Comparison;
use crate::evaluation::curve::{Curve, Setting, usual_sizes};
use crate::evaluation::draws::Labels;
use crate::evaluation::many_models::ManyModels;
use crate::evaluation::margins::Margins;
use crate::pictures::detail::{SampleDetail, details};

/// The page where nothing else is asked for.
const PAGE: &str = "ncm-report.html";

/// The pictures in the folder that `--png` names.
const CONFUSION: &str = "confusion.png";
const MEANS: &str = "means.png";

const EXAMPLES: &str = "\
Examples:
  ncm report
  ncm report --html mnist.html --png pictures";

/// Write a page about a dataset: which images go wrong and what they look like
///
/// The page shows the accuracy, the comparison of train with train+test, the
/// confusion matrix, the mean images, each class, the most certain mistakes, the
/// narrowest right answers, and what rejecting uncertain images would gain. It is
/// one file, and needs no JavaScript and no network.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReportArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Write the page; - is standard output [default: ncm-report.html, unless --png or --json is
    /// given]
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write confusion.png and means.png to this folder, created if missing
    #[arg(long, value_name = "FOLDER")]
    png: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Orders of the training images that the page's curve is drawn over: enough for the middle
/// 95 % of them.
const REPETITIONS: usize = 40;

/// What the page rests on.
struct Findings {
    model: Model,
    comparison: Comparison,
    margins: Margins,
    details: BTreeMap<usize, SampleDetail>,
}

pub(super) fn run(arguments: &ReportArguments) -> app::Result<Results> {
    let (mut session, dataset) = arguments.session.open_to_stay()?;
    let dataset = (arguments.recipe).prepare(dataset, None, &mut session)?;
    // Before the work, so that a bad path costs none.
    let outputs = Outputs::create(arguments, dataset.files())?;
    let found = session.run(|work| find(&dataset, work))?;
    let curve = session.run(|work| learning_curve(&dataset, work))?;
    let mut report = DatasetReport {
        dataset: &dataset,
        model: &found.model,
        comparison: &found.comparison,
        margins: &found.margins,
        details: &found.details,
        curve: curve
            .as_ref()
            .map(|(setting, curve)| Drawn { setting, curve }),
        command: &arguments.as_command(&dataset),
        run: session.so_far(),
    };
    let written = outputs.write(&report)?;
    report.run = session.so_far();
    if arguments.json {
        return Ok(Results::Data(report.json(&written)));
    }
    let page = destination::Outputs::new([arguments.html()], false)?;
    let text = worded(report.text(&written), dataset.train().shape());
    Ok(page.beside(text))
}

fn find(dataset: &Dataset, work: &mut Work<'_>) -> Result<Findings> {
    let (mut margins, mut exactly) = (Margins::default(), Timings::default());
    let look = |batch: &Split, question: &Question<'_>, predicted: &Predictions| {
        let first = margins.answers().len();
        let check = || settle::checked_nearest_of_all(first, batch, question, predicted);
        margins.add(batch.labels(), &exactly.time("margins", check)?);
        Ok(())
    };
    let (model, comparison) = compare(dataset, work, look)?;
    work.timings.merge(&exactly);
    work.progress.stage("looking at images");
    let shown = Selection::new(&comparison.train.evaluation, &margins);
    let question = Question::plain(&model);
    let details = work.timings.time("examples", || {
        details(dataset.test(), &question, shown.indices())
    })?;
    Ok(Findings {
        model,
        comparison,
        margins,
        details,
    })
}

/// The learning curve of images that are in memory. It is drawn by the CPU, which gives the
/// same answers, and sooner than an adapter that is a CPU itself.
fn learning_curve(dataset: &Dataset, work: &mut Work<'_>) -> Result<Option<(Setting, Curve)>> {
    let splits = [dataset.train(), dataset.test()];
    if splits.iter().any(|split| split.whole().is_none()) {
        return Ok(None);
    }
    work.progress.stage("drawing the learning curve");
    let labels = Labels::of(dataset.train())?;
    let setting = Setting {
        sizes: usual_sizes(&labels, false),
        repetitions: REPETITIONS,
        seed: 0,
        per_class: false,
    };
    let cpu = select::cpu();
    let Splits { train, test } = Splits::new(&*cpu, dataset);
    let mut stages = Timings::default();
    let mut many = ManyModels {
        train: &train,
        test: &test,
        timings: &mut stages,
        progress: &|_| (),
    };
    let draw = || Curve::draw(&mut many, &labels, &setting, |_, _| ());
    let curve = work.timings.time("curve", draw)?;
    Ok(Some((setting, curve)))
}

/// The files in the making.
struct Outputs {
    html: Option<(Destination, ResultFile)>,
    png: Option<[(Destination, ResultFile); 2]>,
}

impl Outputs {
    fn create(arguments: &ReportArguments, inputs: &[PathBuf]) -> app::Result<Self> {
        let create = |path: &Path| {
            let destination = Destination::new(path, inputs)?;
            let file = ResultFile::create(&destination)?;
            Ok::<_, app::Error>((destination, file))
        };
        let pictures = |folder: &Path| {
            check_folder(folder)?;
            std::fs::create_dir_all(folder).map_err(Error::unwritable(folder))?;
            let both = [CONFUSION, MEANS].map(|name| create(&folder.join(name)));
            let [confusion, means] = both;
            Ok::<_, app::Error>([confusion?, means?])
        };
        // The page may be for the same folder.
        let png = arguments.png.as_deref().map(pictures).transpose()?;
        let html = arguments.html().map(create).transpose()?;
        let pictures = png.iter().flatten().map(|(picture, _)| picture.path());
        let all = pictures.chain(arguments.html()).map(Some);
        destination::Outputs::new(all, arguments.json)?;
        Ok(Self { html, png })
    }

    /// Fills all files before any of them is put in its place.
    fn write(self, report: &DatasetReport<'_>) -> Result<Written> {
        let mut files = Vec::new();
        let mut written = Written::default();
        if let Some((destination, mut file)) = self.html {
            file.write(&page(report)?)?;
            files.push(file);
            written.html = Some(destination.path().to_owned());
        }
        if let Some([confusion, means]) = self.png {
            let confusions = report.evaluation().confusion();
            let shape = report.dataset.train().shape();
            let sums = report.model.sums().levels();
            let means_picture = shape.image_size().zip(sums.ok());
            let means_picture =
                means_picture.map(|([rows, columns], sums)| means_montage(sums, rows, columns));
            // Feature vectors have no mean that is a picture.
            let means_picture = means_picture.map(|picture| (means, picture));
            let confusion = (confusion, confusion_picture(confusions));
            let pictures = [confusion].into_iter().chain(means_picture);
            for ((destination, mut file), picture) in pictures {
                file.write_bytes(&picture.png()?)?;
                files.push(file);
                written.png.push(destination.path().to_owned());
            }
        }
        files.iter_mut().try_for_each(ResultFile::flush)?;
        files.into_iter().try_for_each(ResultFile::finish)?;
        Ok(written)
    }
}

impl ReportArguments {
    /// Where the page goes, if anywhere.
    fn html(&self) -> Option<&Path> {
        let is_alone = self.png.is_none() && !self.json;
        let unasked = is_alone.then_some(Path::new(PAGE));
        self.html.as_deref().or(unasked)
    }

    /// The command that makes this report of this dataset.
    fn as_command(&self, dataset: &Dataset) -> String {
        let mut words = vec!["ncm".to_owned(), "report".to_owned()];
        let paths = [("--html", self.html()), ("--png", self.png.as_deref())];
        for (option, path) in paths {
            if let Some(path) = path {
                words.extend([option.to_owned(), path.display().to_string()]);
            }
        }
        words.extend(self.session.as_words(dataset));
        words.extend(self.recipe.with(&[]).into_iter().map(String::from));
        shell::quoted_lines(&words)
    }
}
