//! The score of a sample's own class, as kernels compare it with others.

use super::FloatQuestion;
use super::float64::{Estimates, UNIT};
use crate::classifier::float_sums::in_order::{product, squared_distance, squared_norm_of_row};
use crate::data::recipe::Metric;

impl FloatQuestion<'_> {
    /// Bounds of the score of a row's own class, from float64's, without the row where the
    /// question leaves it out; `None` where that class cannot be nearest.
    ///
    /// Kernels compare `‖x − m‖² − ‖x − o‖²`, or `⟨x, h⟩` minus `‖x‖` times the cosine:
    /// `origin` is o, `common` is h, no longer than 1 but for rounding. Each orders the
    /// classes as the question does.
    ///
    /// # Panics
    /// When the class does not exist.
    pub fn own_score(
        &self,
        [origin, common]: [&[f64]; 2],
        row: &[f32],
        label: u16,
    ) -> Option<[f64; 2]> {
        let estimate = Estimates::new(self, row, label).of(label)?;
        let bounds = [estimate.low, estimate.high];
        let dim = row.len() as f64;
        let square = |value: f64| value * value;
        let (bounds, shift, error) = match self.metric() {
            Metric::Euclidean => {
                let shift = squared_distance(row, origin);
                (bounds.map(|bound| square(bound.max(0.0))), -shift, shift)
            }
            Metric::Cosine => {
                let length = squared_norm_of_row(row).sqrt();
                let shift = product(row, common);
                (bounds.map(|bound| bound * length), shift, 3.0 * length)
            }
        };
        let error = (dim + 16.0) * 2.0 * UNIT * (error + bounds[1].abs());
        Some([bounds[0] + shift - error, bounds[1] + shift + error])
    }
}
