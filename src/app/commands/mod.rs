//! The command line: one file for each command, from arguments through
//! library calls to a report.

mod accuracy;
mod backend_arguments;
mod bench;
mod bootstrap;
mod colour;
mod compare;
mod compare_recipes;
mod curve;
mod data;
mod data_arguments;
mod devices;
mod distances;
#[cfg(feature = "page")]
mod draw;
mod info;
mod job;
mod manual;
mod means;
mod merge;
mod model_arguments;
mod next;
mod numbers;
mod outcome;
mod pictures;
mod predict;
mod predict_vectors;
mod recipe_arguments;
mod refusal;
mod report;
mod rows_arguments;
mod schema;
mod session;
mod show;
mod training;
mod typed;
mod words;

use std::env::consts::{ARCH, OS};
use std::sync::OnceLock;

use clap::{Parser, Subcommand};

use crate::app::report::Results;
use crate::app::{Result, clean_up_when_interrupted, drivers};
use crate::backends::select::Choice;

pub use outcome::Outcome;

/// Evaluates the nearest-class-mean classifier on the GPU: averages the
/// training images of each class, gives every test image the class whose mean
/// is nearest, and says how often that is right.
#[derive(Debug, Parser)]
#[command(name = "ncm", bin_name = "ncm", version, long_version = long_version(), max_term_width = 80, after_help = AFTER_HELP, after_long_help = AFTER_LONG_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  ncm compare
  ncm accuracy --data fashion-mnist
  ncm help words

Exit codes: 0 success, 1 other failure, 2 usage, 3 bad data, 4 download failed,
5 no usable GPU, 130 interrupted.
Results go to standard output, messages to standard error.";

const AFTER_LONG_HELP: &str = "\
Examples:
  ncm compare
  ncm accuracy --data fashion-mnist
  ncm help words

Environment:
  NCM_DATA       Dataset to use without --data
  NCM_CACHE_DIR  Folder of the cache, else $XDG_CACHE_HOME/ncm,
                 ~/.cache/ncm or what the system has
  NCM_MIRROR     Mirrors to use instead, separated by blanks;
                 each has mnist/train-images-idx3-ubyte.gz and so on
  NCM_TIMEOUT    Seconds that a mirror may be silent, 20
  NCM_GPU_TIMEOUT  Seconds that GPU drivers may take to open, 10
  SSL_CERT_FILE  Certificates to trust instead of Mozilla's
  HTTPS_PROXY    Proxy for downloads; NO_PROXY lists exceptions
  NO_COLOR       Any value: neither colours nor bold text

Exit codes: 0 success, 1 other failure, 2 usage, 3 bad data, 4 download failed,
5 no usable GPU, 130 interrupted.
Results go to standard output, messages to standard error. With --json a result
is one JSON object; `ncm schema COMMAND` describes its keys.";

/// What `--version` says more than `-V`.
fn long_version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let through = match OS {
            "macos" | "ios" => "Metal",
            "windows" => "Vulkan or DirectX 12",
            _ => "Vulkan",
        };
        let plainest_first = Choice::ALL.into_iter().rev();
        let backends = plainest_first.filter(|choice| *choice != Choice::Auto);
        let names: Vec<_> = backends.map(|choice| choice.described()[0]).collect();
        format!(
            "{}\nbuilt for {ARCH} {OS}\nbackends: {} through {through}",
            env!("CARGO_PKG_VERSION"),
            names.join(", ")
        )
    })
}

#[derive(Debug, Subcommand)]
enum Command {
    Accuracy(accuracy::AccuracyArguments),
    Compare(compare::CompareArguments),
    Curve(curve::CurveArguments),
    Bootstrap(bootstrap::BootstrapArguments),
    Bench(bench::BenchArguments),
    Devices(devices::DevicesArguments),
    Data(data::DataCommand),
    Info(info::InfoArguments),
    Show(show::ShowArguments),
    Means(means::MeansArguments),
    Merge(merge::MergeArguments),
    Job(job::JobArguments),
    Distances(distances::DistancesArguments),
    Predict(predict::PredictArguments),
    Report(report::ReportArguments),
    #[cfg(feature = "page")]
    Draw(draw::DrawArguments),
    Schema(schema::SchemaArguments),
    Completions(manual::Completions),
    Man(manual::Man),
    Words(words::Words),
}

/// Does what the command line asks. Where that is wrong, clap says so and ends the
/// process.
///
/// # Errors
/// Whatever kept it from being done.
pub fn run() -> Result<Outcome> {
    let words = typed::words();
    // No command of a user's, so that neither help nor completions have it. It has
    // nothing to clean up, and must end with its drivers.
    if words.get(1).is_some_and(|word| word == drivers::COMMAND) {
        drivers::attempt(&words[2..]);
    }
    clean_up_when_interrupted();
    match Arguments::try_parse_from(words) {
        Ok(arguments) => arguments.run(),
        Err(error) if error.use_stderr() => refusal::with_tip(error).exit(),
        // Help and versions are results like others, also on a full disk.
        Err(help) => Ok(Results::Data(help.render().ansi().to_string()).into()),
    }
}

impl Arguments {
    fn run(&self) -> Result<Outcome> {
        let results = match &self.command {
            Command::Accuracy(arguments) => return accuracy::run(arguments),
            Command::Compare(arguments) => compare::run(arguments),
            Command::Curve(arguments) => curve::run(arguments),
            Command::Bootstrap(arguments) => bootstrap::run(arguments),
            Command::Bench(arguments) => bench::run(arguments),
            Command::Devices(arguments) => devices::run(arguments),
            Command::Data(arguments) => data::run(arguments),
            Command::Info(arguments) => info::run(arguments),
            Command::Show(arguments) => show::run(arguments),
            Command::Means(arguments) => means::run(arguments),
            Command::Merge(arguments) => merge::run(arguments),
            Command::Job(arguments) => Ok(job::run(arguments)),
            Command::Distances(arguments) => distances::run(arguments),
            Command::Predict(arguments) => return predict::run(arguments),
            Command::Report(arguments) => report::run(arguments),
            #[cfg(feature = "page")]
            Command::Draw(arguments) => match draw::run(arguments)? {},
            Command::Schema(arguments) => schema::run(arguments),
            Command::Completions(arguments) => manual::completions(arguments),
            Command::Man(arguments) => manual::man(arguments),
            Command::Words(_) => Ok(words::run()),
        };
        results.map(Outcome::from)
    }
}
