//! What a backend says of each image, and what is known of it in the end.

/// A backend's answer for one image, with a bound on its own error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decision {
    /// The class whose mean the backend found nearest.
    pub class: u16,
    /// The squared distance to it as the backend computed it.
    pub squared: f64,
    /// The second least squared distance minus the least; infinite where only
    /// one class can be nearest.
    pub margin: f64,
    /// No squared distance that matters here is wrong by more than this.
    pub bound: f64,
}

impl Decision {
    /// Whether exact arithmetic is certain to find the same class: both
    /// distances may be off by the bound, in opposite directions.
    pub fn is_certain(&self) -> bool {
        self.margin > 2.0 * self.bound
    }
}

/// The nearest class of each image, as exact arithmetic finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predictions {
    classes: Vec<u16>,
    settled: usize,
}

impl Predictions {
    pub(crate) fn new(classes: Vec<u16>, settled: usize) -> Self {
        Self { classes, settled }
    }

    /// The nearest class of each image.
    pub fn classes(&self) -> &[u16] {
        &self.classes
    }

    /// How many of them were decided by exact integer arithmetic because the
    /// backend's margin was within its error bound.
    pub fn settled(&self) -> usize {
        self.settled
    }
}
