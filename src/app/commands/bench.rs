//! `ncm bench`: the CPU against the GPU.

use std::time::Instant;

use clap::ValueEnum;

use super::backend_arguments::check_adapter;
use super::data_arguments::DataArguments;
use super::recipe_arguments::RecipeArguments;
use crate::app::bench::{self, Load, Race, Stage, Timed, Work};
use crate::app::drivers::{self, Opening};
use crate::app::report::{self, Progress, Results};
use crate::app::{Error, Result, message};
use crate::backends::select::{self, Choice};
use crate::backends::timings::milliseconds_since;
use crate::backends::{Backend, Bandwidth, Benchmarked};
use crate::data::{Dataset, Memory, Place, Source};
use crate::error::Error as LibraryError;

const EXAMPLES: &str = "\
Examples:
  ncm bench
  ncm bench --images 100000
  ncm bench --markdown";

/// Time the CPU against the GPU, stage by stage
///
/// Checks every answer before it prints a time. `cold ms` is the first run in
/// this process; `median ms` and `min to max` are of the later runs. `of copy`
/// compares `bytes/s` with what the same memory copies, reads and writes counted.
/// Where other programs kept the machine busy, a note says so.
///
/// On a GPU, class_sums, distances and nearest are timed by the device itself
/// where it has timestamps; upload and readback are timed by the host. On the
/// CPU, nearest includes distances. evaluate goes from images in memory to class
/// means and labels, everything in between included. resample is the sums of twelve
/// draws, as in `ncm bootstrap`; curve is one repetition of `ncm curve`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BenchArguments {
    #[command(flatten)]
    data: DataArguments,

    #[command(flatten)]
    recipe: RecipeArguments,

    /// Train on N images and test on N, repeating or cutting the dataset [default: as it is]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    images: Option<u32>,

    /// What to time against each other: with `cpu` no GPU driver is loaded, with `gpu` one must open
    #[arg(long, value_enum, value_name = "BACKEND", default_value_t)]
    backend: Timing,

    /// Adapter to time, by its index in `ncm devices` or part of its name [default: the best]
    #[arg(long, value_name = "INDEX|NAME")]
    adapter: Option<String>,

    /// Print one JSON object instead of text
    #[arg(long, conflicts_with = "markdown")]
    json: bool,

    /// Print a Markdown table instead of text
    #[arg(long)]
    markdown: bool,
}

/// What is timed is in memory.
const WHOLE: Memory = Memory {
    whole: 1 << 30,
    batch: 16 << 20,
    reread: false,
};

/// Which backends are timed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Timing {
    /// The CPU, and a GPU where one opens
    #[default]
    Auto,
    /// The CPU and a GPU
    Gpu,
    /// The CPU alone
    Cpu,
}

pub(super) fn run(arguments: &BenchArguments) -> Result<Results> {
    let started = Instant::now();
    let adapter = arguments.adapter.as_deref();
    check_adapter(adapter, arguments.backend != Timing::Cpu)?;
    let progress = Progress::start("reading the images");
    let found = arguments.data.find(&progress)?;
    let reading = Instant::now();
    let dataset = found.place.open(WHOLE)?;
    let read_in = milliseconds_since(reading);
    let dataset = arguments.recipe.prepared(dataset)?;
    let work = work(&dataset, arguments.images)?;
    let (cpu, reference) = (select::cpu(), select::reference());

    let before = Load::now();
    progress.stage("timing the cpu backend");
    let (cold, answers) = bench::cold(&*cpu, &work)?;
    bench::check(&*cpu, &*reference, &work, &answers, None)?;
    let bandwidth = cpu.bandwidth()?;
    let mut timed = vec![load(&found.place, &dataset, read_in, bandwidth)?];
    timed.extend(bench::stages(&*cpu, &work, &cold, bandwidth)?);
    let mut races: Vec<Race> = Vec::new();
    let opening = Instant::now();
    let gpu = open_gpu(arguments, &progress)?;
    if let Some(gpu) = &gpu {
        let opened_in = milliseconds_since(opening);
        progress.stage("timing the gpu backend");
        let (cold, found) = bench::cold(&**gpu, &work)?;
        bench::check(&**gpu, &*reference, &work, &found, Some(&answers))?;
        let bandwidth = gpu.bandwidth()?;
        timed.push(device(arguments, &**gpu, opened_in, bandwidth)?);
        timed.extend(bench::stages(&**gpu, &work, &cold, bandwidth)?);
        progress.stage("racing the two at growing sizes");
        races = bench::races(&*cpu, &**gpu, &work)?;
    }
    drop(progress);
    let others = before.zip(Load::now());
    let others = others.and_then(|(before, now)| Some((now, now.others_since(&before)?)));
    let report = report::bench::Bench {
        dataset: &dataset,
        images: [work.train().len(), work.test().len()],
        bandwidth,
        timed: &timed,
        races: &races,
        backend: &gpu.unwrap_or(cpu).description(),
        others,
        total: milliseconds_since(started),
    };
    Ok(match (arguments.json, arguments.markdown) {
        (true, _) => Results::Data(report.json()),
        (_, true) => Results::Data(report.markdown()),
        _ => Results::Text(report::worded(report.text(), dataset.train().shape())),
    })
}

fn work(dataset: &Dataset, images: Option<u32>) -> Result<Work> {
    let whole = |source: &Source| {
        source.whole().cloned().ok_or_else(|| {
            Error::Usage(
                "bench needs a dataset that fits in memory; name a smaller one and --images N"
                    .into(),
            )
        })
    };
    let work = Work::new(whole(dataset.train())?, whole(dataset.test())?);
    match images {
        Some(images) => work.tiled(images as usize),
        None => Ok(work),
    }
}

/// The GPU to race; none where there is none and none was asked for.
fn open_gpu(
    arguments: &BenchArguments,
    progress: &Progress,
) -> Result<Option<Box<dyn Benchmarked>>> {
    if arguments.backend == Timing::Cpu {
        return Ok(None);
    }
    let adapter = arguments.adapter.as_deref();
    let limit = drivers::time_limit()?;
    let tried = drivers::check(Opening::Choice(Choice::Gpu, adapter), limit);
    let opened = tried.and_then(|_| drivers::remembered(select::gpu_within(limit, adapter)));
    match opened {
        Ok(gpu) => Ok(Some(gpu)),
        Err(error @ (LibraryError::NoGpu(_) | LibraryError::Gpu(_)))
            if adapter.is_none() && arguments.backend == Timing::Auto =>
        {
            progress.note(message(&error));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Reading the dataset's files, or drawing it.
fn load(place: &Place, dataset: &Dataset, cold: f64, bandwidth: Bandwidth) -> Result<Timed> {
    let dim = dataset.train().shape().dim() as u64;
    let images = dataset.train().len() + dataset.test().len();
    Ok(Timed {
        backend: select::cpu().description(),
        stage: Stage::Load,
        images,
        bytes: images as u64 * dim,
        cold: Some(cold),
        measured: bench::once(|| place.open(WHOLE))?,
        bandwidth,
    })
}

/// Opening the device, as every run of a command does once.
fn device(
    arguments: &BenchArguments,
    gpu: &dyn Backend,
    cold: f64,
    bandwidth: Bandwidth,
) -> Result<Timed> {
    Ok(Timed {
        backend: gpu.description(),
        stage: Stage::Device,
        images: 0,
        bytes: 0,
        cold: Some(cold),
        measured: bench::once(|| select::gpu(arguments.adapter.as_deref()))?,
        bandwidth,
    })
}
