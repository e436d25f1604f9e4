//! Where a dataset is: what `--data` names, or what is found without it.

use std::path::{Path, PathBuf};

use super::synthetic::Synthetic;
use super::{Dataset, Memory, npz};
use crate::error::Result;

/// The default folder, beside where the command runs.
const DEFAULT: &str = "data";

/// Where torchvision puts its files under the folder it is given.
const TORCHVISION: &str = "MNIST/raw";

/// A file by which a folder is known to hold a dataset.
const SIGN: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-images.idx3-ubyte",
    "train-images-idx3-ubyte.gz",
    "train-images.idx3-ubyte.gz",
];

/// Where a dataset comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of files.
    Folder(PathBuf),
    /// An `.npz` archive.
    Archive(PathBuf),
    /// Nowhere: it is drawn.
    Synthetic(Synthetic),
}

/// A place, and what the user should know about why it is that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What to say, if anything.
    pub note: Option<String>,
}

impl Place {
    /// Finds what is named: a path, or `synthetic[:TRAIN[,TEST[,SEED]]]`. With
    /// nothing named, `$NCM_DATA`, else `./data`, else the MNIST that Keras has
    /// fetched, else synthetic digits.
    ///
    /// # Errors
    /// When a name is not understood. Whether there is a dataset at a path
    /// shows when it is opened.
    pub fn find(named: Option<&Path>) -> Result<Found> {
        let from_environment = || {
            let named = std::env::var_os("NCM_DATA").filter(|named| !named.is_empty());
            named.map(PathBuf::from)
        };
        if let Some(named) = named.map(Path::to_owned).or_else(from_environment) {
            return Self::named(&named).map(|place| Found { place, note: None });
        }
        if Path::new(DEFAULT).exists() {
            let place = Self::folder(Path::new(DEFAULT));
            return Ok(Found { place, note: None });
        }
        if let Some(archive) = keras().filter(|archive| npz::is_archive(archive)) {
            let place = Self::Archive(archive);
            return Ok(Found { place, note: None });
        }
        let note = "no dataset is named, and neither ./data nor Keras has one: these are synthetic digits, \
                    not MNIST; get its four files from \
                    https://storage.googleapis.com/cvdf-datasets/mnist/ and name their folder with --data DIR";
        Ok(Found {
            place: Self::Synthetic(Synthetic::default()),
            note: Some(note.into()),
        })
    }

    fn named(named: &Path) -> Result<Self> {
        let synthetic = named.to_str().and_then(Synthetic::parse);
        synthetic.map_or_else(
            || {
                Ok(match npz::is_archive(named) {
                    true => Self::Archive(named.to_owned()),
                    false => Self::folder(named),
                })
            },
            |digits| digits.map(Self::Synthetic),
        )
    }

    /// A folder of files, or of torchvision's folders.
    fn folder(folder: &Path) -> Self {
        let holds_files = |folder: &Path| SIGN.iter().any(|name| folder.join(name).exists());
        let raw = folder.join(TORCHVISION);
        match !holds_files(folder) && holds_files(&raw) {
            true => Self::Folder(raw),
            false => Self::Folder(folder.to_owned()),
        }
    }

    /// Reads or draws the dataset.
    ///
    /// # Errors
    /// As [`Dataset::from_folder`], [`Dataset::from_npz`] and [`Dataset::synthetic`].
    pub fn open(&self, memory: Memory) -> Result<Dataset> {
        match self {
            Self::Folder(folder) => Dataset::from_folder_within(folder, memory),
            Self::Archive(archive) => Dataset::from_npz(archive),
            Self::Synthetic(digits) => Dataset::synthetic(*digits, memory),
        }
    }
}

/// Where Keras keeps MNIST.
fn keras() -> Option<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = set("KERAS_HOME").or_else(|| Some(std::env::home_dir()?.join(".keras")))?;
    Some(home.join("datasets/mnist.npz"))
}
