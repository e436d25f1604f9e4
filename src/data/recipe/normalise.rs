//! Rows that are shifted by a centre and divided by their norm.
//!
//! # What a prepared sample is
//!
//! It is defined, so that every program can make the same bits: `y = x − b` in
//! float64 (`y = x` without a centre); `s = Σ y²` in float64, in the order of the
//! values, each product and each sum rounded, nothing fused; the value is `y/√s`,
//! root and quotient in float64, rounded to float32. Where s is 0, values stay 0.
//!
//! No square leaves the range of float64: values are below 2¹²⁹ in magnitude, and
//! multiples of 2⁻¹⁴⁹, so that squares lie between 2⁻²⁹⁸ and 2²⁵⁸. Hence s is 0 for
//! zero vectors alone.

use multiversion::multiversion;

/// Rows whose squares are summed side by side. Each sum waits for its own last
/// addition, which is the order that the definition asks for; the others fill the wait.
pub(super) const TOGETHER: usize = 8;

/// Normalises at most [`TOGETHER`] rows.
#[multiversion(targets = "simd")]
pub(super) fn normalise(rows: &mut [f32], dim: usize, centre: Option<&[f32]>) {
    match centre {
        None => normalise_shifted(rows, dim, |_, value| f64::from(value)),
        Some(centre) => {
            let centre = &centre[..dim];
            normalise_shifted(rows, dim, |column, value| {
                f64::from(value) - f64::from(centre[column])
            });
        }
    }
}

#[inline(always)]
fn normalise_shifted(rows: &mut [f32], dim: usize, shifted: impl Fn(usize, f32) -> f64) {
    let sums = squared_norms(rows, dim, &shifted);
    for (row, sum) in rows.chunks_exact_mut(dim).zip(sums) {
        if sum > 0.0 {
            let root = sum.sqrt();
            for (column, value) in row.iter_mut().enumerate() {
                *value = (shifted(column, *value) / root) as f32;
            }
        } else {
            // y is zero, even where x is not.
            row.fill(0.0);
        }
    }
}

/// `Σ y²` of each row, as it is defined.
#[inline(always)]
fn squared_norms(
    rows: &[f32],
    dim: usize,
    shifted: &impl Fn(usize, f32) -> f64,
) -> [f64; TOGETHER] {
    let mut sums = [0.0; TOGETHER];
    if rows.len() == TOGETHER * dim {
        let row = |index: usize| &rows[index * dim..][..dim];
        let all: [&[f32]; TOGETHER] = std::array::from_fn(row);
        for column in 0..dim {
            for (sum, row) in sums.iter_mut().zip(all) {
                let y = shifted(column, row[column]);
                *sum += y * y;
            }
        }
    } else {
        for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(dim)) {
            for (column, &value) in row.iter().enumerate() {
                let y = shifted(column, value);
                *sum += y * y;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Features;
    use crate::data::recipe::Recipe;
    use crate::error::Result;

    /// The definition, word for word.
    fn defined(row: &[f32], centre: &[f32]) -> Vec<f32> {
        let y: Vec<f64> = (row.iter().zip(centre))
            .map(|(&x, &b)| f64::from(x) - f64::from(b))
            .collect();
        let mut s = 0.0_f64;
        for y in &y {
            let square = y * y;
            s += square;
        }
        let value = |y: &f64| if s == 0.0 { 0.0 } else { (y / s.sqrt()) as f32 };
        y.iter().map(value).collect()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn prepared_rows_are_the_defined_ones() -> Result<()> {
        let mut values: Vec<f32> = (0..19 * 5).map(|i| ((i * i) as f32).sin()).collect();
        values[..5].copy_from_slice(&[1e30, -1e-30, 3.0, 0.0, 1e-45]);
        values[5..10].copy_from_slice(&[1e-30, 2e-30, 3e-45, 0.0, 1e-38]);
        values[10..15].fill(0.0);
        let features = Features::new(5, values)?;
        let centre = [0.25, -1.0, 1e-30, 0.0, 7e8];
        for (recipe, centre) in [(Recipe::L2n, None), (Recipe::Cl2n, Some(&centre[..]))] {
            let prepared = recipe.prepare(features.clone(), centre)?;
            for index in 0..features.len() {
                let expected = defined(features.row(index), centre.unwrap_or(&[0.0; 5]));
                assert_eq!(bits(prepared.row(index)), bits(&expected), "row {index}");
            }
        }
        Ok(())
    }

    #[test]
    fn the_order_of_the_values_counts() -> Result<()> {
        // Beside the square of 2²⁷·√1.5 ones vanish, one by one; summed before it they
        // do not. That moves few of many quotients, but some.
        let mut row = vec![164_372_130.0, 0.0];
        row.extend([1.0; 4096]);
        row.extend((0..1 << 21).map(|step| (1.0 + step as f32 / 2_097_152.0) * 1e-20));
        let reversed: Vec<f32> = row.iter().rev().copied().collect();
        let zeros = vec![0.0; row.len()];
        let expected = defined(&row, &zeros);
        let mut other = defined(&reversed, &zeros);
        other.reverse();
        assert_ne!(
            bits(&expected),
            bits(&other),
            "rows that cannot tell orders apart"
        );
        let alone = Recipe::L2n.prepare(Features::new(row.len(), row.clone())?, None)?;
        assert_eq!(bits(alone.values()), bits(&expected));
        // As one of eight, which are summed side by side.
        let eight = Features::new(row.len(), row.repeat(TOGETHER))?;
        let prepared = Recipe::L2n.prepare(eight, None)?;
        assert_eq!(bits(prepared.row(5)), bits(&expected));
        Ok(())
    }

    #[test]
    fn a_row_at_the_centre_becomes_zero_and_zero_stays_zero() -> Result<()> {
        let features = Features::new(2, vec![3.0, -4.0, 0.0, -0.0])?;
        let centred = Recipe::Cl2n.prepare(features.clone(), Some(&[3.0, -4.0]))?;
        assert_eq!(centred.values(), [0.0, 0.0, -0.6, 0.8]);
        let scaled = Recipe::Icarl.prepare(features.clone(), None)?;
        assert_eq!(scaled.values(), [0.6, -0.8, 0.0, 0.0]);
        let as_it_is = Recipe::Cosine.prepare(features.clone(), None)?;
        assert_eq!(as_it_is.values(), features.values());
        assert!(Recipe::L2n.prepare(as_it_is, None).is_err());
        assert!(Recipe::Cl2n.prepare(features.clone(), None).is_err());
        assert!(
            Recipe::L2n
                .prepare(features.clone(), Some(&[0.0; 2]))
                .is_err()
        );
        assert!(Recipe::Cl2n.prepare(features, Some(&[0.0; 3])).is_err());
        Ok(())
    }
}
