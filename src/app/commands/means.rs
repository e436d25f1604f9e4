//! `ncm means`: the class means as pictures and as a file.

use std::path::PathBuf;

use super::model_arguments::ModelArguments;
use super::session::SessionArguments;
use crate::app::report::file::ResultFile;
use crate::app::report::means::Means;
use crate::app::report::{montage, picture_file, terminal, written};
use crate::classifier::model::ModelFile;
use crate::error::{Error, Result};

/// Show the mean image of each class, or keep them as a model
///
/// Trains on a dataset, or reads the model in a file, and draws the mean of each
/// class. What --save writes holds the exact class sums and counts with the
/// means, for --model of the other commands and for NumPy's load.
#[derive(Debug, clap::Args)]
pub(super) struct MeansArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    /// Show the mean of this class alone
    #[arg(long, value_name = "CLASS")]
    class: Option<usize>,

    /// Write the means to a picture instead, all classes beside each other
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Also write class sums, counts and means, for --model and for NumPy
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    /// Print one JSON object instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &MeansArguments) -> Result<String> {
    let model = arguments.model()?;
    let classes = model.model.sums().classes();
    if let Some(class) = arguments.class.filter(|&class| class >= classes) {
        return Err(Error::Usage(format!(
            "there is no class {class}: the {classes} classes are numbered from 0"
        )));
    }
    if let Some(path) = &arguments.save {
        let mut file = ResultFile::create(path)?;
        file.write_bytes(&model.bytes()?)?;
        file.finish()?;
    }
    let means = Means {
        model: &model,
        class: arguments.class,
    };
    if let Some(path) = &arguments.png {
        let (sums, rows, columns) = (model.model.sums(), model.rows, model.columns);
        let raster = match arguments.class {
            Some(class) => means.raster(class),
            None => montage::means_montage(sums, rows, columns),
        };
        picture_file(path, &raster)?;
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
    fn model(&self) -> Result<ModelFile> {
        // A file needs no dataset, unless one is named that it has to fit.
        match &self.model.model {
            Some(path) if !self.session.data.is_given() => ModelFile::read(path),
            _ => {
                let (mut session, dataset) = self.session.open()?;
                self.model.of(&dataset, &mut session)
            }
        }
    }
}
