//! What the line charts share: where the plot lies in the drawing, and its scale of shares.

/// The drawing.
pub(super) const WIDTH: f64 = 480.0;
pub(super) const HEIGHT: f64 = 280.0;

/// The plot within: left, top, right, bottom.
pub(super) const LEFT: f64 = 56.0;
pub(super) const TOP: f64 = 14.0;
pub(super) const RIGHT: f64 = 452.0;
pub(super) const BOTTOM: f64 = 228.0;

/// Percentages to label on a scale that covers so many, some five of them: the step.
pub(super) fn step(range: u32) -> u32 {
    match range {
        0..=10 => 2,
        11..=30 => 5,
        31..=50 => 10,
        _ => 20,
    }
}

/// A coordinate as it is written.
pub(super) fn decimal(number: f64) -> String {
    format!("{number:.1}")
}
