//! What is reported of a sample: its nearest class, how far that is, and by how much the
//! second is further, by exact arithmetic.

use crate::classifier::exact;
use crate::classifier::float_exact::{FloatQuestion, Measured};
use crate::data::recipe::Metric;

/// The nearest class of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reported {
    /// The class, as exact arithmetic decides it.
    pub class: u16,
    /// The distance to its mean, not squared, or 1 − cosine.
    pub distance: f64,
    /// Second least squared distance minus the least, or the difference of the two largest
    /// cosines, not below 0; infinite if only one class can be nearest.
    pub margin: f64,
    /// The margin divided by the least squared distance, or by 1 − cosine; 0 where the margin
    /// is 0.
    pub relative_margin: f64,
}

impl Reported {
    fn new(class: u16, distance: f64, margin: f64, least: f64) -> Self {
        Self {
            class,
            distance,
            margin,
            // A sample that equals two means has margin 0 and distance 0; 0/0 would be NaN.
            relative_margin: if margin > 0.0 { margin / least } else { 0.0 },
        }
    }

    /// Of a feature vector.
    pub fn of_floats(question: &FloatQuestion<'_>, measured: Measured) -> Self {
        let Measured {
            class,
            distance,
            margin,
            ..
        } = measured;
        let least = match question.metric() {
            Metric::Euclidean => distance * distance,
            Metric::Cosine => distance,
        };
        Self::new(class, distance, margin, least)
    }
}

/// Of an image.
impl From<exact::Nearest> for Reported {
    fn from(nearest: exact::Nearest) -> Self {
        let least = nearest.squared.to_f64();
        Self::new(nearest.class, nearest.distance(), nearest.margin(), least)
    }
}
