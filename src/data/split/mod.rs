//! Labelled samples that are valid by construction: images, or feature vectors.
//!
//! Later stages may rely on what the constructors here check: no split is empty, every
//! sample has as many values as the others and a label, and every label is below the
//! number of classes.

#[cfg(feature = "arrays")]
mod selected;

use std::fmt;

use super::recipe::Preparation;
use super::{Features, Images};
use crate::error::{Error, Result};

/// Samples of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// Levels from 0 to 255.
    Images(Images),
    /// Floats.
    Features(Features),
}

/// What every sample of a set looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Rows and columns of pixels.
    Image {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// Values without an order of their own.
    Vector {
        /// Their number.
        dim: usize,
    },
}

impl Shape {
    /// Values in a sample.
    pub fn dim(self) -> usize {
        match self {
            Self::Image { rows, columns } => rows.saturating_mul(columns),
            Self::Vector { dim } => dim,
        }
    }

    /// Rows and columns of an image.
    pub fn image_size(self) -> Option<[usize; 2]> {
        match self {
            Self::Image { rows, columns } => Some([rows, columns]),
            Self::Vector { .. } => None,
        }
    }
}

/// As in `28 × 28 pixels` and `64 values`.
impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image { rows, columns } => write!(formatter, "{rows} × {columns} pixels"),
            Self::Vector { dim: 1 } => write!(formatter, "1 value"),
            Self::Vector { dim } => write!(formatter, "{dim} values"),
        }
    }
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Images(images) => images.len(),
            Self::Features(features) => features.len(),
        }
    }

    /// Bytes of all values.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Images(images) => images.pixels().len(),
            Self::Features(features) => size_of_val(features.values()),
        }
    }

    /// Always false: an empty set of samples cannot be built.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The buffer of images, for others to be read into.
    pub(super) fn into_pixels(self) -> Vec<u8> {
        match self {
            Self::Images(images) => images.into_pixels(),
            Self::Features(_) => Vec::new(),
        }
    }

    /// The buffer of feature vectors, for others to be read into.
    #[cfg(feature = "arrays")]
    pub(super) fn into_values(self) -> Vec<f32> {
        match self {
            Self::Images(_) => Vec::new(),
            Self::Features(features) => features.into_values(),
        }
    }

    /// The same samples as a recipe has them; images become vectors of their levels, unless
    /// they stay as they are.
    ///
    /// # Errors
    /// As [`Preparation::apply`].
    pub(super) fn prepared(self, preparation: &Preparation) -> Result<Self> {
        Ok(match self {
            Self::Images(images) if *preparation == Preparation::default() => Self::Images(images),
            Self::Images(images) => preparation.apply(Features::of_images(&images))?.into(),
            Self::Features(features) => preparation.apply(features)?.into(),
        })
    }

    /// What each of them looks like.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Images(images) => Shape::Image {
                rows: images.rows(),
                columns: images.columns(),
            },
            Self::Features(features) => Shape::Vector {
                dim: features.dim(),
            },
        }
    }
}

impl From<Images> for Samples {
    fn from(images: Images) -> Self {
        Self::Images(images)
    }
}

impl From<Features> for Samples {
    fn from(features: Features) -> Self {
        Self::Features(features)
    }
}

/// Samples with one label each; every label is below [`classes`](Self::classes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    samples: Samples,
    labels: Vec<u16>,
    classes: usize,
}

impl Split {
    /// Joins samples and labels.
    ///
    /// # Errors
    /// When the counts differ or a label is not below `classes`.
    pub fn new(samples: impl Into<Samples>, labels: Vec<u16>, classes: usize) -> Result<Self> {
        let samples = samples.into();
        if samples.len() != labels.len() {
            let (found, expected) = (labels.len(), samples.len());
            let samples = match samples {
                Samples::Images(_) => "images",
                Samples::Features(_) => "samples",
            };
            return Err(Error::Invalid(format!(
                "{found} labels for {expected} {samples}"
            )));
        }
        if let Some(index) = labels
            .iter()
            .position(|&label| usize::from(label) >= classes)
        {
            let label = labels[index];
            return Err(Error::Invalid(format!(
                "label {label} at index {index} is not one of {classes} classes"
            )));
        }
        Ok(Self {
            samples,
            labels,
            classes,
        })
    }

    /// Takes the samples, so that their buffer can be reused.
    pub(super) fn into_samples(self) -> Samples {
        self.samples
    }

    /// The same split with its samples as a recipe has them.
    ///
    /// # Errors
    /// As [`Preparation::apply`].
    pub(super) fn prepared(self, preparation: &Preparation) -> Result<Self> {
        let samples = self.samples.prepared(preparation)?;
        Ok(Self { samples, ..self })
    }

    /// The samples.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The images, with their labels, where the samples are images.
    pub fn images(&self) -> Option<LabelledImages<'_>> {
        match self.view() {
            View::Images(images) => Some(images),
            View::Rows(_) => None,
        }
    }

    /// The feature vectors, with their labels, where the samples are such.
    pub fn rows(&self) -> Option<LabelledRows<'_>> {
        match self.view() {
            View::Images(_) => None,
            View::Rows(rows) => Some(rows),
        }
    }

    /// The samples with their labels, by their kind.
    pub fn view(&self) -> View<'_> {
        let (labels, classes) = (&self.labels[..], self.classes);
        match &self.samples {
            Samples::Images(images) => View::Images(LabelledImages {
                images,
                labels,
                classes,
            }),
            Samples::Features(features) => View::Rows(LabelledRows {
                features,
                labels,
                classes,
            }),
        }
    }

    /// What each sample looks like.
    pub fn shape(&self) -> Shape {
        self.samples.shape()
    }

    /// The label of each sample.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Number of classes, including those without a sample here.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Always false: an empty split cannot be built.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }
}

/// A split by the kind of its samples.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// Images.
    Images(LabelledImages<'a>),
    /// Feature vectors.
    Rows(LabelledRows<'a>),
}

/// A split whose samples are feature vectors.
#[derive(Clone, Copy, Debug)]
pub struct LabelledRows<'a> {
    /// The vectors.
    pub features: &'a Features,
    /// The label of each.
    pub labels: &'a [u16],
    /// Number of classes, including those without a vector here.
    pub classes: usize,
}

/// A split whose samples are images, for what works on pixels.
#[derive(Clone, Copy, Debug)]
pub struct LabelledImages<'a> {
    images: &'a Images,
    labels: &'a [u16],
    classes: usize,
}

impl<'a> LabelledImages<'a> {
    /// The images.
    pub fn images(self) -> &'a Images {
        self.images
    }

    /// The label of each image.
    pub fn labels(self) -> &'a [u16] {
        self.labels
    }

    /// Number of classes, including those without an image here.
    pub fn classes(self) -> usize {
        self.classes
    }

    /// Number of images.
    pub fn len(self) -> usize {
        self.labels.len()
    }

    /// Always false, as for a split.
    pub fn is_empty(self) -> bool {
        self.labels.is_empty()
    }
}
