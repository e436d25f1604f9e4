//! Images made small enough to be shown many at a time.

use crate::pictures::frame::resized;

/// Pixels of the longest side of an image that is shown; a larger one is made
/// smaller.
pub const LONGEST_SIDE: usize = 112;

/// An image of bounded size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    columns: usize,
    pixels: Vec<u8>,
}

impl Thumbnail {
    /// An image with no side longer than `most`, made smaller by a whole factor
    /// where it is larger.
    ///
    /// # Panics
    /// When the pixels are not whole rows of `columns`, or `most` is zero.
    pub fn of(columns: usize, pixels: &[u8], most: usize) -> Self {
        let rows = pixels.len() / columns;
        let by = rows.max(columns).div_ceil(most).max(1);
        let small = [rows.div_ceil(by), columns.div_ceil(by)];
        Self {
            columns: small[1],
            pixels: resized(pixels, [rows, columns], small),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_side_is_longer_than_allowed() {
        let wide = [0, 10, 20, 4, 6, 30];
        let small = Thumbnail::of(3, &wide, 2);
        // A pixel and a half each way.
        assert_eq!((small.columns(), small.pixels()), (2, &[4, 19][..]));
        let same = Thumbnail::of(3, &wide, 3);
        assert_eq!((same.columns(), same.pixels()), (3, &wide[..]));
        let strip = Thumbnail::of(4_000, &[200; 4_000], 100);
        assert_eq!((strip.columns(), strip.pixels().len()), (100, 100));
    }
}
