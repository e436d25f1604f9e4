//! Pictures made of results, as PNG.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::app;
use crate::error::{Error, Result};

/// Red, green and blue.
pub type Colour = [u8; 3];

/// The colour of a grey level.
pub const fn grey(level: u8) -> Colour {
    [level; 3]
}

/// No picture that a user asks for has more pixels.
pub(super) const MOST_PIXELS: usize = 100_000_000;

/// A picture, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    colours: Vec<Colour>,
}

impl Raster {
    /// A picture of one colour.
    pub fn filled(width: usize, height: usize, colour: Colour) -> Self {
        Self {
            width,
            height,
            colours: vec![colour; width * height],
        }
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
        let height = pixels.len() / columns;
        Self {
            width: columns,
            height,
            colours: pixels[..columns * height]
                .iter()
                .map(|&level| grey(level))
                .collect(),
        }
    }

    /// Pixels from left to right.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The colour at a place.
    ///
    /// # Panics
    /// Outside of the picture.
    pub fn at(&self, x: usize, y: usize) -> Colour {
        assert!(x < self.width, "{x} is right of the picture");
        self.colours[y * self.width + x]
    }

    /// Puts another picture on this one, its upper left corner at `x`, `y`;
    /// what would lie outside is left out.
    pub fn place(&mut self, x: usize, y: usize, other: &Self) {
        let seen = other.width.min(self.width.saturating_sub(x));
        for row in 0..other.height.min(self.height.saturating_sub(y)) {
            let from = &other.colours[row * other.width..][..seen];
            self.colours[(y + row) * self.width + x..][..seen].copy_from_slice(from);
        }
    }

    /// The same picture with each pixel a square of `factor` × `factor`.
    pub fn enlarged(&self, factor: usize) -> Self {
        let mut colours = Vec::with_capacity(self.colours.len() * factor * factor);
        for row in self.colours.chunks_exact(self.width) {
            let wide: Vec<Colour> = row
                .iter()
                .flat_map(|&colour| vec![colour; factor])
                .collect();
            (0..factor).for_each(|_| colours.extend_from_slice(&wide));
        }
        Self {
            width: self.width * factor,
            height: self.height * factor,
            colours,
        }
    }

    /// The picture as a PNG file: of grey levels where it has no colour.
    ///
    /// # Errors
    /// When it has no pixel, or too many for the format.
    pub fn png(&self) -> Result<Vec<u8>> {
        let is_grey = self.colours.iter().all(|[r, g, b]| r == g && g == b);
        let (bytes, kind): (Vec<u8>, _) = match is_grey {
            true => (
                self.colours.iter().map(|colour| colour[0]).collect(),
                ExtendedColorType::L8,
            ),
            false => (self.colours.concat(), ExtendedColorType::Rgb8),
        };
        let refuse = |error: &dyn std::fmt::Display| {
            Error::Invalid(format!(
                "a picture of {} × {} pixels: {error}",
                self.width, self.height
            ))
        };
        let size = |pixels: usize| u32::try_from(pixels).map_err(|error| refuse(&error));
        let (width, height) = (size(self.width)?, size(self.height)?);
        let mut file = Vec::new();
        PngEncoder::new(&mut file)
            .write_image(&bytes, width, height, kind)
            .map_err(|error| refuse(&error))?;
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
