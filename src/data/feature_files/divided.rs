//! One set as a training set and a test set.

use std::path::Path;

use crate::data::Features;
use crate::data::one_set::are_tests;
use crate::error::{Error, Result};

/// A set that can be divided.
pub(super) trait Divide: Sized {
    /// Every sixth sample of each class as test samples, the others as training
    /// samples, in the order of the set; `path` is for messages.
    fn divided(self, path: &Path) -> Result<(Self, Self)>;
}

/// Samples with one label each.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledFeatures {
    /// A row for each sample.
    pub features: Features,
    /// A class for each row, below [`FeatureSets::classes`](super::FeatureSets::classes).
    pub labels: Vec<u16>,
}

impl Divide for LabelledFeatures {
    /// The training samples move up in place, so that no second copy of them is made.
    fn divided(self, path: &Path) -> Result<(Self, Self)> {
        let are_tests = are_tests(&self.labels, path)?;
        let dim = self.features.dim();
        let mut values = self.features.into_values();
        let tests = are_tests.iter().filter(|&&is_test| is_test).count();
        let mut test_values = Vec::new();
        let reserved = test_values.try_reserve_exact(tests * dim);
        reserved.map_err(|_| {
            let found = format!("{tests} samples to set apart");
            Error::bad_file(
                path,
                found,
                "what memory holds",
                "save test samples of their own",
            )
        })?;
        let mut labels = [Vec::new(), Vec::new()];
        let mut kept = 0;
        for (index, (&is_test, label)) in are_tests.iter().zip(self.labels).enumerate() {
            let row = index * dim..(index + 1) * dim;
            match is_test {
                true => test_values.extend_from_slice(&values[row]),
                false => {
                    values.copy_within(row, kept);
                    kept += dim;
                }
            }
            labels[usize::from(is_test)].push(label);
        }
        values.truncate(kept);
        let [train_labels, test_labels] = labels;
        let labelled = |values, labels| {
            let features = Features::of_finite(dim, values)?;
            Ok::<_, Error>(LabelledFeatures { features, labels })
        };
        Ok((
            labelled(values, train_labels)?,
            labelled(test_values, test_labels)?,
        ))
    }
}
