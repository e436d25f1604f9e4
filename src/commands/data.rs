//! `ncm data`: what can be done with a dataset itself.

use std::path::PathBuf;

use crate::dataset::{self, Memory, Place};
use crate::error::{Error, Result};
use crate::report::{self, Progress};

/// Check and write datasets
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Verify(Verify),
    Export(Export),
}

/// Check the files of a dataset strictly
///
/// Validates headers, lengths, counts and labels. Where the dataset has the
/// shape of MNIST, the `mnist` crate reads the files as well and every byte is
/// compared.
#[derive(Debug, clap::Args)]
struct Verify {
    /// Folder with the four IDX files, plain or .gz, or an .npz archive [default: $NCM_DATA, else
    /// ./data, else what Keras has fetched]
    #[arg(value_name = "PATH")]
    folder: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Write a dataset as four plain IDX files
///
/// Overwrites nothing.
#[derive(Debug, clap::Args)]
struct Export {
    /// Folder to write to, made where it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Folder with the four IDX files, plain or .gz, an .npz archive as Keras writes it, or
    /// synthetic[:TRAIN[,TEST[,SEED]]] [default: $NCM_DATA, else ./data, else what Keras has
    /// fetched, else synthetic]
    #[arg(long, value_name = "PATH|synthetic")]
    data: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    match &arguments.action {
        Action::Verify(arguments) => verify(arguments),
        Action::Export(arguments) => export(arguments),
    }
}

fn verify(arguments: &Verify) -> Result<String> {
    let place = Place::find(arguments.folder.as_deref())?.place;
    if matches!(place, Place::Synthetic(_)) {
        return Err(Error::Usage(
            "synthetic digits have no files to check; name a folder: ncm data verify DIR".into(),
        ));
    }
    let progress = Progress::start("reading the files twice");
    let found = dataset::verify(&place)?;
    drop(progress);
    Ok(if arguments.json {
        report::data::json(&found)
    } else {
        report::data::text(&found)
    })
}

fn export(arguments: &Export) -> Result<String> {
    let found = Place::find(arguments.data.as_deref())?;
    let progress = Progress::start("writing the files");
    found.note.iter().for_each(|note| progress.note(note));
    let dataset = found.place.open(Memory::in_passing())?;
    let files = dataset::export(&dataset, &arguments.folder)?;
    drop(progress);
    Ok(report::data::exported(&dataset, &files))
}
