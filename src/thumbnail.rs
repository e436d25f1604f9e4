//! Images made small enough to be shown many at a time.

/// An image of bounded size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    columns: usize,
    pixels: Vec<u8>,
}

impl Thumbnail {
    /// An image with no side longer than `most`: as it is where that holds,
    /// else each pixel the mean of a square of the image's.
    ///
    /// # Panics
    /// When the pixels are not whole rows of `columns`, or `most` is zero.
    pub fn of(columns: usize, pixels: &[u8], most: usize) -> Self {
        let rows = pixels.len() / columns;
        assert_eq!(rows * columns, pixels.len(), "whole rows");
        let square = rows.max(columns).div_ceil(most).max(1);
        if square == 1 {
            let pixels = pixels.to_vec();
            return Self { columns, pixels };
        }
        let (small_rows, small_columns) = (rows.div_ceil(square), columns.div_ceil(square));
        let mean = |place: usize| {
            let (y, x) = (
                place / small_columns * square,
                place % small_columns * square,
            );
            let (bottom, right) = ((y + square).min(rows), (x + square).min(columns));
            let of_row = |row| pixels[row * columns..][x..right].iter();
            let sum: u64 = (y..bottom).flat_map(of_row).map(|&p| u64::from(p)).sum();
            rounded_mean(sum, ((bottom - y) * (right - x)) as u64)
        };
        Self {
            columns: small_columns,
            pixels: (0..small_rows * small_columns).map(mean).collect(),
        }
    }

    /// Pixels from left to right.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The pixels, row after row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

/// The mean of `count` grey levels as one, halves rounded up.
fn rounded_mean(sum: u64, count: u64) -> u8 {
    let mean = (2 * sum + count) / (2 * count);
    mean.min(u64::from(u8::MAX)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_become_their_mean() {
        let wide = [0, 10, 20, 4, 6, 30];
        let small = Thumbnail::of(3, &wide, 2);
        assert_eq!((small.columns(), small.pixels()), (2, &[5, 25][..]));
        let same = Thumbnail::of(3, &wide, 3);
        assert_eq!((same.columns(), same.pixels()), (3, &wide[..]));
        let strip = Thumbnail::of(4_000, &[200; 4_000], 100);
        assert_eq!((strip.columns(), strip.pixels().len()), (100, 100));
        assert_eq!(rounded_mean(3, 2), 2);
    }
}
