//! Which dataset is meant where none is named.

use std::path::{Path, PathBuf};

use super::named::{Access, Fetching, Patience, entry};
use super::synthetic::Synthetic;
use super::{Place, idx, keras};
use crate::error::{Error, Result};

/// The default folder, beside where the command runs.
const DEFAULT: &str = "data";

/// The dataset that is meant where none is named.
const MNIST: &str = "mnist";

/// Where torchvision's files may be as well: under the folder it is told,
/// which is mostly one of these, here or in the home folder.
const TORCHVISION: [&str; 3] = [".", "data", "datasets"];

/// A place, and why it is that one.
#[derive(Debug)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What the user should know, if anything.
    pub note: Option<Note>,
}

/// Why a place may not be the one that was meant.
#[derive(Debug)]
pub enum Note {
    /// What was named is a dataset's name and a path as well, and was taken as
    /// the name.
    NameOrPath(PathBuf),
    /// Nothing was named, and synthetic digits stand in for MNIST.
    Drawn {
        /// Why MNIST could not be fetched.
        fetching: Error,
        /// What is wrong with the files in the cache, where there are some.
        cached: Option<Error>,
    },
}

impl Found {
    /// Finds what is named: a path, a dataset's name, or
    /// `synthetic[:TRAIN[,TEST[,SEED]]]`. With nothing named, MNIST:
    /// `$NCM_DATA`, else `./data`, else the cache, else what Keras or
    /// torchvision has fetched, else from a mirror. Where no mirror can be
    /// reached, synthetic digits.
    ///
    /// # Errors
    /// When what is named is not understood or cannot be fetched.
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
                // Who meant the folder has no use for another reason.
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
            // Damage, as in the cache, is not passed over.
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

/// What this machine has: `./data`, the cache, what Keras or torchvision has fetched.
fn nearby(access: &Access) -> Option<Place> {
    let default = Path::new(DEFAULT);
    if idx::holds_dataset(default) {
        return Some(Place::Folder(default.to_owned()));
    }
    let mnist = entry(MNIST)?;
    if let Ok(place) = Place::cached(mnist, &access.offline(), &|_| ()) {
        return Some(place);
    }
    // What others have left unfinished is none of the user's concern.
    if let Some(archive) = keras().filter(|archive| keras::headers(archive).is_ok()) {
        return Some(Place::Archive(archive));
    }
    torchvision().map(Place::Folder)
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

/// Where torchvision keeps MNIST.
fn torchvision() -> Option<PathBuf> {
    let homes = [Some(PathBuf::new()), std::env::home_dir()];
    let roots = homes.into_iter().flatten();
    let mut raw = roots.flat_map(|home| TORCHVISION.map(|root| home.join(root).join("MNIST/raw")));
    raw.find(|folder| idx::find(folder).is_ok())
}
