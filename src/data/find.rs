//! Chooses the dataset when the user does not name one.

use std::path::{Path, PathBuf};

use super::named::{Access, Fetching, Patience, entry};
use super::synthetic::Synthetic;
use super::{Place, idx, keras};
use crate::error::{Error, Result};

/// The default folder, relative to the working directory.
const DEFAULT: &str = "data";

/// The dataset to use when none is named.
const MNIST: &str = "mnist";

/// Usual root folders for torchvision's files. torchvision lets the user choose
/// the root; it is mostly one of these, in the working directory or the home
/// folder.
const TORCHVISION: [&str; 3] = [".", "data", "datasets"];

/// A place and why it was chosen.
#[derive(Debug)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What the user should know, if anything.
    pub note: Option<Note>,
}

/// Why a place may not be the one the user meant.
#[derive(Debug)]
pub enum Note {
    /// The argument is both a dataset's name and an existing path. It was taken
    /// as the name.
    NameOrPath(PathBuf),
    /// Nothing was named, and synthetic digits replace MNIST.
    Drawn {
        /// Why MNIST could not be fetched.
        fetching: Error,
        /// What is wrong with the files in the cache, if there are any.
        cached: Option<Error>,
    },
}

impl Found {
    /// Finds the named dataset: a path, a dataset's name, or
    /// `synthetic[:TRAIN[,TEST[,SEED]]]`. If nothing is named, uses `$NCM_DATA`
    /// if it is set. Otherwise looks for MNIST in `./data`, in the cache, where
    /// Keras or torchvision stores it, and on a mirror, in this order. Falls
    /// back to synthetic digits if no mirror can be reached.
    ///
    /// # Errors
    /// When the argument is not understood or the dataset cannot be fetched.
    pub fn find(
        named: Option<&Path>,
        access: &Access,
        watch: &dyn Fn(Fetching<'_>),
    ) -> Result<Self> {
        let environment = std::env::var_os("NCM_DATA").filter(|named| !named.is_empty());
        let environment = environment.map(PathBuf::from);
        if let Some(named) = named.or(environment.as_deref()) {
            let hidden = entry(named.to_str().unwrap_or_default()).is_some() && named.exists();
            return match Place::named(named, access, watch) {
                Ok(place) => Ok(Self {
                    place,
                    note: hidden.then(|| Note::NameOrPath(named.to_owned())),
                }),
                // If the user meant the folder, the download error alone would not help.
                Err(error @ (Error::Download { .. } | Error::Offline { .. })) if hidden => {
                    Err(Error::NameOrPath {
                        name: named.to_owned(),
                        source: Box::new(error),
                    })
                }
                Err(error) => Err(error),
            };
        }
        if let Some(place) = nearby(access) {
            return Ok(Self { place, note: None });
        }
        Self::mnist_or_digits(access, watch)
    }

    fn mnist_or_digits(access: &Access, watch: &dyn Fn(Fetching<'_>)) -> Result<Self> {
        let access = Access {
            patience: Patience::Short,
            ..access.clone()
        };
        let mnist = entry(MNIST).ok_or_else(|| Error::NotThere(MNIST.into()))?;
        let is_damage = |error: &Error| {
            use Error::{BadFile, DamagedCache, Read};
            matches!(error, BadFile { .. } | DamagedCache { .. } | Read { .. })
        };
        let fetching = match Place::cached(mnist, &access, watch) {
            Ok(place) => return Ok(Self { place, note: None }),
            // Damaged files are reported instead of falling back to synthetic digits.
            Err(error) if is_damage(&error) => return Err(error),
            Err(error) => error,
        };
        let cached = match &fetching {
            Error::Download { .. } => Place::cached(mnist, &access.offline(), &|_| ()).err(),
            _ => None,
        };
        Ok(Self {
            place: Place::Synthetic(Synthetic::default()),
            note: Some(Note::Drawn {
                fetching,
                cached: cached.filter(is_damage),
            }),
        })
    }
}

/// Looks for MNIST on this machine: `./data`, the cache, then files of Keras or
/// torchvision.
fn nearby(access: &Access) -> Option<Place> {
    let default = Path::new(DEFAULT);
    if idx::holds_dataset(default) {
        return Some(Place::Folder(default.to_owned()));
    }
    let mnist = entry(MNIST)?;
    if let Ok(place) = Place::cached(mnist, &access.offline(), &|_| ()) {
        return Some(place);
    }
    // Skip incomplete files of other programs: they are not the user's concern.
    if let Some(archive) = keras().filter(|archive| keras::headers(archive).is_ok()) {
        return Some(Place::Archive(archive));
    }
    torchvision().map(Place::Folder)
}

/// Where Keras stores MNIST.
fn keras() -> Option<PathBuf> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = set("KERAS_HOME").or_else(|| Some(std::env::home_dir()?.join(".keras")))?;
    Some(home.join("datasets/mnist.npz"))
}

/// Where torchvision stores MNIST.
fn torchvision() -> Option<PathBuf> {
    let homes = [Some(PathBuf::new()), std::env::home_dir()];
    let roots = homes.into_iter().flatten();
    let mut raw = roots.flat_map(|home| TORCHVISION.map(|root| home.join(root).join("MNIST/raw")));
    raw.find(|folder| idx::find(folder).is_ok())
}
