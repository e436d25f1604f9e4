//! `ncm means`: the class means as pictures and as a file.

use std::path::PathBuf;

use super::model_arguments::ModelArguments;
use super::session::SessionArguments;
use super::training::TrainOn;
use crate::app::report::file::{Destination, ResultFile};
use crate::app::report::means::Means;
use crate::app::report::{montage, picture_file, terminal, written};
use crate::app::{Error, Result};
use crate::classifier::model::ModelFile;
use crate::data::OneSet;

/// Show the mean image of each class, or save them as a model
///
/// Trains on a dataset, or reads a model file, and draws the mean of each class.
/// --save writes a model file: the exact class sums, the counts and the means.
/// --model of other commands reads it, and so does numpy.load.
#[derive(Debug, clap::Args)]
pub(super) struct MeansArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Show the mean of this class only
    #[arg(long, value_name = "CLASS")]
    class: Option<usize>,

    /// Write a PNG file instead, with the means of all classes side by side
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Also write a model file: class sums, counts and means
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &MeansArguments) -> Result<String> {
    let (model, inputs, notes) = arguments.model()?;
    let classes = model.model.sums().classes();
    if let Some(class) = arguments.class.filter(|&class| class >= classes) {
        return Err(Error::Usage(format!(
            "there is no class {class}: the {classes} classes are numbered from 0"
        )));
    }
    if let Some(path) = &arguments.save {
        let mut file = ResultFile::create(&Destination::new(path, &inputs)?)?;
        file.write_bytes(&model.bytes()?)?;
        file.finish()?;
    }
    let means = Means {
        model: &model,
        class: arguments.class,
        notes: &notes,
    };
    if let Some(path) = &arguments.png {
        let (sums, rows, columns) = (model.model.sums(), model.rows, model.columns);
        let raster = match arguments.class {
            Some(class) => means.raster(class),
            None => montage::means_montage(sums, rows, columns),
        };
        picture_file(&Destination::new(path, &inputs)?, &raster)?;
    }
    let files = arguments.save.iter().chain(&arguments.png);
    let files: String = files.map(|path| written(path)).collect();
    if arguments.json {
        Ok(means.json())
    } else if files.is_empty() {
        means.text(terminal::shades(), terminal::width())
    } else {
        Ok(means.heading() + &files)
    }
}

impl MeansArguments {
    /// The model, the files that it was read or made from, and what to say of them.
    fn model(&self) -> Result<(ModelFile, Vec<PathBuf>, Vec<String>)> {
        // A file needs no dataset, unless one is named that it has to fit.
        match &self.model.model {
            Some(path) if !self.session.data.is_given() => {
                Ok((ModelFile::read(path)?, self.model.inputs(None), Vec::new()))
            }
            _ => {
                // Means need no test samples; those of both are of each once.
                let one_set = match self.model.train_on() {
                    TrainOn::Train => OneSet::Whole,
                    TrainOn::TrainAndTest => OneSet::Divided,
                };
                let (mut session, dataset) = self.session.open_as(one_set)?;
                let model = self.model.of(&dataset, &mut session)?;
                let inputs = self.model.inputs(Some(&dataset));
                Ok((model, inputs, dataset.notes().to_vec()))
            }
        }
    }
}
