//! `ncm show`: images as pictures.

use std::path::PathBuf;

use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::session::SessionArguments;
use crate::app::report::show::Show;
use crate::app::report::{Progress, picture_file, terminal, written};
use crate::classifier::exact;
use crate::classifier::model::{ModelFile, Question};
use crate::data::{Dataset, Labelled, Memory};
use crate::error::{Error, Result};

/// Show images as pictures
///
/// One image, or a grid of images that follow each other, with their labels and,
/// with --predict or --model, the class that each is given. In a terminal they
/// are drawn in shades of grey, two pixels to a character; where there are no
/// colours, in characters that are denser the lighter a pixel is.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Also say what the images are read as
    #[arg(long)]
    predict: bool,

    /// Images that some are shown of
    #[arg(long, value_enum, default_value_t)]
    split: SplitName,

    /// The first image that is shown, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    index: usize,

    /// Show so many images below and beside each other
    #[arg(long, value_name = "ROWSxCOLUMNS", value_parser = grid)]
    grid: Option<[usize; 2]>,

    /// Write the picture to a file instead
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Pixels of the file for one of an image, each way
    #[arg(long, value_name = "N", default_value_t = 10, requires = "png",
          value_parser = clap::value_parser!(u16).range(1..=100))]
    scale: u16,

    /// Print one JSON object instead
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

pub(super) fn run(arguments: &ShowArguments) -> Result<String> {
    let (dataset, model) = if arguments.predict || arguments.model.is_given() {
        let (mut session, dataset) = arguments.session.open()?;
        let model = arguments.model.of(&dataset, &mut session)?;
        (dataset, Some(model))
    } else {
        let progress = Progress::start("reading the images");
        let found = arguments.session.data.find(&progress)?;
        (found.place.open(Memory::in_passing())?, None)
    };
    let images = arguments.images(&dataset)?;
    let predicted = match &model {
        Some(model) => predictions(model, &images),
        None => Vec::new(),
    };
    let show = Show {
        dataset: &dataset,
        model: model.as_ref().map(|file| &file.model),
        split: arguments.split.name(),
        first: arguments.index,
        images: &images,
        predicted: &predicted,
        beside: arguments.grid.map_or(1, |[_, beside]| beside),
    };
    if let Some(path) = &arguments.png {
        picture_file(path, &show.raster(arguments.scale.into())?)?;
    }
    Ok(match (arguments.json, &arguments.png) {
        (true, _) => show.json(),
        (false, Some(path)) => show.caption() + &written(path),
        (false, None) => show.text(terminal::shades(), terminal::width())?,
    })
}

impl ShowArguments {
    /// The images that are shown: fewer where the split ends.
    fn images(&self, dataset: &Dataset) -> Result<Vec<Labelled>> {
        let source = self.split.of(dataset);
        let (rows, columns) = (source.rows(), source.columns());
        match self.grid {
            None if rows != columns => Err(Error::Usage(format!(
                "the images of {} have {rows} × {columns} pixels; a single picture must be \
                 square, --grid ROWSxCOLUMNS shows any",
                dataset.name()
            ))),
            None => Ok(vec![source.at(self.index)?]),
            Some([below, beside]) => source.several(self.index, below * beside),
        }
    }
}

fn predictions(model: &ModelFile, images: &[Labelled]) -> Vec<u16> {
    let question = Question::plain(&model.model);
    let class =
        |image: &Labelled| exact::nearest(image.image.image(0), image.label, &question).class;
    images.iter().map(class).collect()
}
