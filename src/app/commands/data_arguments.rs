//! The options of every command that needs a dataset.

use std::path::PathBuf;

use crate::app::advice;
use crate::app::report::Progress;
use crate::data::named::Access;
use crate::data::{Dataset, Found, Source};
use crate::error::Result;

/// Which dataset, and whether it may be fetched.
#[derive(Debug, clap::Args)]
pub(super) struct DataArguments {
    /// Dataset: a name, a folder, an archive or a table [default: MNIST]
    ///
    /// A name of `ncm data list` is downloaded once and kept in the cache.
    /// synthetic[:TRAIN[,TEST[,SEED]]] draws digits, the same ones on every machine. A folder holds
    /// four IDX files, plain or .gz, or CSV files whose first column is label, or x_train.npy and so
    /// on, or a folder of pictures for each class, below train and test or not. With several datasets
    /// in it, FOLDER/emnist-letters names one. An archive holds arrays, as .npz files of Keras do, or
    /// IDX files. Of one set, every sixth sample of each class is a test sample. Notes in the result
    /// say what was interpreted.
    ///
    /// Without this option it is $NCM_DATA, else MNIST from the first of these that has it: ./data,
    /// the cache, the folders of Keras and torchvision, a mirror. Where none has it, synthetic
    /// digits are used, and a message says so.
    #[arg(long, value_name = "NAME|PATH")]
    data: Option<PathBuf>,

    /// Never use the network
    #[arg(long)]
    offline: bool,
}

impl DataArguments {
    /// Whether a dataset was named.
    pub(super) fn is_given(&self) -> bool {
        self.data.is_some()
    }

    /// Finds the dataset, fetching it where that is needed, and says what the
    /// user should know.
    pub(super) fn find(&self, progress: &Progress) -> Result<Found> {
        let access = Access::from_environment()?;
        let access = if self.offline {
            access.offline()
        } else {
            access
        };
        let found = Found::find(self.data.as_deref(), &access, &|fetching| {
            progress.fetching(fetching);
        })?;
        for note in &found.notes {
            progress.note(advice::note(note));
        }
        Ok(found)
    }

    /// These options as words of a command; a dataset that was not named is
    /// where it was found.
    pub(super) fn as_words(&self, dataset: &Dataset) -> Vec<String> {
        let named = match &self.data {
            Some(named) => named.display().to_string(),
            None => dataset.source().to_owned(),
        };
        let mut words = vec!["--data".to_owned(), named];
        if self.offline {
            words.push("--offline".to_owned());
        }
        words
    }

    /// These options as they were given.
    pub(super) fn given_words(&self) -> Vec<String> {
        let named = self.data.as_ref();
        let named = named.map(|named| ["--data".to_owned(), named.display().to_string()]);
        let offline = self.offline.then(|| "--offline".to_owned());
        named.into_iter().flatten().chain(offline).collect()
    }

    /// As [`find`](Self::find), without the network and without a word.
    pub(super) fn find_here(&self) -> Result<Found> {
        let access = Access::from_environment()?.offline();
        Found::find(self.data.as_deref(), &access, &|_| ())
    }
}

/// One of the two splits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SplitName {
    #[default]
    Train,
    Test,
}

impl SplitName {
    pub(super) fn of(self, dataset: &Dataset) -> &Source {
        match self {
            Self::Train => dataset.train(),
            Self::Test => dataset.test(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}
