//! Pictures made of results, as PNG.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, imageops};

use crate::app;
use crate::error::{Error, Result};

/// Red, green and blue.
pub type Colour = [u8; 3];

/// No picture that a user asks for has more pixels.
pub(super) const MOST_PIXELS: usize = 100_000_000;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster(RgbImage);

impl Raster {
    /// A picture of one colour.
    pub fn filled(width: usize, height: usize, colour: Colour) -> Self {
        Self(RgbImage::from_pixel(
            width as u32,
            height as u32,
            Rgb(colour),
        ))
    }

    /// A picture of one colour, of a size that a user has chosen.
    ///
    /// # Errors
    /// When it would be too large.
    pub fn of_size(width: usize, height: usize, colour: Colour) -> app::Result<Self> {
        match width.checked_mul(height) {
            Some(pixels) if pixels <= MOST_PIXELS => Ok(Self::filled(width, height, colour)),
            _ => Err(app::Error::Usage(format!(
                "a picture of {width} × {height} pixels would be too large, more than \
                 {MOST_PIXELS} pixels; show fewer images or make --scale smaller"
            ))),
        }
    }

    /// An image, white on black as it is stored; `pixels` are row-major, and
    /// what is behind the last whole row is left out.
    pub fn of_image(columns: usize, pixels: &[u8]) -> Self {
        let rows = pixels.len() / columns;
        Self(RgbImage::from_fn(columns as u32, rows as u32, |x, y| {
            Rgb([pixels[y as usize * columns + x as usize]; 3])
        }))
    }

    /// Pixels from left to right.
    pub fn width(&self) -> usize {
        self.0.width() as usize
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> usize {
        self.0.height() as usize
    }

    /// The colour at a place.
    ///
    /// # Panics
    /// Outside of the picture.
    pub fn at(&self, x: usize, y: usize) -> Colour {
        self.0.get_pixel(x as u32, y as u32).0
    }

    /// Puts another picture on this one, its upper left corner at `x`, `y`;
    /// what would lie outside is left out.
    pub fn place(&mut self, x: usize, y: usize, other: &Self) {
        imageops::replace(&mut self.0, &other.0, x as i64, y as i64);
    }

    /// The same picture with each pixel a square of `factor` × `factor`.
    pub fn enlarged(&self, factor: usize) -> Self {
        let factor = factor as u32;
        let (width, height) = self.0.dimensions();
        Self(RgbImage::from_fn(
            width * factor,
            height * factor,
            |x, y| *self.0.get_pixel(x / factor, y / factor),
        ))
    }

    /// The picture as a PNG file: of grey levels where it has no colour.
    ///
    /// # Errors
    /// When it has no pixel.
    pub fn png(&self) -> Result<Vec<u8>> {
        let is_grey = self.0.pixels().all(|Rgb([r, g, b])| r == g && g == b);
        let (bytes, kind) = if is_grey {
            let levels: Vec<u8> = self.0.pixels().map(|colour| colour.0[0]).collect();
            (Cow::from(levels), ExtendedColorType::L8)
        } else {
            (Cow::from(self.0.as_raw()), ExtendedColorType::Rgb8)
        };
        let (width, height) = self.0.dimensions();
        let mut file = Vec::new();
        PngEncoder::new(&mut file)
            .write_image(&bytes, width, height, kind)
            .map_err(|error| {
                Error::Invalid(format!("a picture of {width} × {height} pixels: {error}"))
            })?;
        Ok(file)
    }

    /// The picture as an address that holds it, for pages that stand alone.
    ///
    /// # Errors
    /// As [`png`](Self::png).
    pub fn data_uri(&self) -> Result<String> {
        let file = BASE64_STANDARD.encode(self.png()?);
        Ok(format!("data:image/png;base64,{file}"))
    }
}
