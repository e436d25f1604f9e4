//! `ncm means`: the class means as pictures and as a file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgAction;

use super::backend_arguments::on_cpu;
use super::colour::ColourArguments;
use super::data_arguments::SplitName;
use super::model_arguments::ModelArguments;
use super::numbers::from_zero;
use super::recipe_arguments::RecipeArguments;
use super::rows_arguments::RowsArguments;
use super::session::SessionArguments;
use super::training::{Seen, TrainOn};
use crate::app::report::destination::{Destination, Outputs, check_png};
use crate::app::report::file::write_whole;
use crate::app::report::means::Means;
use crate::app::report::{Results, montage, picture_file, terminal};
use crate::app::{Error, Result};
use crate::backends::select::Choice;
use crate::classifier::model::{ModelFile, Parts};
use crate::data::OneSet;

const EXAMPLES: &str = "\
Examples:
  ncm means
  ncm means --png means.png
  ncm means --data kmnist --save kmnist-means.npz
  ncm means --data large.npz --rows 0..1000000 --save part-0.npz";

/// Show the mean image of each class, or save them as a model
///
/// Trains on a dataset, or reads a model file, and draws the mean of each class.
/// --save writes a model file: the exact class sums, the counts, the means, and
/// hashes of the samples they are of. --model of other commands reads it,
/// `ncm merge` adds several up, and numpy.load reads it as well. Several --data
/// make one model of all their samples.
#[derive(Debug, clap::Args)]
#[command(mut_arg("data", |it| it.action(ArgAction::Append)))]
#[command(mut_arg("rows", |it| it.conflicts_with("model")))]
#[command(mut_arg("backend", |it| on_cpu(it).conflicts_with("model")))]
#[command(mut_arg("adapter", |it| it.conflicts_with("model")))]
#[command(after_help = EXAMPLES)]
pub(super) struct MeansArguments {
    #[command(flatten)]
    session: SessionArguments,

    #[command(flatten)]
    model: ModelArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    #[command(flatten)]
    rows: RowsArguments,

    /// Show the mean of this class only
    #[arg(long, value_name = "CLASS", value_parser = from_zero, allow_negative_numbers = true)]
    class: Option<usize>,

    /// Write a PNG file instead, with the means of all classes side by side; - is standard output
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,

    /// Also write a model file: class sums, counts and means; - is standard output
    #[arg(long, value_name = "FILE.npz")]
    save: Option<PathBuf>,

    #[command(flatten)]
    colour: ColourArguments,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &MeansArguments) -> Result<Results> {
    let (save, png) = (arguments.save.as_deref(), arguments.png.as_deref());
    let outputs = Outputs::new([save, png], arguments.json)?;
    check_png(png)?;
    let (model, inputs, notes) = arguments.model()?;
    let classes = model.model.sums().classes();
    if let Some(class) = arguments.class.filter(|&class| class >= classes) {
        return Err(Error::Usage(format!(
            "there is no class {class}: the {classes} classes are numbered from 0"
        )));
    }
    if let Some(path) = save {
        write_whole(&Destination::new(path, &inputs)?, &model.bytes()?)?;
    }
    let means = Means {
        model: &model,
        class: arguments.class,
        notes: &notes,
    };
    if let Some(path) = png {
        let [rows, columns] = model.image_size()?;
        let raster = match arguments.class {
            Some(class) => means.raster(class)?,
            None => montage::means_montage(model.model.sums().levels()?, rows, columns),
        };
        picture_file(&Destination::new(path, &inputs)?, &raster)?;
    }
    Ok(if arguments.json {
        Results::Data(means.json())
    } else if outputs.is_empty() {
        let shades = arguments.colour.shades();
        Results::Text(means.text(shades, terminal::width()))
    } else {
        outputs.beside(means.heading() + &outputs.written())
    })
}

/// A model, the files that it was read or made from, and what to say of them.
type Made = (ModelFile, Vec<PathBuf>, Vec<String>);

impl MeansArguments {
    fn model(&self) -> Result<Made> {
        self.model.check_alone(&self.session.data)?;
        if let Some(path) = &self.model.model {
            return Ok((ModelFile::read(path)?, self.model.inputs(None), Vec::new()));
        }
        let each = self.session.each();
        match &each[..] {
            [one] => self.of(one, self.save.is_some()),
            several => self.of_several(several),
        }
    }

    /// All datasets as one.
    fn of_several(&self, each: &[SessionArguments]) -> Result<Made> {
        if self.recipe.needs_centre() {
            return Err(Error::Usage(
                "the recipe cl2n of several datasets needs --centre FILE, the mean of all of them"
                    .into(),
            ));
        }
        let (mut parts, mut inputs, mut notes) = (None::<Parts>, Vec::new(), BTreeSet::new());
        for one in each {
            let (file, more, said) = self.of(one, true)?;
            inputs.extend(more);
            notes.extend(said);
            match &mut parts {
                None => parts = Some(Parts::new(file)?),
                Some(parts) => {
                    let refuse = |found: String| {
                        let datasets = "--data names datasets that cannot be added up";
                        Error::Usage(format!("{datasets}: {} has {found}", file.dataset))
                    };
                    if let Some([found, others]) = parts.apart_from(&file) {
                        return Err(refuse(format!("{found}, the others {others}")));
                    }
                    parts
                        .add(&file)
                        .map_err(|error| refuse(error.to_string()))?;
                }
            }
        }
        let parts = parts.ok_or_else(|| Error::Usage("no dataset was named".into()))?;
        Ok((parts.finish()?, inputs, notes.into_iter().collect()))
    }

    /// The model of a dataset, which knows what it has seen where it is a part.
    fn of(&self, from: &SessionArguments, is_part: bool) -> Result<Made> {
        let train_on = self.model.train_on();
        if train_on == TrainOn::TrainAndTest && self.rows.is_given() {
            return Err(Error::Usage(
                "--rows are of the training samples; leave --train-on train+test out".into(),
            ));
        }
        // Means need no test samples; those of both are of each once.
        let one_set = match train_on {
            TrainOn::Train => OneSet::Whole,
            TrainOn::TrainAndTest => OneSet::Divided,
        };
        let (mut session, dataset) = from.open(Choice::Cpu, one_set)?;
        let (dataset, rows) = self.rows.cut(SplitName::Train, dataset)?;
        let seen = is_part.then(|| Seen::of(train_on, rows, &dataset));
        let seen = seen.transpose()?;
        let (dataset, mut model) = (self.model).of(dataset, &self.recipe, &mut session)?;
        if let Some(seen) = seen {
            model = seen.part(model)?;
        }
        let inputs = self.model.inputs(Some(&dataset));
        Ok((model, inputs, dataset.notes().to_vec()))
    }
}
