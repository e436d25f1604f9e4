//! `ncm distances`: how far one image is from every class mean.

use std::path::{Path, PathBuf};

use super::backend_arguments::on_cpu;
use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::numbers::from_zero;
use super::pictures::FrameArguments;
use super::recipe_arguments::RecipeArguments;
use super::session::{Session, SessionArguments};
use crate::app::Result;
use crate::app::report::distances::{Distances, Origin};
use crate::app::report::{Results, terminal};
use crate::backends::select::Choice;
use crate::classifier::exact::Measured;
use crate::classifier::model::{Model, ModelFile, Question};
use crate::classifier::reported::Reported;
use crate::data::{Images, Labelled, OneSet, Samples};
use crate::error::Error;
use crate::pictures::frame::Target;

const EXAMPLES: &str = "\
Examples:
  ncm distances --index 7
  ncm distances --file digit.png";

/// Say how far one image is from every class mean
///
/// Prints the distance to the mean of each class, computed exactly, and marks the
/// nearest. Distances are Euclidean, in grey levels, and not squared; `margin` in
/// --json is a difference of squared distances.
#[derive(Debug, clap::Args)]
#[command(mut_arg("resize", |resize| resize.requires("file")), mut_arg("backend", on_cpu))]
#[command(mut_arg("raw", |raw| raw.requires("file")))]
#[command(after_help = EXAMPLES)]
pub(super) struct DistancesArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Split that the image is in
    #[arg(long, value_enum, default_value_t = SplitName::Test)]
    split: SplitName,

    /// Index of the image, from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = from_zero,
          allow_negative_numbers = true)]
    index: usize,

    /// Take this picture instead, read as by `ncm predict`; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["split", "index"])]
    file: Option<PathBuf>,

    #[command(flatten)]
    recipe: RecipeArguments,

    #[command(flatten)]
    frame: FrameArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &DistancesArguments) -> Result<Results> {
    match &arguments.file {
        Some(path) => of_file(arguments, path),
        None => of_dataset(arguments),
    }
}

fn of_dataset(arguments: &DistancesArguments) -> Result<Results> {
    let (mut session, dataset) = arguments.session.open(Choice::Cpu, OneSet::Divided)?;
    // Before the work, so that a number that is none costs nothing.
    arguments.split.of(&dataset).at(arguments.index)?;
    let (dataset, model) = (arguments.model).of(dataset, &arguments.recipe, &mut session)?;
    let image = arguments.split.of(&dataset).at(arguments.index)?;
    let (nearest, distances) = measured(&image, &model.model)?;
    let origin = Origin::Dataset {
        dataset: &dataset,
        split: arguments.split.name(),
        index: arguments.index,
        label: image.label,
    };
    Ok(arguments.report(origin, nearest, &distances, &model, &session))
}

fn of_file(arguments: &DistancesArguments, path: &Path) -> Result<Results> {
    let SessionArguments { data, backend } = &arguments.session;
    let (session, model) =
        (arguments.model).ready(data, &arguments.recipe, backend.or(Choice::Cpu)?)?;
    let target = Target::of(&model)?;
    let mut framed = arguments.frame.read(path, &target)?;
    framed.notes.extend_from_slice(target.notes());
    let origin = Origin::File {
        path,
        frame: arguments.frame.resize,
        framed: &framed,
    };
    let image = Images::new(target.size()[0], target.size()[1], framed.pixels.clone())?;
    let image = Labelled {
        sample: image.into(),
        label: 0,
    };
    let (nearest, distances) = measured(&image, &model.model)?;
    Ok(arguments.report(origin, nearest, &distances, &model, &session))
}

/// The nearest class of a sample, and how far it is from each.
fn measured(labelled: &Labelled, model: &Model) -> Result<(Reported, Vec<Option<f64>>)> {
    let question = Question::plain(model);
    // The label matters only for leave-one-out.
    match &labelled.sample {
        Samples::Images(image) => {
            let measured = Measured::new(image.image(0), 0, &question.of_levels()?);
            Ok((measured.nearest.into(), measured.distances()))
        }
        Samples::Features(features) => {
            let (row, question) = (features.row(0), question.of_floats()?);
            let nearest = question.measured(row, 0);
            let nearest = nearest.ok_or_else(|| Error::Invalid("no class is left".into()))?;
            let distances = question.distances(row, 0);
            Ok((Reported::of_floats(&question, nearest), distances))
        }
    }
}

impl DistancesArguments {
    fn report(
        &self,
        origin: Origin<'_>,
        nearest: Reported,
        distances: &[Option<f64>],
        model: &ModelFile,
        session: &Session,
    ) -> Results {
        let report = Distances {
            origin,
            model,
            nearest,
            distances,
            run: session.so_far(),
        };
        if self.json {
            return Results::Data(report.json());
        }
        Results::Text(report.text(terminal::width()))
    }
}
