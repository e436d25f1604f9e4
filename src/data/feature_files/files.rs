//! Labelled features that stay in their file.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::matrix::Planned;
use super::pass::{Part, Pass};
use super::reopened::reopened;
use crate::data::Features;
use crate::data::one_set::are_tests;
use crate::error::Result;

/// One set whose rows stay in their file, with its labels. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct FeatureFiles {
    planned: Arc<Planned>,
    /// The first row of the array and the first behind the last.
    rows: Range<usize>,
    labels: Arc<[u16]>,
    /// Which rows there are of this set, where one was divided.
    part: Option<Part>,
}

impl FeatureFiles {
    /// An array that is stored in rows, with a label for each.
    ///
    /// # Errors
    /// When the length of its file is not what the header says, or this machine
    /// cannot count the values.
    pub(super) fn new(planned: &Arc<Planned>, labels: Vec<u16>) -> Result<Self> {
        reopened(planned, 0)?;
        let (rows, _) = planned.counted()?;
        Ok(Self {
            planned: Arc::clone(planned),
            rows: 0..rows,
            labels: labels.into(),
            part: None,
        })
    }

    /// Number of samples.
    pub(in crate::data) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Values in a sample.
    pub(in crate::data) fn dim(&self) -> usize {
        self.planned.dim
    }

    /// The same rows, of whose classes each has another place.
    pub(in crate::data) fn relabelled(self, places: &[u16]) -> Self {
        let labels = self.labels.iter().map(|&label| places[usize::from(label)]);
        let labels = labels.collect();
        Self { labels, ..self }
    }

    /// These rows of the set, which must not have been divided.
    pub(in crate::data) fn rows(self, rows: Range<usize>) -> Option<Self> {
        self.part.is_none().then(|| Self {
            labels: self.labels[rows.clone()].into(),
            rows: self.rows.start + rows.start..self.rows.start + rows.end,
            ..self
        })
    }

    /// A class for each sample.
    pub(in crate::data) fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Reads the set in batches of at most `rows` samples, each into a buffer from the
    /// caller: a pass that ends with none, or with an error when the file is damaged
    /// or has changed, or a value of it is not finite as `f32`.
    pub(in crate::data) fn batches(
        &self,
        rows: usize,
    ) -> impl FnMut(Vec<f32>) -> Result<Option<(Features, Vec<u16>)>> + Send + 'static {
        let mut pass = Pass::new(&self.planned, self.part.clone(), self.rows.clone());
        let labels = Arc::clone(&self.labels);
        let mut given = 0;
        move |memory| {
            let Some(features) = pass.next(rows, memory)? else {
                return Ok(None);
            };
            let end = given + features.len();
            let batch = labels[given..end].to_vec();
            given = end;
            Ok(Some((features, batch)))
        }
    }

    /// Every sixth sample of each class as test samples, the others as training
    /// samples; `path` is for messages.
    ///
    /// # Errors
    /// When no class has as many.
    pub(super) fn divided(self, path: &Path) -> Result<(Self, Self)> {
        let are_tests: Arc<[bool]> = are_tests(&self.labels, path)?.into();
        let part = |is_tests| {
            let of_part = self.labels.iter().zip(&*are_tests);
            let of_part = of_part.filter(|&(_, &is_test)| is_test == is_tests);
            Self {
                planned: Arc::clone(&self.planned),
                rows: self.rows.clone(),
                labels: of_part.map(|(&label, _)| label).collect(),
                part: Some(Part {
                    are_tests: Arc::clone(&are_tests),
                    is_tests,
                }),
            }
        };
        Ok((part(false), part(true)))
    }
}
