//! Where the ink of a model's images is, which their sums say.

use super::{LONGEST, OF};
use crate::classifier::level_sums::LevelSums;
use crate::classifier::levels::Levels;

/// The longest side of ink by how far it is spread in the mean of all images, its
/// root mean square distance from the centre of mass: 20 by 6.886 in MNIST.
const LONGEST_BY_SPREAD: f64 = 2.9046;

/// Ink that differs by no more than this share from what MNIST's frame says is in it.
const TOLERANCE: f64 = 0.1;

/// Where ink is in an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// Its longest side.
    pub(super) longest: usize,
    /// Twice where its centre of mass is, down and right.
    pub(super) twice_centre: [i64; 2],
    /// Whether that is MNIST's frame.
    pub(super) is_mnists: bool,
}

impl Place {
    pub(super) fn mnists(rows: usize, columns: usize) -> Self {
        Self {
            longest: (rows.min(columns) * LONGEST / OF).max(1),
            twice_centre: [rows as i64, columns as i64],
            is_mnists: true,
        }
    }

    /// Where the ink of a model's images is, from its sums.
    pub(super) fn of(sums: &LevelSums, rows: usize, columns: usize, levels: Levels) -> Self {
        let mnists = Self::mnists(rows, columns);
        let images = sums.images().max(1) as f64;
        let mut total = vec![0_u64; sums.dim()];
        for class in 0..sums.classes() {
            let sums = total.iter_mut().zip(sums.sum(class));
            sums.for_each(|(total, &sum)| *total += sum);
        }
        let ground = f64::from(levels.ground);
        let sign = if levels.is_lighter() { 1.0 } else { -1.0 };
        let strength = |&sum: &u64| (sign * (sum as f64 / images - ground)).max(0.0);
        let strengths: Vec<f64> = total.iter().map(strength).collect();
        let mass: f64 = strengths.iter().sum();
        let mean = |value: &dyn Fn(f64, f64) -> f64| -> f64 {
            let weighed = strengths.iter().enumerate().map(|(at, strength)| {
                strength * value((at / columns) as f64, (at % columns) as f64)
            });
            weighed.sum::<f64>() / mass
        };
        let centre = [mean(&|row, _| row), mean(&|_, column| column)];
        let square =
            |row: f64, column: f64| (row - centre[0]).powi(2) + (column - centre[1]).powi(2);
        let longest = LONGEST_BY_SPREAD * mean(&square).sqrt();
        // Sums of nothing but ground.
        if !longest.is_finite() {
            return mnists;
        }
        let whole = rows.min(columns) as f64;
        let expected = whole * LONGEST as f64 / OF as f64;
        let twice_centre = centre.map(|centre| (2.0 * centre).round() as i64);
        let apart = (0..2).map(|axis| (twice_centre[axis] - mnists.twice_centre[axis]).abs());
        let is_centred = apart.max() <= Some(1 + (whole / OF as f64) as i64 / 2);
        if is_centred && (longest - expected).abs() <= TOLERANCE * expected {
            return mnists;
        }
        Self {
            longest: longest.round().clamp(1.0, whole) as usize,
            twice_centre,
            is_mnists: false,
        }
    }
}
