//! `ncm show`: images as pictures.

use std::path::PathBuf;

use super::backend_arguments::on_cpu;
use super::colour::ColourArguments;
use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::numbers::from_zero;
use super::recipe_arguments::RecipeArguments;
use super::session::SessionArguments;
use crate::app::report::destination::{Destination, Outputs, check_png};
use crate::app::report::show::Show;
use crate::app::report::{Progress, Results, picture_file, terminal};
use crate::app::{Error, Result};
use crate::backends::select::Choice;
use crate::classifier::exact;
use crate::classifier::model::{ModelFile, Question};
use crate::data::OneSet;
use crate::data::{Dataset, Images, Labelled, Memory};

const EXAMPLES: &str = "\
Examples:
  ncm show --index 7
  ncm show --grid 10x10 --split test --predict
  ncm show --grid 10x10 --png digits.png";

/// Show images as pictures
///
/// Shows one image, or a grid of consecutive images, with their labels. With
/// --predict or --model it also shows the class that each is given. A terminal
/// with colours shows shades of grey, two pixels per character; elsewhere lighter
/// pixels become denser characters.
#[derive(Debug, clap::Args)]
#[command(mut_arg("backend", on_cpu))]
#[command(after_help = EXAMPLES)]
pub(super) struct ShowArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Also show what each image is read as
    #[arg(long)]
    predict: bool,

    /// Split that the images are in
    #[arg(long, value_enum, default_value_t)]
    split: SplitName,

    /// Index of the first image, from 0
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = from_zero,
          allow_negative_numbers = true)]
    index: usize,

    /// Show a grid of images, such as 10x10
    #[arg(long, value_name = "ROWSxCOLUMNS", value_parser = grid)]
    grid: Option<[usize; 2]>,

    /// Write a PNG file instead of drawing in the terminal; - is standard output
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Side length in the file of one pixel of an image
    #[arg(long, value_name = "N", default_value_t = 10, requires = "png",
          value_parser = clap::value_parser!(u16).range(1..=100), allow_negative_numbers = true)]
    scale: u16,

    #[command(flatten)]
    colour: ColourArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// No grid has more images.
const MOST: usize = 10_000;

fn grid(text: &str) -> std::result::Result<[usize; 2], String> {
    let sizes = text.split_once('x').and_then(|(rows, columns)| {
        let size = |text: &str| text.parse().ok().filter(|size| (1..=MOST).contains(size));
        Some([size(rows)?, size(columns)?])
    });
    sizes
        .filter(|[rows, columns]| rows * columns <= MOST)
        .ok_or_else(|| format!("rows and columns such as 10x10, at most {MOST} images"))
}

pub(super) fn run(arguments: &ShowArguments) -> Result<Results> {
    let outputs = Outputs::new([arguments.png.as_deref()], arguments.json)?;
    check_png(arguments.png.as_deref())?;
    let (dataset, model) = if arguments.predict || arguments.model.is_given() {
        let (mut session, dataset) = arguments.session.open(Choice::Cpu, OneSet::Divided)?;
        let (dataset, model) = arguments
            .model
            .of(dataset, &RecipeArguments::NONE, &mut session)?;
        (dataset, Some(model))
    } else {
        let progress = Progress::start("reading the images");
        let found = arguments.session.data.find(&progress)?;
        (found.place.open(Memory::in_passing())?, None)
    };
    let size = dataset.train().shape().image_size().ok_or_else(|| {
        Error::Usage(format!(
            "{} holds feature vectors, which have no pictures; ncm info prints their values",
            dataset.name()
        ))
    })?;
    let images = arguments.images(&dataset, size)?;
    let predicted = match &model {
        Some(model) => predictions(model, &images)?,
        None => Vec::new(),
    };
    let show = Show {
        dataset: &dataset,
        model: model.as_ref().map(|file| &file.model),
        split: arguments.split.name(),
        first: arguments.index,
        images: &images,
        predicted: &predicted,
        size,
        beside: arguments.grid.map_or(1, |[_, beside]| beside),
    };
    if let Some(path) = &arguments.png {
        let raster = show.raster(arguments.scale.into())?;
        let inputs = arguments.model.inputs(Some(&dataset));
        picture_file(&Destination::new(path, &inputs)?, &raster)?;
    }
    Ok(match (arguments.json, &arguments.png) {
        (true, _) => Results::Data(show.json()),
        (false, Some(_)) => outputs.beside(show.caption() + &outputs.written()),
        (false, None) => {
            let shades = arguments.colour.shades();
            Results::Text(show.text(shades, terminal::width()))
        }
    })
}

impl ShowArguments {
    /// The images that are shown: fewer where the split ends.
    fn images(&self, dataset: &Dataset, [rows, columns]: [usize; 2]) -> Result<Vec<Labelled>> {
        let source = self.split.of(dataset);
        match self.grid {
            None if rows != columns => Err(Error::Usage(format!(
                "the images of {} have {rows} × {columns} pixels; a single picture must be \
                 square, --grid ROWSxCOLUMNS shows any",
                dataset.name()
            ))),
            None => Ok(vec![source.at(self.index)?]),
            Some([below, beside]) => Ok(source.several(self.index, below * beside)?),
        }
    }
}

fn predictions(model: &ModelFile, images: &[Labelled]) -> Result<Vec<u16>> {
    let question = Question::plain(&model.model).of_levels()?;
    let images = images
        .iter()
        .filter_map(|image| Some((image.image()?, image.label)));
    let class = |(image, label): (&Images, u16)| exact::nearest(image.image(0), label, &question);
    Ok(images.map(|image| class(image).class).collect())
}
