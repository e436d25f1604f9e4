//! What the evaluating commands share: a dataset, and where to compute on it.

use super::data_arguments::DataArguments;
use super::workplace::{BackendArguments, Workplace};
use crate::app;
use crate::app::report::Progress;
use crate::backends::Backend;
use crate::backends::select::Choice;
use crate::backends::timings::Timings;
use crate::data::{Dataset, Memory};
use crate::error::Result;

/// Where the images come from and where they are evaluated.
#[derive(Debug, clap::Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    pub(super) data: DataArguments,

    #[command(flatten)]
    pub(super) backend: BackendArguments,
}

impl SessionArguments {
    /// These options as words to type, the dataset among them wherever it was found.
    pub(super) fn typed(&self, dataset: &Dataset) -> Vec<String> {
        [self.data.typed(dataset), self.backend.typed()].concat()
    }
}

/// A dataset that has been found and a backend that is open.
pub(super) struct Session {
    pub(super) dataset: Dataset,
    pub(super) workplace: Workplace,
}

impl Session {
    /// Opens the backend while the files are read.
    pub(super) fn open(arguments: &SessionArguments) -> app::Result<Self> {
        let memory = match arguments.backend.backend {
            Choice::Cpu => Memory::in_passing(),
            // A device keeps what it gets; files are read while it starts.
            _ => Memory::default(),
        };
        let (workplace, dataset) = Workplace::open(
            &arguments.backend,
            "reading the images",
            |timings, progress| {
                let found = arguments.data.find(progress)?;
                timings.time("load", || found.place.open(memory))
            },
        )?;
        Ok(Self { dataset, workplace })
    }

    /// Works on the dataset with the backend, or, where that fails and the
    /// choice is ours, from the start with another.
    pub(super) fn run<T>(
        &mut self,
        mut work: impl FnMut(&dyn Backend, &Dataset, &mut Timings, &Progress) -> Result<T>,
    ) -> Result<T> {
        let Self { dataset, workplace } = self;
        workplace.run(|backend, timings, progress| work(backend, dataset, timings, progress))
    }
}
