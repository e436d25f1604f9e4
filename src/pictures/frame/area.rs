//! Resizing by area: each new pixel is the mean of the old pixels that it covers,
//! weighted by how much of each it covers. It covers at least one old pixel in
//! size, so that enlarging interpolates.

/// Levels of `[rows, columns]` resized to another size, rounded half up.
///
/// # Panics
/// When there are not that many levels, or a size is zero.
pub fn resized(levels: &[u8], from: [usize; 2], to: [usize; 2]) -> Vec<u8> {
    assert_eq!(levels.len(), from[0] * from[1], "rows of levels");
    if from == to {
        return levels.to_vec();
    }
    let [down, right] = [Cover::all(from[0], to[0]), Cover::all(from[1], to[1])];
    let levels: Vec<u64> = match from[0] * to[1] <= to[0] * from[1] {
        true => across(&down, &along(&right, from[1], levels), to[1]),
        // Sums are the same in either order; the one with less work is taken.
        false => along(&right, from[1], &across(&down, levels, from[1])),
    };
    let whole = (Cover::whole(from[0], to[0]) * Cover::whole(from[1], to[1])).max(1);
    // A mean of levels is at most 255.
    let mean = |sum: u64| ((sum + whole / 2) / whole) as u8;
    levels.into_iter().map(mean).collect()
}

/// The sum under each cover, row by row.
fn along<T: Copy + Into<u64>>(covers: &[Cover], columns: usize, of: &[T]) -> Vec<u64> {
    let mut sums = Vec::with_capacity(of.len() / columns * covers.len());
    for row in of.chunks_exact(columns) {
        sums.extend(covers.iter().map(|cover| cover.sum(|at| row[at].into())));
    }
    sums
}

/// The sum under each cover, column by column.
fn across<T: Copy + Into<u64>>(covers: &[Cover], of: &[T], columns: usize) -> Vec<u64> {
    let mut sums = Vec::with_capacity(covers.len() * columns);
    for cover in covers {
        let column = |place: usize| cover.sum(|at| of[at * columns + place].into());
        sums.extend((0..columns).map(column));
    }
    sums
}

/// The old pixels that a new pixel covers along one axis: `weights` of those from
/// `first` on, in units of `1 / (2·to)` of an old pixel.
struct Cover {
    first: usize,
    weights: Vec<u64>,
}

impl Cover {
    /// The sum of the weights of each new pixel.
    fn whole(from: usize, to: usize) -> u64 {
        2 * from.max(to) as u64
    }

    fn all(from: usize, to: usize) -> Vec<Self> {
        (0..to).map(|place| Self::of(place, from, to)).collect()
    }

    fn of(place: usize, from: usize, to: usize) -> Self {
        let (from_units, to_units) = (from as i64, to as i64);
        let half = from.max(to) as i64;
        let middle = (2 * place as i64 + 1) * from_units;
        let (begin, end) = (middle - half, middle + half);
        // Beyond the edge, the outermost pixel is repeated.
        let at = |unit: i64| unit.div_euclid(2 * to_units).clamp(0, from_units - 1) as usize;
        let (first, last) = (at(begin), at(end - 1));
        let weight = |pixel: usize| {
            let left = if pixel == 0 {
                begin
            } else {
                2 * to_units * pixel as i64
            };
            let right = match pixel + 1 == from {
                true => end,
                false => 2 * to_units * (pixel as i64 + 1),
            };
            (right.min(end) - left.max(begin)) as u64
        };
        Self {
            first,
            weights: (first..=last).map(weight).collect(),
        }
    }

    fn sum(&self, level: impl Fn(usize) -> u64) -> u64 {
        let weighted = |(place, weight): (usize, &u64)| weight * level(self.first + place);
        self.weights.iter().enumerate().map(weighted).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_new_pixel_covers_as_much() {
        for from in 1..40 {
            for to in 1..40 {
                for cover in Cover::all(from, to) {
                    let sum: u64 = cover.weights.iter().sum();
                    assert_eq!(sum, Cover::whole(from, to), "{from} to {to}");
                    assert!(cover.first + cover.weights.len() <= from);
                }
            }
        }
    }

    #[test]
    fn shrinking_averages_and_enlarging_interpolates() {
        assert_eq!(resized(&[0, 100, 50, 250], [1, 4], [1, 2]), [50, 150]);
        assert_eq!(resized(&[0, 90, 30], [1, 3], [1, 2]), [30, 50]);
        assert_eq!(resized(&[0, 200], [1, 2], [1, 4]), [0, 50, 150, 200]);
        assert_eq!(resized(&[10, 20, 30, 40], [2, 2], [1, 1]), [25]);
    }

    #[test]
    fn squares_of_ten_pixels_are_pixels_again() {
        let image: Vec<u8> = (0..12).map(|level| level * 20).collect();
        let large: Vec<u8> = (0..30 * 40)
            .map(|place| image[place / 40 / 10 * 4 + place % 40 / 10])
            .collect();
        assert_eq!(resized(&large, [30, 40], [3, 4]), image);
    }
}
