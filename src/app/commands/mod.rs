//! The command line: one file for each command, from arguments through
//! library calls to a report.

mod accuracy;
mod bench;
mod compare;
mod data;
mod data_arguments;
mod devices;
mod distances;
mod done;
#[cfg(feature = "page")]
mod draw;
mod info;
mod manual;
mod means;
mod model_arguments;
mod pictures;
mod predict;
mod predictions_file;
mod report;
mod session;
mod show;
mod train_on;
mod typed;
mod workplace;

use std::env::consts::{ARCH, OS};
use std::sync::OnceLock;

use clap::{Parser, Subcommand};

use crate::error::Result;

pub use done::Done;

/// Evaluates the nearest-class-mean classifier on the GPU: averages the
/// training images of each class, gives every test image the class whose mean
/// is nearest, and says how often that is right.
#[derive(Debug, Parser)]
#[command(name = "ncm", bin_name = "ncm", version, long_version = long_version(), max_term_width = 100, after_help = AFTER_HELP)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 success, 1 other failure, 2 usage, 3 bad data, 4 download failed,
5 no usable GPU, 130 interrupted.
Results go to standard output, messages to standard error.";

/// What `--version` says more than `-V`.
fn long_version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let through = match OS {
            "macos" | "ios" => "Metal",
            "windows" => "Vulkan or DirectX 12",
            _ => "Vulkan",
        };
        format!(
            "{}\nbuilt for {ARCH} {OS}\nbackends: reference, cpu, gpu through {through}",
            env!("CARGO_PKG_VERSION")
        )
    })
}

#[derive(Debug, Subcommand)]
enum Command {
    Accuracy(accuracy::Arguments),
    Compare(compare::Arguments),
    Bench(bench::Arguments),
    Devices(devices::Arguments),
    Data(data::Arguments),
    Info(info::Arguments),
    Show(show::Arguments),
    Means(means::Arguments),
    Distances(distances::Arguments),
    Predict(predict::Arguments),
    Report(report::Arguments),
    #[cfg(feature = "page")]
    Draw(draw::Arguments),
    Completions(manual::Completions),
    Man(manual::Man),
}

impl Arguments {
    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever kept it from being done.
    pub fn run(&self) -> Result<Done> {
        let results = match &self.command {
            Command::Accuracy(arguments) => accuracy::run(arguments),
            Command::Compare(arguments) => compare::run(arguments),
            Command::Bench(arguments) => bench::run(arguments),
            Command::Devices(arguments) => Ok(devices::run(arguments)),
            Command::Data(arguments) => data::run(arguments),
            Command::Info(arguments) => info::run(arguments),
            Command::Show(arguments) => show::run(arguments),
            Command::Means(arguments) => means::run(arguments),
            Command::Distances(arguments) => distances::run(arguments),
            Command::Predict(arguments) => return predict::run(arguments),
            Command::Report(arguments) => report::run(arguments),
            #[cfg(feature = "page")]
            Command::Draw(arguments) => match draw::run(arguments)? {},
            Command::Completions(arguments) => manual::completions(arguments),
            Command::Man(arguments) => manual::man(arguments),
        };
        results.map(Done::from)
    }
}
