//! What a backend says of each image, and what is known of it in the end.

use std::fmt;

/// A backend's answer for one image: the class whose mean it found nearest,
/// and whether exact arithmetic is certain to find the same. One word, as the
/// shader writes it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "gpu", derive(bytemuck::Pod, bytemuck::Zeroable))]
#[repr(transparent)]
pub struct Decision(u32);

impl Decision {
    /// The bit of a decision that is not certain, above those of the class.
    pub const DOUBTFUL: u32 = 1 << 16;

    /// A decision for a class.
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

/// A class for each image: the nearest, as exact arithmetic finds it, or what
/// another classifier says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predictions {
    classes: Vec<u16>,
    settled: usize,
}

impl Predictions {
    pub(crate) fn new(classes: Vec<u16>, settled: usize) -> Self {
        Self { classes, settled }
    }

    /// Predictions of another classifier, to be evaluated as those of this one are.
    pub fn from_classes(classes: Vec<u16>) -> Self {
        Self::new(classes, 0)
    }

    /// The class predicted for each image.
    pub fn classes(&self) -> &[u16] {
        &self.classes
    }

    /// How many of them were decided by exact integer arithmetic because the
    /// backend's margin was within its error bound.
    pub fn settled(&self) -> usize {
        self.settled
    }
}
