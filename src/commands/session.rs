//! What the evaluating commands share: a dataset, a backend, a stopwatch.

use std::time::Instant;

use super::data_arguments::DataArguments;
use crate::backend::{Backend, Description};
use crate::dataset::{Dataset, Found, Memory};
use crate::error::Result;
use crate::report::Progress;
use crate::select::{self, Choice, Selected};
use crate::timings::{Timings, milliseconds_since};

/// Where the images come from and where they are evaluated.
#[derive(Debug, clap::Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    data: DataArguments,

    /// Where to compute
    #[arg(long, value_enum, default_value_t)]
    backend: Choice,

    /// Adapter to use, by its index in `ncm devices` or part of its name
    #[arg(long, value_name = "INDEX|NAME")]
    adapter: Option<String>,
}

/// A dataset that has been found and a backend that is open.
pub(super) struct Session {
    pub(super) dataset: Dataset,
    pub(super) timings: Timings,
    selected: Selected,
    progress: Progress,
    started: Instant,
}

impl Session {
    /// Opens the backend while the files are read.
    pub(super) fn open(arguments: &SessionArguments) -> Result<Self> {
        let started = Instant::now();
        let starting = select::start(arguments.backend, arguments.adapter.clone())?;
        let progress = Progress::start("reading the images");
        let mut timings = Timings::default();
        let memory = match arguments.backend {
            Choice::Cpu => Memory::in_passing(),
            // A device keeps what it gets; files are read while it starts.
            Choice::Auto | Choice::Gpu | Choice::Reference => Memory::default(),
        };
        let open = |found: Found| timings.time("load", || found.place.open(memory));
        let dataset = arguments.data.find(&progress).and_then(open);
        progress.stage("opening the backend");
        // Waited for even when the data is bad: a driver must not be torn
        // down while it starts.
        let selected = starting.finish();
        let (dataset, selected) = (dataset?, selected?);
        timings.add("device", selected.milliseconds);
        selected.note.iter().for_each(|note| progress.note(note));
        Ok(Self {
            dataset,
            timings,
            selected,
            progress,
            started,
        })
    }

    /// Works on the dataset with the backend, or, where that fails and the
    /// choice is ours, from the start with another.
    pub(super) fn run<T>(
        &mut self,
        mut work: impl FnMut(&dyn Backend, &Dataset, &mut Timings, &Progress) -> Result<T>,
    ) -> Result<T> {
        let Self {
            dataset,
            timings,
            selected,
            progress,
            ..
        } = self;
        let before = timings.clone();
        selected.run(
            |why| progress.note(why),
            |backend| {
                // What has failed does not count.
                *timings = before.clone();
                work(backend, dataset, timings, progress)
            },
        )
    }

    /// Has a failing backend be an error, whoever chose it: for work whose
    /// results others see as it goes, and would see again from the start.
    pub(super) fn insist(&mut self) {
        self.selected.may_fall_back = false;
    }

    /// The backend that did the work.
    pub(super) fn backend(&self) -> Description {
        self.selected.backend.description()
    }

    /// Milliseconds since the session began.
    pub(super) fn milliseconds(&self) -> f64 {
        milliseconds_since(self.started)
    }
}
