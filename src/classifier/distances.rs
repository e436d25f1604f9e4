//! The squared distance of every image to every class mean.

/// `images × classes` squared distances, image after image; infinite for a
/// class without images.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    classes: usize,
    squared: Vec<f64>,
}

impl Distances {
    /// `images × classes` squared distances, image after image.
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

    /// All squared distances, image after image.
    pub fn squared(&self) -> &[f64] {
        &self.squared
    }
}
