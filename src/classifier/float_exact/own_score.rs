//! The score of a sample's own class without it, as kernels compare it with others.

use super::FloatQuestion;
use super::float64::{Estimates, UNIT};
use crate::data::recipe::Metric;

impl FloatQuestion<'_> {
    /// Bounds of the score of a row's own class, from float64's, where the row is left out of
    /// it; `None` where that class cannot be nearest.
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
        let x = || row.iter().map(|&x| f64::from(x));
        let square = |value: f64| value * value;
        let (bounds, shift, error) = match self.metric() {
            Metric::Euclidean => {
                let shifted = x().zip(origin).map(|(x, o)| square(x - o));
                let shift = shifted.fold(0.0, |sum, value| sum + value);
                (bounds.map(|bound| square(bound.max(0.0))), -shift, shift)
            }
            Metric::Cosine => {
                let length = x().map(square).fold(0.0, |sum, value| sum + value).sqrt();
                let products = x().zip(common).map(|(x, h)| x * h);
                let shift = products.fold(0.0, |sum, value| sum + value);
                (bounds.map(|bound| bound * length), shift, 3.0 * length)
            }
        };
        let error = (dim + 16.0) * 2.0 * UNIT * (error + bounds[1].abs());
        Some([bounds[0] + shift - error, bounds[1] + shift + error])
    }
}
