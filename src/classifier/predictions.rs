//! What a backend returns for each sample (its distances or its nearest class), and
//! the final predictions.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

/// A backend's answer for one image: the nearest class it found, and whether exact
/// arithmetic is certain to find the same. It is a single word, as the shader
/// writes it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "gpu", derive(bytemuck::Pod, bytemuck::Zeroable))]
#[repr(transparent)]
pub struct Decision(u32);

impl Decision {
    /// The bit that marks an uncertain decision, just above the bits of the class.
    pub const DOUBTFUL: u32 = 1 << 16;

    /// A decision for `class`.
    pub fn new(class: u16, is_certain: bool) -> Self {
        let doubt = if is_certain { 0 } else { Self::DOUBTFUL };
        Self(u32::from(class) | doubt)
    }

    /// The class whose mean the backend found nearest.
    pub fn class(self) -> u16 {
        self.0 as u16
    }

    /// Whether exact arithmetic is certain to find the same class.
    pub fn is_certain(self) -> bool {
        self.0 & Self::DOUBTFUL == 0
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doubt = if self.is_certain() { "" } else { ", doubtful" };
        write!(formatter, "class {}{doubt}", self.class())
    }
}

/// A backend's decisions on all samples in one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    all: Vec<Decision>,
    left: BTreeMap<usize, Vec<u16>>,
    within: Option<Vec<bool>>,
}

impl Decisions {
    /// With the classes that are left for some of the samples that are in doubt: one of
    /// them is nearest. For others it may be any class.
    pub(crate) fn with_classes_left(
        all: Vec<Decision>,
        left: impl IntoIterator<Item = (usize, Vec<u16>)>,
    ) -> Self {
        let left = left.into_iter().collect();
        Self {
            all,
            left,
            within: None,
        }
    }

    /// With the exact answer to whether each sample's own class is among the nearest few.
    pub(crate) fn with_within(self, within: Option<Vec<bool>>) -> Self {
        Self { within, ..self }
    }

    /// Whether each sample's own class is among the nearest few, where that was found along
    /// with the nearest.
    pub(crate) fn within(&self) -> Option<&[bool]> {
        self.within.as_deref()
    }

    /// The classes that are left for a sample in doubt, if fewer than all.
    pub(crate) fn left(&self, sample: usize) -> Option<&[u16]> {
        self.left.get(&sample).map(Vec::as_slice)
    }
}

impl From<Vec<Decision>> for Decisions {
    fn from(all: Vec<Decision>) -> Self {
        Self::with_classes_left(all, [])
    }
}

impl Deref for Decisions {
    type Target = [Decision];

    fn deref(&self) -> &[Decision] {
        &self.all
    }
}

/// A class for each sample: the nearest one by exact arithmetic, or the answer of
/// another classifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predictions {
    classes: Vec<u16>,
    settled: usize,
    settled_in_fractions: usize,
    within: Option<Vec<bool>>,
}

impl Predictions {
    /// Of images, which are settled in fractions alone.
    pub(crate) fn new(classes: Vec<u16>, settled: usize) -> Self {
        Self::settled_so(classes, settled, settled)
    }

    /// Where float64 settled some.
    pub(crate) fn settled_so(
        classes: Vec<u16>,
        settled: usize,
        settled_in_fractions: usize,
    ) -> Self {
        Self {
            classes,
            settled,
            settled_in_fractions,
            within: None,
        }
    }

    /// With whether each sample's own class is among the nearest few.
    pub(crate) fn with_within(self, within: Vec<bool>) -> Self {
        Self {
            within: Some(within),
            ..self
        }
    }

    /// Wraps the predictions of another classifier, so that they can be evaluated
    /// like this one's.
    pub fn from_classes(classes: Vec<u16>) -> Self {
        Self::new(classes, 0)
    }

    /// Appends the predictions for other samples.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.classes.extend_from_slice(&other.classes);
        self.settled += other.settled;
        self.settled_in_fractions += other.settled_in_fractions;
        if let (Some(within), Some(others)) = (&mut self.within, &other.within) {
            within.extend_from_slice(others);
        }
    }

    /// The class predicted for each sample.
    pub fn classes(&self) -> &[u16] {
        &self.classes
    }

    /// For each sample, whether its own class is among the nearest few, where the question
    /// [asks for that](crate::classifier::model::Question::within): whether fewer classes are
    /// nearer, or as near and lower.
    pub fn within(&self) -> Option<&[bool]> {
        self.within.as_deref()
    }

    /// How many samples were decided again, because the backend's margin was within its
    /// error bound.
    pub fn settled(&self) -> usize {
        self.settled
    }

    /// How many of these needed exact fractions of integers.
    pub fn settled_in_fractions(&self) -> usize {
        self.settled_in_fractions
    }
}

/// The squared distance of every sample to every class mean, sample by sample, or 1 − cosine
/// where a recipe compares that; infinite for a class without samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    classes: usize,
    squared: Vec<f64>,
}

impl Distances {
    /// Wraps `images × classes` squared distances, image by image.
    pub fn new(classes: usize, squared: Vec<f64>) -> Self {
        debug_assert!(squared.len().is_multiple_of(classes));
        Self { classes, squared }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The squared distance of image `index` to each class mean.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn image(&self, index: usize) -> &[f64] {
        &self.squared[index * self.classes..][..self.classes]
    }

    /// All squared distances, image by image.
    pub fn squared(&self) -> &[f64] {
        &self.squared
    }
}
