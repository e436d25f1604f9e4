//! Decodes picture files to grey levels.

use std::io::Cursor;
use std::path::Path;

use image::error::{LimitError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::{MOST_PICTURE_PIXELS, Picture, colour, format};
use crate::data::panics::catch_panic;
use crate::error::{Error, Result};

/// Bytes that decoding may allocate: the largest picture in colour.
const MOST_MEMORY: u64 = 4 * MOST_PICTURE_PIXELS as u64;

/// Bytes that any file may decode to, however small it is.
const ALWAYS_FINE: u64 = 1 << 20;

/// Above that, bytes allowed for each byte of the file, against decompression
/// bombs. Deflate, used by PNG, expands at most 1,032 times, and JPEG no more.
/// Pixels that decoding widens are counted by [`widened`].
const DENSEST: u64 = 1_100;

/// Advice for errors about an unreadable picture.
const SAVE_AGAIN: &str = "save it again as PNG";

/// Decodes the format that the first bytes indicate, or as many bare levels as an
/// image of `raw` rows and columns has.
pub(super) fn decode(bytes: Vec<u8>, name: &Path, raw: Option<[usize; 2]>) -> Result<Picture> {
    let guessed = image::guess_format(&bytes).ok();
    if let Some([rows, columns]) = raw
        && rows.checked_mul(columns) == Some(bytes.len())
        // No bare image begins like one of these by chance.
        && !matches!(guessed, Some(ImageFormat::Png | ImageFormat::Jpeg))
    {
        return Picture::new(rows, columns, bytes);
    }
    let refuse = |error: &dyn std::fmt::Display| {
        let found = format!("a damaged picture ({error})");
        Error::bad_file(name, found, "PNG, JPEG or PGM", SAVE_AGAIN)
    };
    let Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Pnm)) = guessed else {
        return Err(Error::NoPicture {
            path: name.to_owned(),
            found: format::name(&bytes),
            bytes: bytes.len(),
        });
    };
    // Decoders fill in missing pixels, so a truncated JPEG would go unnoticed.
    if format == ImageFormat::Jpeg && !is_complete(&bytes) {
        return Err(refuse(&"it ends early"));
    }
    // The JPEG decoder panics on some damaged files.
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
    let picture = Picture::new(rows, columns, grey.into_raw());
    let mut picture = picture.map_err(|error| refuse(&error))?;
    picture.lossy = format == ImageFormat::Jpeg;
    Ok(picture)
}

/// Whether a JPEG has the end marker FFD9 after the start of its pixels, which
/// follow the marker FFDA (ITU T.81, B.1.1). In pixel data every FF is followed
/// by a 0. Other segments are skipped, because they may contain a thumbnail
/// with its own end marker.
fn is_complete(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    while let [0xff, marker, behind @ ..] = rest {
        match marker {
            0xda => return behind.windows(2).any(|pair| pair == [0xff, 0xd9]),
            // Fill bytes, and markers without a segment.
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
    // Leave it to the decoder to reject data without valid segments.
    !rest.is_empty()
}

/// By how much decoding may widen a PNG's pixel bytes, given its bit depth and
/// colour type (ISO 15948, 11.2.2). Palettes become four channels, low bit
/// depths become eight bits, and a transparent colour becomes an alpha channel.
fn widened(bytes: &[u8], format: ImageFormat) -> u64 {
    match (format, bytes.get(24), bytes.get(25)) {
        (ImageFormat::Png, Some(&depth @ (1 | 2 | 4 | 8)), Some(3)) => 32 / u64::from(depth),
        (ImageFormat::Png, Some(&depth @ (1 | 2 | 4)), Some(0)) => 16 / u64::from(depth),
        (ImageFormat::Png, _, Some(0 | 2)) => 2,
        // PBM stores one bit per pixel.
        (ImageFormat::Pnm, ..) => 8,
        _ => 1,
    }
}

fn pixels(bytes: Vec<u8>, format: ImageFormat) -> image::ImageResult<(DynamicImage, Orientation)> {
    let mut limits = Limits::default();
    let held = DENSEST * widened(&bytes, format) * bytes.len() as u64;
    // Guards against decompression bombs: limit memory by the file's size, not
    // by its header.
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

/// Converts to grey, upright, with transparency replaced by a background.
fn grey(mut picture: DynamicImage, orientation: Orientation) -> GrayImage {
    picture.apply_orientation(orientation);
    if picture.has_alpha() {
        colour::put_on_a_ground(&mut picture);
    }
    match picture.color().has_color() {
        true => colour::grey(picture),
        false => picture.into_luma8(),
    }
}
