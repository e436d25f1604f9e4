//! Samples that come as they are found: in two sets, or in one that has to be
//! divided.

use std::path::{Path, PathBuf};

use super::dataset::ALL_USED;
use super::{Dataset, Images};
use crate::error::{Error, Result};

/// Of one set, every so many samples of each class one is a test sample.
const EVERY: usize = 6;

/// Images with one label each.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub images: Images,
    pub labels: Vec<u16>,
}

/// All samples that were found.
#[derive(Clone, Debug)]
pub(super) enum Sets {
    /// Those of one set, which nobody has divided into training and test samples.
    One(Labelled),
    /// Training and test samples.
    Two(Labelled, Labelled),
}

/// What to make of one set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OneSet {
    /// Training samples and, from every sixth of each class, test samples.
    Divided,
    /// All samples as training samples, and as test samples as well.
    Whole,
}

/// Samples with all that is known of them.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    pub sets: Sets,
    /// The names of the classes, where they have some.
    pub class_names: Vec<String>,
    pub notes: Vec<String>,
}

impl Samples {
    /// Makes a dataset; `path` is where the samples are from.
    pub(super) fn into_dataset(
        self,
        path: &Path,
        files: Vec<PathBuf>,
        one_set: OneSet,
    ) -> Result<Dataset> {
        let mut notes = self.notes;
        let (train, test) = match (self.sets, one_set) {
            (Sets::Two(train, test), _) => (train, test),
            (Sets::One(all), OneSet::Whole) => {
                notes.push(ALL_USED.into());
                (all.clone(), all)
            }
            (Sets::One(all), OneSet::Divided) => {
                let divided = divided(all, path)?;
                notes.push(divided_note());
                divided
            }
        };
        let name = path.file_stem().unwrap_or(path.as_os_str());
        let dataset = Dataset::new(
            name.to_string_lossy(),
            path.display().to_string(),
            (train.images, train.labels),
            (test.images, test.labels),
        );
        let dataset = dataset.map_err(|error| {
            Error::bad_file(
                path,
                error.to_string(),
                "two splits of one shape",
                "save training and test images of one shape",
            )
        })?;
        Ok(Dataset {
            files,
            class_names: self.class_names,
            notes,
            ..dataset
        })
    }
}

/// What to say of one set that was divided.
pub(super) fn divided_note() -> String {
    format!(
        "there are no test samples of their own: every {EVERY}th sample of each class was set apart"
    )
}

/// Takes every sixth sample of each class for testing, in the order of the set.
fn divided(all: Labelled, path: &Path) -> Result<(Labelled, Labelled)> {
    let (rows, columns) = (all.images.rows(), all.images.columns());
    let are_tests = are_tests(&all.labels, path)?;
    let mut parts = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for (index, (&label, is_test)) in all.labels.iter().zip(are_tests).enumerate() {
        let part = &mut parts[usize::from(is_test)];
        part.0.extend_from_slice(all.images.image(index));
        part.1.push(label);
    }
    let [train, test] = parts;
    let labelled = |(pixels, labels): (Vec<u8>, Vec<u16>)| {
        Ok::<_, Error>(Labelled {
            images: Images::new(rows, columns, pixels)?,
            labels,
        })
    };
    Ok((labelled(train)?, labelled(test)?))
}

/// Which samples of one set are test samples: every sixth of each class, in the
/// order of the set.
///
/// # Errors
/// When no class has as many; `path` is where the samples are from.
pub(super) fn are_tests(labels: &[u16], path: &Path) -> Result<Vec<bool>> {
    let highest = labels.iter().max().copied().unwrap_or(0);
    let mut seen = vec![0_usize; usize::from(highest) + 1];
    let is_test = |&label: &u16| {
        let seen = &mut seen[usize::from(label)];
        *seen += 1;
        seen.is_multiple_of(EVERY)
    };
    let are_tests: Vec<bool> = labels.iter().map(is_test).collect();
    if !are_tests.contains(&true) {
        let most = seen.iter().max().copied().unwrap_or(0);
        return Err(Error::bad_file(
            path,
            format!("one set of at most {most} samples of a class"),
            format!("{EVERY} or more of some class, or separate test samples"),
            "add samples, or test samples of their own",
        ));
    }
    Ok(are_tests)
}
