//! Predictions as CSV.

use std::fmt::Write;

use crate::exact::Nearest;

/// One line for each image: `index,label,predicted,distance,margin`.
///
/// Distances come from the exact fractions and are written with the fewest
/// digits that read back to the same `f64`, so the file is the same byte for
/// byte whatever backend ran.
pub fn predictions(labels: &[u16], nearest: &[Nearest]) -> String {
    let mut text = String::from("index,label,predicted,distance,margin\n");
    for (index, (label, nearest)) in labels.iter().zip(nearest).enumerate() {
        let distance = nearest.squared.to_f64().sqrt();
        let margin = nearest.margin();
        let _ = writeln!(
            text,
            "{index},{label},{},{distance},{margin}",
            nearest.class
        );
    }
    text
}
