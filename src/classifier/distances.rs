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
    ///
    /// # Panics
    /// When they are not a whole number of images.
    pub fn new(classes: usize, squared: Vec<f64>) -> Self {
        assert!(
            squared.len().is_multiple_of(classes),
            "distances to {classes} classes"
        );
        Self { classes, squared }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The squared distance of image `index` to each class mean, where there
    /// is such an image.
    pub fn get(&self, index: usize) -> Option<&[f64]> {
        self.squared.chunks_exact(self.classes.max(1)).nth(index)
    }

    /// The squared distance of image `index` to each class mean.
    ///
    /// # Panics
    /// When there is no such image; [`get`](Self::get) does not.
    pub fn image(&self, index: usize) -> &[f64] {
        &self.squared[index * self.classes..][..self.classes]
    }

    /// All squared distances, image after image.
    pub fn squared(&self) -> &[f64] {
        &self.squared
    }
}
