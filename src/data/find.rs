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

/// A place, and what the user should know about why it is that one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What to say, if anything.
    pub note: Option<String>,
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
            let note = hidden.then(|| {
                let name = named.display();
                format!("{name} is taken as a dataset's name; for the folder say ./{name}")
            });
            return match Place::named(named, access, watch) {
                Ok(place) => Ok(Self { place, note }),
                // Who meant the folder has no use for another reason.
                Err(error @ (Error::Download { .. } | Error::Offline(_))) => Err(match note {
                    Some(note) => Error::Offline(format!("{error}; {note}")),
                    None => error,
                }),
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
        let mnist = entry(MNIST).ok_or_else(|| Error::Invalid("no mnist".into()))?;
        let why = match Place::cached(mnist, &access, watch) {
            Ok(place) => return Ok(Self { place, note: None }),
            Err(Error::Offline(_)) => "the network is not to be used".to_owned(),
            Err(Error::Download { failures, .. }) => {
                let hosts = failures
                    .iter()
                    .map(|failure| format!("{}: {}", failure.host(), failure.reason));
                let damage = Place::cached(mnist, &access.offline(), &|_| ()).err();
                let damage = damage
                    .filter(|error| matches!(error, Error::BadFile { .. }))
                    .map(|error| error.to_string());
                hosts.chain(damage).collect::<Vec<_>>().join("; ")
            }
            // Damage, as in the cache, is not passed over.
            Err(error @ Error::BadFile { .. }) => return Err(error),
            Err(error) => error.to_string(),
        };
        Ok(Self {
            place: Place::Synthetic(Synthetic::default()),
            note: Some(format!(
                "these are synthetic digits, not MNIST: it is not whole on this machine and could not \
                 be fetched ({why})"
            )),
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
