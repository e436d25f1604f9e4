//! What every command that computes shares: an open backend, a stopwatch, a
//! line of progress.

use std::time::Instant;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::app;
use crate::app::advice::instead;
use crate::app::report::Progress;
use crate::backends::select::{self, Choice, Selected};
use crate::backends::timings::{Timings, milliseconds_since};
use crate::backends::{Backend, Description};
use crate::error::{Error, Result};

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
    pub(super) backend: Choice,

    /// Adapter to use, by its index in `ncm devices` or part of its name
    #[arg(long, value_name = "INDEX|NAME")]
    adapter: Option<String>,
}

impl BackendArguments {
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

    /// These options as words to type.
    pub(super) fn typed(&self) -> Vec<String> {
        let [choice, _] = self.backend.described().map(String::from);
        let options = [
            ("--backend", Some(choice)),
            ("--adapter", self.adapter.clone()),
        ];
        let given = options
            .into_iter()
            .filter_map(|(option, value)| Some([option.to_owned(), value?]));
        given.flatten().collect()
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

/// A backend that is open.
pub(super) struct Workplace {
    pub(super) timings: Timings,
    selected: Selected,
    progress: Progress,
    started: Instant,
}

impl Workplace {
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
        let done = meanwhile(&mut timings, &progress);
        progress.stage("opening the backend");
        // Waited for even when the data is bad: a driver must not be torn
        // down while it starts.
        let selected = starting.finish();
        let (done, selected) = (done?, selected?);
        timings.add("device", selected.milliseconds);
        if let Some(error) = &selected.instead_of_gpu {
            progress.note(instead(error));
        }
        let workplace = Self {
            timings,
            selected,
            progress,
            started,
        };
        Ok((workplace, done))
    }

    /// Works with the backend, or, where that fails and the choice is ours,
    /// from the start with another.
    pub(super) fn run<T>(
        &mut self,
        mut work: impl FnMut(&dyn Backend, &mut Timings, &Progress) -> Result<T>,
    ) -> Result<T> {
        let Self {
            timings,
            selected,
            progress,
            ..
        } = self;
        let before = timings.clone();
        selected.run(
            |why: &Error| progress.note(instead(why)),
            |backend| {
                // What has failed does not count.
                *timings = before.clone();
                work(backend, timings, progress)
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

    /// A line for the user.
    pub(super) fn note(&self, line: &str) {
        self.progress.note(line);
    }

    /// Milliseconds since the work began.
    pub(super) fn milliseconds(&self) -> f64 {
        milliseconds_since(self.started)
    }
}
