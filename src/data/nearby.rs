//! Where MNIST may be on this machine already.

use std::path::{Path, PathBuf};

use super::find::MNIST;
use super::idx::FourFiles;
use super::named::{Access, entry, recognise};
use super::{Place, archive, checksum, home, idx};
use crate::error::{Error, Result};

/// The default folder, relative to the working directory.
const DEFAULT: &str = "data";

/// The name of an archive of MNIST, as Keras stores it.
const ARCHIVE: &str = "mnist.npz";

/// Usual root folders for torchvision's files. torchvision lets the user choose
/// the root; it is mostly one of these, in the working directory or the home
/// folder.
const TORCHVISION: [&str; 3] = [".", "data", "datasets"];

/// What is on this machine.
#[derive(Debug, Default)]
pub(super) struct Nearby {
    /// MNIST.
    pub place: Option<Place>,
    /// Folders in `./data` that have something else, and what.
    pub passed_over: Vec<(PathBuf, String)>,
    /// A folder in `./data` that should have MNIST, and what is wrong with it.
    pub incomplete: Option<(PathBuf, Error)>,
}

/// Looks in `./data`, the cache, then among the files of Keras and torchvision.
pub(super) fn nearby(access: &Access) -> Nearby {
    let mut nearby = in_default_folder();
    if nearby.place.is_none() {
        nearby.place = elsewhere(access);
    }
    nearby
}

fn in_default_folder() -> Nearby {
    let default = Path::new(DEFAULT);
    let mut nearby = Nearby::default();
    if let Err(error) = std::fs::read_dir(default)
        && error.kind() == std::io::ErrorKind::PermissionDenied
    {
        let found = "a folder that may not be read".to_owned();
        nearby.passed_over.push((default.to_owned(), found));
    }
    for folder in idx::holding(default) {
        if nearby.place.is_some() {
            break;
        }
        if !idx::is_for_mnist(default, &folder) {
            let found = "another dataset than MNIST".to_owned();
            nearby.passed_over.push((folder, found));
            continue;
        }
        let other = idx::find(&folder).and_then(|files| other_dataset(&files));
        match other {
            Ok(None) => nearby.place = Some(Place::Path(folder)),
            Ok(Some(known)) => nearby.passed_over.push((folder, known)),
            Err(error) if nearby.incomplete.is_none() => nearby.incomplete = Some((folder, error)),
            Err(_) => {}
        }
    }
    if nearby.place.is_some() {
        // What else is there was not asked for, and is in nobody's way.
        nearby.passed_over.clear();
        nearby.incomplete = None;
    } else {
        let archive = default.join(ARCHIVE);
        nearby.place = archive::has_dataset(&archive).then_some(Place::Path(archive));
    }
    nearby
}

/// The published dataset that files under MNIST's names are of, if it is another.
fn other_dataset(files: &FourFiles) -> Result<Option<String>> {
    for labels in [&files.train.labels, &files.test.labels] {
        // Unreadable files are reported when the dataset is opened.
        let known = labels.is_file().then(|| checksum::sha256(labels).ok());
        let known = known.flatten().and_then(|sum| recognise(&sum));
        let dataset = known.and_then(|it| it.split_once(" of ").map(|(_, it)| it.to_owned()));
        if let Some(dataset) = dataset.filter(|it| it != MNIST) {
            return Ok(Some(dataset));
        }
    }
    Ok(None)
}

fn elsewhere(access: &Access) -> Option<Place> {
    let mnist = entry(MNIST)?;
    if let Ok(place) = Place::cached(mnist, &access.offline(), &|_| ()) {
        return Some(place);
    }
    // Skip incomplete files of other programs: they are not the user's concern.
    if let Some(archive) = keras().filter(|archive| archive::has_dataset(archive)) {
        return Some(Place::Path(archive));
    }
    torchvision().map(Place::Path)
}

/// Where Keras stores MNIST.
fn keras() -> Option<PathBuf> {
    let home = home::variable("KERAS_HOME");
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".keras")))?;
    Some(home.join("datasets/mnist.npz"))
}

/// Where torchvision stores MNIST.
fn torchvision() -> Option<PathBuf> {
    let homes = [Some(PathBuf::new()), std::env::home_dir()];
    let roots = homes.into_iter().flatten();
    let mut raw = roots.flat_map(|home| TORCHVISION.map(|root| home.join(root).join("MNIST/raw")));
    raw.find(|folder| idx::find(folder).is_ok())
}
