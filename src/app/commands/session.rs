//! What every command that computes shares: an open backend, a stopwatch and a
//! line of progress.

use std::time::Instant;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use super::data_arguments::DataArguments;
use crate::app;
use crate::app::advice::instead;
use crate::app::report::{Progress, Run};
use crate::backends::Backend;
use crate::backends::select::{self, Choice, Selected};
use crate::backends::timings::{Timings, milliseconds_since};
use crate::data::{Dataset, Memory, OneSet};
use crate::error::Result;

impl ValueEnum for Choice {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let [name, meaning] = self.described();
        Some(PossibleValue::new(name).help(meaning))
    }
}

/// Where to compute.
#[derive(Debug, clap::Args)]
pub(super) struct BackendArguments {
    /// Where to compute
    ///
    /// Every backend gives the same answers. `auto` goes on with the CPU where a GPU cannot be
    /// opened, gives a wrong answer to a known question, or fails while it works, and says so. With
    /// `gpu` each of these is an error.
    #[arg(long, value_enum, default_value_t)]
    backend: Choice,

    /// Adapter to use, by its index in `ncm devices` or part of its name
    #[arg(long, value_name = "INDEX|NAME")]
    adapter: Option<String>,
}

impl BackendArguments {
    /// For a command that leaves no choice.
    pub(super) const CPU: Self = Self {
        backend: Choice::Cpu,
        adapter: None,
    };

    /// These options where they go together.
    ///
    /// # Errors
    /// When they do not.
    fn checked(&self) -> app::Result<(Choice, Option<String>)> {
        if self.adapter.is_some() && !self.backend.takes_adapter() {
            return Err(app::Error::Usage(
                "--adapter needs --backend gpu or auto; leave one of the two out".into(),
            ));
        }
        check_adapter(self.adapter.as_deref())?;
        Ok((self.backend, self.adapter.clone()))
    }

    fn as_words(&self) -> Vec<String> {
        let [choice, _] = self.backend.described().map(String::from);
        let mut words = vec!["--backend".to_owned(), choice];
        if let Some(adapter) = &self.adapter {
            words.extend(["--adapter".to_owned(), adapter.clone()]);
        }
        words
    }
}

/// Whether `--adapter` says anything, where it is given.
pub(super) fn check_adapter(adapter: Option<&str>) -> app::Result<()> {
    match adapter {
        Some("") => Err(app::Error::Usage(
            "--adapter needs an index or part of a name; see `ncm devices`".into(),
        )),
        _ => Ok(()),
    }
}

/// Where the images come from and where they are evaluated.
#[derive(Debug, clap::Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    pub(super) data: DataArguments,

    #[command(flatten)]
    pub(super) backend: BackendArguments,
}

impl SessionArguments {
    /// Opens the backend while the files of the dataset are read.
    pub(super) fn open(&self) -> app::Result<(Session, Dataset)> {
        self.open_as(OneSet::Divided)
    }

    /// As [`open`](Self::open), with the choice of what to make of one set.
    pub(super) fn open_as(&self, one_set: OneSet) -> app::Result<(Session, Dataset)> {
        let memory = match self.backend.backend {
            Choice::Cpu => Memory::in_passing(),
            // A device keeps what it gets; files are read while it starts.
            _ => Memory::default(),
        };
        Session::open(&self.backend, "reading the images", |timings, progress| {
            let found = self.data.find(progress)?;
            timings.time("load", || found.place.open_as(memory, one_set))
        })
    }

    /// These options as words of a command, the dataset among them wherever it
    /// was found.
    pub(super) fn as_words(&self, dataset: &Dataset) -> Vec<String> {
        [self.data.as_words(dataset), self.backend.as_words()].concat()
    }
}

/// A backend that is open, and what became of the time so far.
pub(super) struct Session {
    pub(super) timings: Timings,
    pub(super) progress: Progress,
    selected: Selected,
    started: Instant,
}

/// What a piece of work is given.
pub(super) struct Work<'a> {
    pub(super) backend: &'a dyn Backend,
    pub(super) timings: &'a mut Timings,
    pub(super) progress: &'a Progress,
}

impl Session {
    /// Opens the backend while something else is done, such as reading files.
    pub(super) fn open<T>(
        arguments: &BackendArguments,
        reading: &'static str,
        meanwhile: impl FnOnce(&mut Timings, &Progress) -> Result<T>,
    ) -> app::Result<(Self, T)> {
        let started = Instant::now();
        let (choice, adapter) = arguments.checked()?;
        let starting = select::start(choice, adapter)?;
        let progress = Progress::start(reading);
        let mut timings = Timings::default();
        let read = meanwhile(&mut timings, &progress);
        progress.stage("opening the backend");
        // Waited for even when the data is bad: a driver must not be torn
        // down while it starts.
        let selected = starting.finish();
        let (read, selected) = (read?, selected?);
        timings.add("device", selected.milliseconds);
        if let Some(error) = &selected.instead_of_gpu {
            progress.note(instead(error));
        }
        let session = Self {
            timings,
            progress,
            selected,
            started,
        };
        Ok((session, read))
    }

    /// Works with the backend; where that fails and the choice was left to us,
    /// from the start with the `cpu` backend.
    pub(super) fn run<T>(&mut self, mut work: impl FnMut(&mut Work<'_>) -> Result<T>) -> Result<T> {
        let before = self.timings.clone();
        match work(&mut self.work()) {
            Err(failure) => {
                let why = self.selected.fall_back(failure)?;
                self.progress.note(instead(&why));
                // What has failed does not count.
                self.timings = before;
                work(&mut self.work())
            }
            finished => finished,
        }
    }

    fn work(&mut self) -> Work<'_> {
        Work {
            backend: &*self.selected.backend,
            timings: &mut self.timings,
            progress: &self.progress,
        }
    }

    /// Has a failing backend be an error, whoever chose it: for work whose
    /// results others see as it goes, and would see again from the start.
    pub(super) fn insist(&mut self) {
        self.selected.may_fall_back = false;
    }

    /// Where it was computed, and how long everything took until now.
    pub(super) fn so_far(&self) -> Run<'_> {
        Run {
            backend: self.selected.backend.description(),
            timings: &self.timings,
            total: milliseconds_since(self.started),
        }
    }
}
