//! `ncm data`: what can be done with a dataset itself.

use std::path::{Path, PathBuf};

use super::data_arguments::DataArguments;
use super::next;
use crate::app::report::destination::check_folder;
use crate::app::report::{self, Progress, Report, Results};
use crate::app::{Error, Result, advice};
use crate::data::named::{self, Access, Entry};
use crate::data::{self, Found, Memory, Place};

/// List, fetch, check and write datasets
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data list")]
pub(super) struct DataCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    List(ListArguments),
    Fetch(FetchArguments),
    Verify(VerifyArguments),
    Path(PathArguments),
    Export(ExportArguments),
}

/// List the datasets that have a name, and which are in the cache
///
/// EMNIST's images are turned upright, and its letters are counted from 0.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data list")]
struct ListArguments {
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Fetch a dataset into the cache
///
/// Checks the files that are there. Downloads what is missing or damaged from the
/// first mirror whose file has the right SHA-256.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data fetch mnist")]
struct FetchArguments {
    /// The dataset, as `ncm data list` names it
    name: String,
}

/// Print the folder of the cache, or of a dataset in it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data path mnist")]
struct PathArguments {
    /// The dataset, as `ncm data list` names it
    name: Option<String>,
}

/// Check the files of a dataset strictly
///
/// Validates headers, lengths, counts and labels. Prints the size, SHA-256 and
/// header of each file, which published file it is, and how many images each
/// class has. Where the dataset is stored as MNIST is, the `mnist` crate reads
/// the files as well, and every byte is compared. Never uses the network.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data verify mnist")]
struct VerifyArguments {
    /// Dataset, as for --data of other commands [default: the same, but nothing is fetched]
    #[arg(value_name = "NAME|PATH")]
    data: Option<PathBuf>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Write a dataset as four plain IDX files
///
/// Never overwrites a file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ncm data export digits --data synthetic:1000,100")]
struct ExportArguments {
    /// Folder to write to, created if missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &DataCommand) -> Result<Results> {
    match &arguments.action {
        Action::List(arguments) => list(arguments),
        Action::Fetch(arguments) => fetch(arguments),
        Action::Verify(arguments) => verify(arguments),
        Action::Path(arguments) => path(arguments),
        Action::Export(arguments) => export(arguments),
    }
}

fn list(arguments: &ListArguments) -> Result<Results> {
    let access = Access::from_environment()?;
    let listed = named::entries()
        .iter()
        .map(|entry| Ok((entry, entry.cached(&access)?)))
        .collect::<Result<Vec<_>>>()?;
    if arguments.json {
        return Ok(Results::Data(report::datasets::json(&listed)));
    }
    let text = report::datasets::text(&listed, access.cache()?);
    Ok(Results::Text(text))
}

fn fetch(arguments: &FetchArguments) -> Result<Results> {
    let entry = entry(&arguments.name)?;
    let progress = Progress::start("checking what is in the cache");
    let access = Access::from_environment()?;
    let files = entry.fetch(&access, &|fetching| progress.fetching(fetching))?;
    drop(progress);
    let words = ["accuracy", "--data", entry.name].map(str::to_owned);
    let next = next::of("how many of its images are read rightly", &words);
    Ok(Results::Text(
        report::datasets::fetched(entry, &files) + &next,
    ))
}

fn path(arguments: &PathArguments) -> Result<Results> {
    let access = Access::from_environment()?;
    let folder = match &arguments.name {
        Some(name) => entry(name)?.folder(&access)?,
        None => access.cache()?.to_owned(),
    };
    Ok(Results::Data(report::datasets::path(&folder)))
}

fn entry(name: &str) -> Result<&'static Entry> {
    named::entry(name).ok_or_else(|| {
        let names: Vec<_> = named::entries().iter().map(|entry| entry.name).collect();
        Error::Usage(format!(
            "no dataset is called {name:?}; there are {}",
            names.join(", ")
        ))
    })
}

fn verify(arguments: &VerifyArguments) -> Result<Results> {
    let progress = Progress::start("reading the files twice");
    let access = Access::from_environment()?.offline();
    let found = Found::find(arguments.data.as_deref(), &access, &|_| ())?;
    if matches!(found.place, Place::Synthetic(_)) {
        let notes: Vec<String> = found.notes.iter().map(advice::note).collect();
        let why = match notes.is_empty() {
            true => "they are drawn".into(),
            false => notes.join("; "),
        };
        return Err(Error::Usage(format!(
            "there are no files to check: {why}; name a dataset: ncm data verify NAME|PATH"
        )));
    }
    for note in &found.notes {
        progress.note(advice::note(note));
    }
    let verified = data::verify(&found.place)?;
    drop(progress);
    Ok(verified.rendered(arguments.json, ""))
}

fn export(arguments: &ExportArguments) -> Result<Results> {
    check_folder(&arguments.folder)?;
    let progress = Progress::start("writing the files");
    let found = arguments.data.find(&progress)?;
    progress.stage("writing the files");
    let dataset = found.place.open(Memory::in_passing())?;
    let files = data::export(&dataset, &arguments.folder)?;
    drop(progress);
    // Not a dataset's name, whatever the folder is called.
    let folder = Path::new(".").join(&arguments.folder);
    let folder = folder.display().to_string();
    let words = ["accuracy", "--data"].map(str::to_owned);
    let words: Vec<String> = words.into_iter().chain([folder]).collect();
    let next = next::of("how many of its images are read rightly", &words);
    Ok(Results::Text(
        report::data::exported(&dataset, &files) + &next,
    ))
}
