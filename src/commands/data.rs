//! `ncm data`: what can be done with a dataset itself.

use std::path::PathBuf;

use crate::dataset::{self, Dataset};
use crate::error::Result;
use crate::report::{self, Progress};

/// Check datasets
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Verify(Verify),
}

/// Check the four files of a dataset strictly
///
/// Validates headers, lengths, counts and labels. Where the dataset has the
/// shape of MNIST, the `mnist` crate reads the files as well and every byte is
/// compared.
#[derive(Debug, clap::Args)]
struct Verify {
    /// Folder with the four IDX files, plain or .gz [default: $NCM_DATA, else ./data]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<String> {
    let Action::Verify(verify) = &arguments.action;
    let folder = Dataset::locate(verify.folder.as_deref())?;
    let progress = Progress::start("reading the files twice");
    let found = dataset::verify(&folder)?;
    drop(progress);
    Ok(if verify.json {
        report::data::json(&found)
    } else {
        report::data::text(&found)
    })
}
