//! Images that are valid by construction.

use crate::error::{Error, Result};

/// The most pixels in an image, 4,000 × 4,000. Batches, and the sums over an
/// image's pixels, are designed for many images rather than huge ones.
pub const MOST_PIXELS: usize = 16_000_000;

/// Images of one shape, stored contiguously: `len × rows × columns` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    rows: usize,
    columns: usize,
    pixels: Vec<u8>,
}

impl Images {
    /// Builds images from their pixels, row-major, image after image, 0 = background.
    ///
    /// # Errors
    /// When a dimension is zero, an image has more than [`MOST_PIXELS`], there is
    /// no image, or `pixels` is not a whole number of images.
    pub fn new(rows: usize, columns: usize, pixels: Vec<u8>) -> Result<Self> {
        let dim = rows
            .checked_mul(columns)
            .filter(|dim| (1..=MOST_PIXELS).contains(dim));
        match dim {
            Some(dim) if !pixels.is_empty() && pixels.len().is_multiple_of(dim) => Ok(Self {
                rows,
                columns,
                pixels,
            }),
            _ => Err(Error::Invalid(format!(
                "{} pixels do not make images of {rows} × {columns}",
                pixels.len()
            ))),
        }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.dim()
    }

    /// Always false: an empty set of images cannot be built.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Rows of pixels in an image.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of pixels in an image.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Pixels in an image: rows · columns.
    pub fn dim(&self) -> usize {
        self.rows * self.columns
    }

    /// The pixels of image `index`, if it exists.
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        (index < self.len()).then(|| self.image(index))
    }

    /// The pixels of image `index`.
    ///
    /// # Panics
    /// When there is no such image; [`get`](Self::get) returns `None` instead.
    pub fn image(&self, index: usize) -> &[u8] {
        let dim = self.dim();
        &self.pixels[index * dim..][..dim]
    }

    /// All pixels, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Takes all pixels, so that their buffer can be reused.
    pub(super) fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }
}
