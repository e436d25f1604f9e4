//! `ncm draw`: a page on which a drawn digit is read.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::Resettable;

use super::backend_arguments::{BackendArguments, on_cpu};
use super::data_arguments::DataArguments;
use super::model_arguments::fitting;
use super::session::Session;
use super::training::{Splits, both_knowing};
use crate::app;
use crate::app::page::{Answers, Server};
use crate::app::report::{self, draw};
use crate::backends::select::Choice;
use crate::classifier::model::{Inside, ModelFile, inside};
use crate::data::synthetic::Synthetic;
use crate::data::{Dataset, Memory, Place};
use crate::error::Result;
use crate::pictures::drawing::{CANVAS, Reader};

const DATA: &str =
    "Dataset to compute both models from and to show images of, as for `ncm accuracy`";

const EXAMPLES: &str = "\
Examples:
  ncm draw
  ncm draw --data kmnist

On another machine, through ssh. The port must have the same number there:
  ssh -t -L 8765:127.0.0.1:8765 HOST ncm draw --no-open --port 8765";

/// Draw a digit and see what it is read as, and why
///
/// Serves a page to browsers on this machine only, until Ctrl-C. Two models read
/// the drawing side by side: the means of the training images, and those of all
/// images. They are MNIST's, built into the program, unless --data or --model is
/// given.
#[derive(Debug, clap::Args)]
#[command(mut_arg("data", |data| data.help(DATA).long_help(Resettable::Reset)), mut_arg("backend", on_cpu))]
#[command(after_help = EXAMPLES)]
pub(super) struct DrawArguments {
    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(u16))]
    port: u16,

    /// Print the address of the page without opening a browser. For shared machines, where other
    /// users can see the arguments that a browser is started with
    #[arg(long)]
    no_open: bool,

    /// Model file to read with, written by `ncm means --save`
    #[arg(long, value_name = "FILE.npz")]
    model: Option<PathBuf>,

    #[command(flatten)]
    data: DataArguments,

    #[command(flatten)]
    backend: BackendArguments,
}

/// Synthetic digits to look at, where no dataset is found.
const GALLERY: Synthetic = Synthetic {
    train: 10,
    test: 1_000,
    seed: 1,
};

pub(super) fn run(arguments: &DrawArguments) -> app::Result<Infallible> {
    let server = Server::bind(arguments.port)?;
    let reader = arguments.reader()?;
    let address = server.address();
    report::print(&report::Results::Data(format!("{address}\n")))?;
    reader.notes().iter().for_each(report::note);
    report::note("draw a digit at this address; Ctrl-C ends it");
    if !arguments.no_open && open::that_detached(&address).is_err() {
        report::note("no browser could be opened; open the address in one");
    }
    Ok(server.serve(Arc::new(reader))?)
}

impl DrawArguments {
    fn reader(&self) -> app::Result<Reader> {
        if self.data.is_given() {
            let (mut session, dataset) = Session::open(
                self.backend.or(Choice::Cpu)?,
                "reading the images",
                |_, _, progress| self.data.find(progress)?.place.open(Memory::default()),
            )?;
            let (dataset, models) = match &self.model {
                Some(path) => {
                    let (dataset, model) = fitting(path, ModelFile::read(path)?, dataset)?;
                    (dataset, vec![model])
                }
                None => {
                    let models = both(&dataset, &mut session)?;
                    (dataset, models)
                }
            };
            return Ok(Reader::new(models, Some(dataset))?);
        }
        let models = match &self.model {
            Some(path) => vec![ModelFile::read(path)?],
            None => Inside::ALL.map(inside).into(),
        };
        Ok(Reader::new(models, self.gallery())?)
    }

    /// Images to look at: those that are found without a network, else digits
    /// that are drawn.
    fn gallery(&self) -> Option<Dataset> {
        let found = self.data.find_here().ok()?;
        let place = match found.place {
            Place::Synthetic(_) => Place::Synthetic(GALLERY),
            place => place,
        };
        // A gallery is welcome, but nothing depends on it.
        place.open(Memory::default()).ok()
    }
}

/// The notebook's two models.
fn both(dataset: &Dataset, session: &mut Session) -> Result<Vec<ModelFile>> {
    let models = session.run(|work| Splits::new(work.backend, dataset).both_models(work))?;
    let files = models.map(|model| ModelFile::of_dataset(dataset, model));
    both_knowing(files, dataset)
}

/// What the page is told.
impl Answers for Reader {
    fn models(&self) -> String {
        draw::models(self)
    }

    fn canvas_bytes(&self) -> usize {
        CANVAS * CANVAS
    }

    fn image_bytes(&self) -> usize {
        self.dim()
    }

    fn read(&self, canvas: &[u8]) -> Result<String> {
        Ok(draw::readings(&Reader::read(self, canvas)?))
    }

    fn difference(&self, model: usize, a: usize, b: usize, image: &[u8]) -> Result<String> {
        let difference = Reader::difference(self, model, [a, b], image)?;
        Ok(draw::difference(&difference))
    }

    fn gallery(&self, from: usize, count: usize) -> Result<String> {
        let images = Reader::gallery(self, from, count)?;
        Ok(draw::gallery(self, from, &images))
    }
}
