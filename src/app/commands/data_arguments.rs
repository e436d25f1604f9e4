//! The options of every command that needs a dataset.

use std::path::{Path, PathBuf};

use clap::ArgAction;

use crate::app::advice;
use crate::app::report::Progress;
use crate::data::feature_files::{ArrayAt, SetFiles};
use crate::data::named::Access;
use crate::data::{Dataset, Found, Place, Source};
use crate::error::Result;

/// Which dataset, and whether it may be fetched.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct DataArguments {
    /// Dataset: a name, a folder, an archive or a table [default: MNIST]
    ///
    /// A name of `ncm data list` is downloaded once and kept in the cache.
    /// synthetic[:TRAIN[,TEST[,SEED]]] draws digits, the same ones on every machine. A folder holds
    /// four IDX files, plain or .gz, or CSV files whose first column is label, or x_train.npy and so
    /// on, or a folder of pictures for each class, below train and test or not. With several datasets
    /// in it, FOLDER/emnist-letters names one. An archive holds arrays, as .npz files of Keras do, or
    /// IDX files. Arrays of rows that are no images, in an .npz, a .safetensors or a folder of
    /// train_features.npy, train_labels.npy and so on, are feature vectors. Of one set, every sixth
    /// sample of each class is a test sample. Notes in the result say what was interpreted.
    ///
    /// Without this option it is $NCM_DATA, else MNIST from the first of these that has it: ./data,
    /// the cache, the folders of Keras and torchvision, a mirror. Where none has it, synthetic
    /// digits are used, and a message says so.
    #[arg(long, value_name = "NAME|PATH", num_args = 1, action = ArgAction::Set)]
    data: Vec<PathBuf>,

    /// Feature vectors to train on and their labels, a file each, instead of --data
    ///
    /// Vectors are rows of f32, f16, bf16, f64 or u8, in .npy, .npz, .safetensors, .fbin,
    /// .f16bin or .u8bin; FILE:ARRAY names one of several arrays of a file. Labels are whole numbers
    /// or texts in one of these, in .ibin, or one a line. Without --test every sixth sample of each
    /// class is a test sample.
    #[arg(long, num_args = 2, value_names = ["FEATURES", "LABELS"], conflicts_with = "data")]
    train: Option<Vec<PathBuf>>,

    /// Feature vectors to test with and their labels
    #[arg(long, num_args = 2, value_names = ["FEATURES", "LABELS"], requires = "train")]
    test: Option<Vec<PathBuf>>,

    /// Never use the network
    #[arg(long)]
    offline: bool,
}

impl DataArguments {
    /// Whether a dataset was named.
    pub(super) fn is_given(&self) -> bool {
        !self.data.is_empty() || self.train.is_some()
    }

    /// The dataset that was named, the first where a command takes several.
    fn named(&self) -> Option<&Path> {
        self.data.first().map(PathBuf::as_path)
    }

    /// The same for each dataset that was named, or for the one that is found.
    pub(super) fn each(&self) -> Vec<Self> {
        if self.data.len() < 2 {
            return vec![self.clone()];
        }
        let one = |named: &PathBuf| Self {
            data: vec![named.clone()],
            ..self.clone()
        };
        self.data.iter().map(one).collect()
    }

    /// The files that were named one by one, if any.
    fn files(&self) -> Option<Place> {
        let set = |files: &Vec<PathBuf>| match &files[..] {
            [features, labels] => Some(SetFiles {
                features: ArrayAt::named(features),
                labels: ArrayAt::named(labels),
            }),
            _ => None,
        };
        Some(Place::Arrays {
            train: set(self.train.as_ref()?)?,
            test: self.test.as_ref().and_then(set),
        })
    }

    /// Finds the dataset, fetching it where that is needed, and says what the
    /// user should know.
    pub(super) fn find(&self, progress: &Progress) -> Result<Found> {
        if let Some(place) = self.files() {
            return Ok(place.into());
        }
        let access = Access::from_environment()?;
        let access = if self.offline {
            access.offline()
        } else {
            access
        };
        let found = Found::find(self.named(), &access, &|fetching| {
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
        let mut words = self.given_files();
        if words.is_empty() {
            let named = match self.named() {
                Some(named) => named.display().to_string(),
                None => dataset.source().to_owned(),
            };
            words.extend(["--data".to_owned(), named]);
        }
        if self.offline {
            words.push("--offline".to_owned());
        }
        words
    }

    /// These options as they were given.
    pub(super) fn given_words(&self) -> Vec<String> {
        let mut words = self.given_files();
        for named in &self.data {
            words.extend(["--data".to_owned(), named.display().to_string()]);
        }
        words.extend(self.offline.then(|| "--offline".to_owned()));
        words
    }

    /// The files that were named one by one, with their options.
    fn given_files(&self) -> Vec<String> {
        let options = [("--train", &self.train), ("--test", &self.test)];
        let mut words = Vec::new();
        for (option, files) in options {
            if let Some(files) = files {
                words.push(option.to_owned());
                words.extend(files.iter().map(|file| file.display().to_string()));
            }
        }
        words
    }

    /// As [`find`](Self::find), without the network and without a word.
    pub(super) fn find_here(&self) -> Result<Found> {
        if let Some(place) = self.files() {
            return Ok(place.into());
        }
        let access = Access::from_environment()?.offline();
        Found::find(self.named(), &access, &|_| ())
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
