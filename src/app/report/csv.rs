//! Predictions as CSV.

use std::fmt::Write;

use crate::classifier::exact::Nearest;

/// The first line.
pub const PREDICTIONS_HEADER: &str = "index,label,predicted,distance,margin\n";

/// One line for each image, counted from `first`: `index,label,predicted,distance,margin`.
///
/// Distances come from the exact fractions and are written with the fewest
/// digits that read back to the same `f64`, so the file is the same byte for
/// byte whatever backend ran.
pub fn predictions(first: usize, labels: &[u16], nearest: &[Nearest]) -> String {
    let mut text = String::new();
    for (index, (label, nearest)) in (first..).zip(labels.iter().zip(nearest)) {
        let (distance, margin) = (nearest.distance(), nearest.margin());
        let _ = writeln!(
            text,
            "{index},{label},{},{distance},{margin}",
            nearest.class
        );
    }
    text
}
