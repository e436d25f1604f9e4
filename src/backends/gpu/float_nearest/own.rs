//! The score of a sample's own class without it, from float64.

use super::classes::Classes;
use super::rounding::UNIT;
use crate::classifier::float_exact::FloatQuestion;
use crate::classifier::float_exact::float64::Estimates;
use crate::data::recipe::Metric;

/// Bounds of that score; `None` where that class cannot be nearest.
pub(super) fn score(
    question: &FloatQuestion<'_>,
    classes: &Classes<'_>,
    row: &[f32],
    label: u16,
) -> Option<[f64; 2]> {
    let estimate = Estimates::new(question, row, label).of(label)?;
    let bounds = [estimate.low, estimate.high];
    let dim = row.len() as f64;
    let x = || row.iter().map(|&x| f64::from(x));
    let square = |value: f64| value * value;
    let (bounds, shift, error) = match question.metric() {
        Metric::Euclidean => {
            let shifted = x().zip(&classes.centre).map(|(x, a)| square(x - a));
            let shift = shifted.fold(0.0, |sum, value| sum + value);
            (bounds.map(|bound| square(bound.max(0.0))), -shift, shift)
        }
        Metric::Cosine => {
            let length = x().map(square).fold(0.0, |sum, value| sum + value).sqrt();
            let products = x().zip(&classes.common).map(|(x, h)| x * h);
            let shift = products.fold(0.0, |sum, value| sum + value);
            // h is no longer than 1, but for rounding.
            (bounds.map(|bound| bound * length), shift, 3.0 * length)
        }
    };
    let error = (dim + 16.0) * 2.0 * UNIT * (error + bounds[1].abs());
    Some([bounds[0] + shift - error, bounds[1] + shift + error])
}
