//! Sums of products in float64, in one fixed order, so that they are the same on every
//! processor: value d is added to lane d mod 8, and the lanes are added up by halves. No
//! product is fused with a sum. A term passes through at most as many roundings as
//! there are values.

use multiversion::multiversion;

/// Sums that are kept side by side.
const LANES: usize = 8;

/// `Σ (x − m)²`.
#[multiversion(targets = "simd")]
pub fn squared_distance(row: &[f32], mean: &[f64]) -> f64 {
    sum(row, mean, |x, m| {
        let difference = f64::from(x) - m;
        difference * difference
    })
}

/// `Σ x·m`.
#[multiversion(targets = "simd")]
pub fn product(row: &[f32], mean: &[f64]) -> f64 {
    sum(row, mean, |x, m| f64::from(x) * m)
}

/// `Σ m²`.
#[multiversion(targets = "simd")]
pub fn squared_norm(mean: &[f64]) -> f64 {
    sum(mean, mean, |m, _| m * m)
}

/// `Σ x²`.
#[multiversion(targets = "simd")]
pub fn squared_norm_of_row(row: &[f32]) -> f64 {
    sum(row, row, |x, _| f64::from(x) * f64::from(x))
}

#[inline(always)]
fn sum<A: Copy, B: Copy>(one: &[A], other: &[B], term: impl Fn(A, B) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let (ones, rest) = one.as_chunks::<LANES>();
    let (others, other_rest) = other.as_chunks::<LANES>();
    for (one, other) in ones.iter().zip(others) {
        for lane in 0..LANES {
            lanes[lane] += term(one[lane], other[lane]);
        }
    }
    for ((lane, one), other) in lanes.iter_mut().zip(rest).zip(other_rest) {
        *lane += term(*one, *other);
    }
    let four: [f64; 4] = std::array::from_fn(|lane| lanes[lane] + lanes[lane + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_one_that_is_written_down() {
        let row: Vec<f32> = (0..21).map(|i| (i as f32).sin()).collect();
        let mean: Vec<f64> = (0..21).map(|i| f64::from(i).cos()).collect();
        let in_order = |term: &dyn Fn(f64, f64) -> f64| {
            let mut lanes = [0.0; LANES];
            for (index, (x, m)) in row.iter().zip(&mean).enumerate() {
                lanes[index % LANES] += term(f64::from(*x), *m);
            }
            let [a, b, c, d, e, f, g, h] = lanes;
            ((a + e) + (c + g)) + ((b + f) + (d + h))
        };
        let square = |value: f64| value * value;
        assert_eq!(
            squared_distance(&row, &mean),
            in_order(&|x, m| square(x - m))
        );
        assert_eq!(product(&row, &mean), in_order(&|x, m| x * m));
        assert_eq!(squared_norm(&mean), in_order(&|_, m| square(m)));
        assert_eq!(squared_norm_of_row(&row), in_order(&|x, _| square(x)));
    }
}
