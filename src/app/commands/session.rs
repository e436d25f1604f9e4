//! What every command that computes shares: an open backend, a stopwatch and a
//! line of progress.

use std::time::Instant;

use super::backend_arguments::{BackendArguments, Chosen, Outlook};
use super::data_arguments::DataArguments;
use crate::app;
use crate::app::advice::instead;
use crate::app::drivers;
use crate::app::report::{Progress, Run};
use crate::backends::Backend;
use crate::backends::select::{self, Choice, Selected};
use crate::backends::timings::{Timings, milliseconds_since};
use crate::data::{Dataset, Memory, OneSet};
use crate::error::Result;

/// Where the images come from and where they are evaluated.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    pub(super) data: DataArguments,

    #[command(flatten)]
    pub(super) backend: BackendArguments,
}

impl SessionArguments {
    /// The same for each dataset that was named, or for the one that is found.
    pub(super) fn each(&self) -> Vec<Self> {
        let of = |data| Self {
            data,
            ..self.clone()
        };
        self.data.each().into_iter().map(of).collect()
    }

    /// Opens the backend, or else the default, while the files of the dataset are
    /// read. `one_set` says what becomes of a dataset without test samples.
    pub(super) fn open(&self, default: Choice, one_set: OneSet) -> app::Result<(Session, Dataset)> {
        // A device keeps what it gets; files are read while it starts.
        self.open_with(default, one_set, |outlook| match outlook.device {
            true => Memory::default(),
            false => Memory::in_passing(),
        })
    }

    /// The same for work that looks at each image many times.
    pub(super) fn open_to_stay(&self) -> app::Result<(Session, Dataset)> {
        self.open_with(Choice::Auto, OneSet::Divided, |_| Memory::default())
    }

    fn open_with(
        &self,
        default: Choice,
        one_set: OneSet,
        memory: impl Fn(Outlook) -> Memory,
    ) -> app::Result<(Session, Dataset)> {
        let chosen = self.backend.or(default)?;
        Session::open(
            chosen,
            "reading the images",
            |outlook, timings, progress| {
                let memory = memory(outlook);
                let found = self.data.find(progress)?;
                timings.time("load", || found.place.open_as(memory, one_set))
            },
        )
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
        mut chosen: Chosen,
        reading: &'static str,
        meanwhile: impl FnOnce(Outlook, &mut Timings, &Progress) -> Result<T>,
    ) -> app::Result<(Self, T)> {
        let started = Instant::now();
        let progress = Progress::start(reading);
        let outlook = chosen.prepared(&progress)?;
        let starting = select::start(chosen.choice, chosen.adapter)?;
        let mut timings = Timings::default();
        let read = meanwhile(outlook, &mut timings, &progress)?;
        progress.stage("opening the backend");
        let selected = drivers::remembered(starting.finish(outlook.limit))?;
        timings.add("device", selected.milliseconds);
        if let Some(error) = &selected.instead_of_gpu {
            drivers::forget_if_hung(error);
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
