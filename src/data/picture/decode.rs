//! From a file's bytes to grey levels.

use std::io::Cursor;
use std::path::Path;

use image::error::{LimitError, LimitErrorKind};
use image::metadata::Orientation;
use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgba,
};

use super::{MOST_PICTURE_PIXELS, Picture};
use crate::data::panics::catch_panic;
use crate::error::{Error, Result};

/// Bytes that decoding may take: a picture of the most pixels in colour.
const MOST_MEMORY: u64 = 4 * MOST_PICTURE_PIXELS as u64;

/// Bytes that a small file may decode to, whatever its size.
const ALWAYS_FINE: u64 = 1 << 20;

/// Beyond that, so many for each byte of the file: neither PNG, whose Deflate
/// stores 1,032 in one, nor JPEG gets any denser, but for [`widened`] ones.
const DENSEST: u64 = 1_100;

/// What to do about a picture that cannot be read.
const SAVE_AGAIN: &str = "save it again as PNG";

/// Decodes what the first bytes say it is; others, which are as many as an image
/// has pixels, are such an image.
pub(super) fn decode(bytes: Vec<u8>, name: &Path, raw: [usize; 2]) -> Result<Picture> {
    let [rows, columns] = raw;
    match image::guess_format(&bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Pnm)) => {
            let refuse = |error: &dyn std::fmt::Display| {
                let found = format!("a damaged picture ({error})");
                Error::bad_file(name, found, "PNG, JPEG or PGM", SAVE_AGAIN)
            };
            // Decoders make up the rest.
            if format == ImageFormat::Jpeg && !is_complete(&bytes) {
                return Err(refuse(&"it ends early"));
            }
            // The decoder of JPEG panics at some that are damaged.
            let decoded = catch_panic(|| pixels(bytes, format)).map_err(|panic| refuse(&panic))?;
            let (picture, orientation) = decoded.map_err(|error| match error {
                ImageError::Limits(_) => Error::bad_file(
                    name,
                    "a picture that would take too much memory",
                    format!("at most {MOST_PICTURE_PIXELS} pixels, and a file that has them"),
                    "make it smaller",
                ),
                error => refuse(&error),
            })?;
            let grey = grey(picture, orientation);
            let [rows, columns] = [grey.height(), grey.width()].map(|size| size as usize);
            let mut picture =
                Picture::new(rows, columns, grey.into_raw()).map_err(|error| refuse(&error))?;
            picture.lossy = format == ImageFormat::Jpeg;
            Ok(picture)
        }
        _ if bytes.len() == rows * columns => Picture::new(rows, columns, bytes),
        Ok(format) => {
            let found = format!("a picture in the format {format:?}");
            Err(unknown(name, found, raw))
        }
        Err(_) if bytes.is_empty() => Err(unknown(name, "nothing".into(), raw)),
        Err(_) => {
            let found = format!("{} bytes that are no picture", bytes.len());
            Err(unknown(name, found, raw))
        }
    }
}

/// Whether a JPEG has its end, the marker FFD9, behind the first of its pixels,
/// which follow the marker FFDA (ITU T.81, B.1.1); among pixels FF has a 0
/// behind it. What stands in other segments, such as a small picture, is passed
/// over.
fn is_complete(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, behind @ ..] = rest {
        match marker {
            0xda => return behind.windows(2).any(|pair| pair == [0xff, 0xd9]),
            // Filling, and markers that stand alone.
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd8 => rest = behind,
            _ => {
                let length = behind
                    .first_chunk()
                    .map_or(2, |&two| u16::from_be_bytes(two));
                rest = behind.get(usize::from(length)..).unwrap_or_default();
            }
        }
    }
    // What has no segments is the decoder's to refuse.
    !rest.is_empty()
}

/// How many bytes one byte of a PNG's pixels becomes at most, given its bit depth
/// and kind of colour (ISO 15948, 11.2.2): palettes become four channels, few
/// bits become eight, one transparent colour becomes a channel.
fn widened(bytes: &[u8], format: ImageFormat) -> u64 {
    match (format, bytes.get(24), bytes.get(25)) {
        (ImageFormat::Png, Some(&depth @ (1 | 2 | 4 | 8)), Some(3)) => 32 / u64::from(depth),
        (ImageFormat::Png, Some(&depth @ (1 | 2 | 4)), Some(0)) => 16 / u64::from(depth),
        (ImageFormat::Png, _, Some(0 | 2)) => 2,
        // A bit for each pixel.
        (ImageFormat::Pnm, ..) => 8,
        _ => 1,
    }
}

fn unknown(name: &Path, found: String, [rows, columns]: [usize; 2]) -> Error {
    let expected = format!(
        "PNG, JPEG, PGM, or the {} bare levels of an image of {rows} × {columns}",
        rows * columns
    );
    Error::bad_file(name, found, expected, SAVE_AGAIN)
}

fn pixels(bytes: Vec<u8>, format: ImageFormat) -> image::ImageResult<(DynamicImage, Orientation)> {
    let mut limits = Limits::default();
    let held = DENSEST * widened(&bytes, format) * bytes.len() as u64;
    // What has nothing behind its header gets no memory for it.
    let most = held.clamp(ALWAYS_FINE, MOST_MEMORY);
    limits.max_alloc = Some(most);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    if decoder.total_bytes() > most {
        return Err(ImageError::Limits(LimitError::from_kind(
            LimitErrorKind::InsufficientMemory,
        )));
    }
    let orientation = decoder.orientation()?;
    Ok((DynamicImage::from_decoder(decoder)?, orientation))
}

/// Upright, in grey, and on a ground where it was transparent.
fn grey(mut picture: DynamicImage, orientation: Orientation) -> GrayImage {
    picture.apply_orientation(orientation);
    match picture.has_alpha() {
        true => on_a_ground(&picture),
        false => picture.into_luma8(),
    }
}

/// A transparent picture on black where what is seen of it is rather light, on
/// white where it is rather dark, since on its own shade it would be lost.
fn on_a_ground(picture: &DynamicImage) -> GrayImage {
    let colours = picture.to_rgba8();
    let (mut seen, mut light) = (0_u64, 0_u64);
    let luma = picture.to_luma8();
    for (Rgba([.., alpha]), level) in colours.pixels().zip(luma.as_raw()) {
        seen += u64::from(*alpha);
        light += u64::from(*alpha) * u64::from(*level);
    }
    let ground: u32 = if light >= 128 * seen { 0 } else { 255 };
    let over = |(Rgba([.., alpha]), &level): (&Rgba<u8>, &u8)| {
        let alpha = u32::from(*alpha);
        // Rounded, and at most 255.
        ((u32::from(level) * alpha + ground * (255 - alpha) + 127) / 255) as u8
    };
    let levels = colours.pixels().zip(luma.as_raw()).map(over).collect();
    GrayImage::from_raw(luma.width(), luma.height(), levels).expect("as many levels as pixels")
}
