//! Chooses the dataset when the user does not name one.

use std::path::{Path, PathBuf};

use super::named::{Access, Fetching, Patience, entry};
use super::nearby::{Nearby, nearby};
use super::synthetic::Synthetic;
use super::{Place, home};
use crate::error::{Error, Result};

/// The dataset to use when none is named.
pub(super) const MNIST: &str = "mnist";

/// A place and why it was chosen.
#[derive(Debug)]
pub struct Found {
    /// The place.
    pub place: Place,
    /// What the user should know.
    pub notes: Vec<Note>,
}

/// Why a place may not be the one the user meant.
#[derive(Debug)]
pub enum Note {
    /// The argument is both a dataset's name and an existing path. It was taken
    /// as the name.
    NameOrPath(PathBuf),
    /// Nothing was named, and what is in a usual place is not MNIST.
    PassedOver {
        /// The folder.
        folder: PathBuf,
        /// What is in it.
        found: String,
    },
    /// Nothing was named, and synthetic digits replace MNIST.
    Drawn,
}

impl Found {
    /// Finds the named dataset: a path, a dataset's name, or
    /// `synthetic[:TRAIN[,TEST[,SEED]]]`. If nothing is named, uses `$NCM_DATA`
    /// if it is set. Otherwise looks for MNIST in `./data`, in the cache, where
    /// Keras or torchvision stores it, and on a mirror, in this order; another
    /// dataset there is passed over. Falls back to synthetic digits if no mirror
    /// can be reached.
    ///
    /// # Errors
    /// When the argument is not understood or the dataset cannot be fetched.
    pub fn find(
        named: Option<&Path>,
        access: &Access,
        watch: &dyn Fn(Fetching<'_>),
    ) -> Result<Self> {
        let environment = home::variable("NCM_DATA");
        if let Some(named) = named.or(environment.as_deref()) {
            let hidden = entry(named.to_str().unwrap_or_default()).is_some() && named.exists();
            return match Place::named(named, access, watch) {
                Ok(place) => Ok(Self {
                    place,
                    notes: Vec::from_iter(hidden.then(|| Note::NameOrPath(named.to_owned()))),
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
        let Nearby {
            place,
            passed_over,
            incomplete,
        } = nearby(access);
        let mut notes: Vec<Note> = passed_over
            .into_iter()
            .map(|(folder, found)| Note::PassedOver { folder, found })
            .collect();
        let found = match (place, incomplete) {
            (Some(place), None) => place.into(),
            // What lacks something is not worth an error where it is not needed.
            (Some(place), Some((folder, _))) => {
                let found = "files of MNIST that are not complete".to_owned();
                notes.push(Note::PassedOver { folder, found });
                place.into()
            }
            (None, Some((_, error))) => return Err(error),
            (None, None) => Self::mnist_or_digits(access, watch)?,
        };
        notes.extend(found.notes);
        Ok(Self {
            place: found.place,
            notes,
        })
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
        match Place::cached(mnist, &access, watch) {
            // Damaged files are reported instead of falling back to synthetic digits.
            Err(error) if !is_damage(&error) => Ok(Self {
                place: Place::Synthetic(Synthetic::default()),
                notes: vec![Note::Drawn],
            }),
            found => Ok(found?.into()),
        }
    }
}

impl From<Place> for Found {
    fn from(place: Place) -> Self {
        Self {
            place,
            notes: Vec::new(),
        }
    }
}
