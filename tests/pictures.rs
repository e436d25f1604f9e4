//! Pictures in every format that people have.

mod refused;

use std::io::{Cursor, Write};
use std::path::Path;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, LumaA, Rgba, RgbaImage};
use ncm::internals::data::picture::Picture;
use ncm::internals::pictures::frame::{Frame, Framed};

use crate::command_line::{limited, ncm, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

fn read(bytes: &[u8]) -> Result<Picture, String> {
    Picture::from_reader(bytes, Path::new("a picture"), None).map_err(failed)
}

/// A 7 in pen on paper, wide and with a serif, so that it has no symmetry.
fn seven() -> GrayImage {
    GrayImage::from_fn(90, 120, |x, y| {
        let bar = (20..70).contains(&x) && (20..30).contains(&y);
        let serif = (20..26).contains(&x) && (20..44).contains(&y);
        let stem = (30..100).contains(&y) && (x + y / 2).abs_diff(76) < 6;
        Luma([if bar || serif || stem { 20 } else { 235 }])
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, String> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).map_err(failed)?;
    Ok(bytes.into_inner())
}

fn framed(bytes: &[u8]) -> Result<Framed, String> {
    let framed = Frame::Canonical.of_picture(&read(bytes)?, 28, 28);
    framed.ok_or_else(|| "a blank picture".into())
}

#[test]
fn are_the_same_in_every_format() -> Outcome {
    let grey = DynamicImage::from(seven());
    let expected = framed(&encoded(&grey, ImageFormat::Png)?)?;
    for (what, picture, format) in [
        (
            "colour PNG",
            DynamicImage::from(grey.to_rgb8()),
            ImageFormat::Png,
        ),
        (
            "deep PNG",
            DynamicImage::from(grey.to_luma16()),
            ImageFormat::Png,
        ),
        (
            "opaque PNG",
            DynamicImage::from(grey.to_rgba8()),
            ImageFormat::Png,
        ),
        ("PGM", grey.clone(), ImageFormat::Pnm),
        ("PPM", DynamicImage::from(grey.to_rgb8()), ImageFormat::Pnm),
    ] {
        let found = framed(&encoded(&picture, format)?)?;
        ensure(found == expected, || format!("{what} is another image"))?;
    }
    for picture in [grey.clone(), DynamicImage::from(grey.to_rgb8())] {
        let found = framed(&encoded(&picture, ImageFormat::Jpeg)?)?;
        let apart = found.pixels.iter().zip(&expected.pixels);
        let apart: u32 = apart.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        // JPEG blurs: a grey level or two of each of the 784 pixels.
        ensure(apart < 3 * 784, || format!("JPEG is {apart} levels off"))?;
    }
    let text: String = seven()
        .as_raw()
        .iter()
        .map(|level| format!("{level} "))
        .collect();
    let found = framed(format!("P2\n# in letters\n90 120\n255\n{text}").as_bytes())?;
    ensure(found == expected, || {
        "a PGM in letters is another image".into()
    })
}

/// Dark or light strokes on nothing at all.
#[test]
fn that_are_transparent_are_seen() -> Outcome {
    for ink in [0, 255] {
        let drawn = RgbaImage::from_fn(90, 120, |x, y| {
            let alpha = if seven().get_pixel(x, y).0[0] < 128 {
                255
            } else {
                0
            };
            // What is not seen has the colour of the ink, as programs leave it.
            Rgba([ink, ink, ink, alpha])
        });
        let found = framed(&encoded(&drawn.into(), ImageFormat::Png)?)?;
        let expected = framed(&encoded(&seven().into(), ImageFormat::Png)?)?;
        ensure(found.pixels == expected.pixels, || {
            format!("ink {ink} on nothing is another image")
        })?;
    }
    let faded = DynamicImage::from(image::GrayAlphaImage::from_pixel(9, 9, LumaA([255, 0])));
    let picture = read(&encoded(&faded, ImageFormat::Png)?)?;
    ensure(
        Frame::Canonical.of_picture(&picture, 28, 28).is_none(),
        || "nothing at all was taken for ink".into(),
    )
}

/// What cameras and telephones put behind a picture, and before it.
#[test]
fn may_have_more_in_front_and_behind() -> Outcome {
    let jpeg = encoded(&seven().into(), ImageFormat::Jpeg)?;
    let expected = read(&jpeg)?;
    let film = [&jpeg[..], b"\xff\xda and a film"].concat();
    ensure(read(&film)? == expected, || "another picture".into())?;
    let small = encoded(&seven().into(), ImageFormat::Jpeg)?;
    let length = (small.len() as u16 + 2).to_be_bytes();
    let previewed = [&jpeg[..2], &[0xff, 0xe1], &length, &small, &jpeg[2..]].concat();
    ensure(read(&previewed)? == expected, || "another picture".into())?;
    let cut = read(&previewed[..previewed.len() - 20]);
    ensure(cut.is_err_and(|why| why.contains("it ends early")), || {
        "the end of the small picture was taken for its own".into()
    })
}

/// The tag that says "turn me a quarter right" in front of a picture that lies
/// on its left side.
#[test]
fn turned_by_their_camera_are_upright() -> Outcome {
    let lying = DynamicImage::from(seven()).rotate270();
    let jpeg = encoded(&lying, ImageFormat::Jpeg)?;
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    let tagged = [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat();
    let found = read(&tagged)?;
    ensure((found.rows(), found.columns()) == (120, 90), || {
        format!("{} × {} pixels", found.rows(), found.columns())
    })?;
    let upright = framed(&tagged)?;
    let expected = framed(&encoded(&seven().into(), ImageFormat::Jpeg)?)?;
    let apart = upright.pixels.iter().zip(&expected.pixels);
    let apart: u32 = apart.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    ensure(apart < 3 * 784, || format!("{apart} levels off"))
}

/// Where luminance is nearly the same, colours tell ink from ground.
#[test]
fn in_colours_of_equal_luminance_are_seen() -> Outcome {
    let expected = framed(&encoded(&seven().into(), ImageFormat::Png)?)?;
    for (ink, ground) in [
        ([0, 0, 255], [0, 0, 0]),
        ([255, 255, 0], [255, 255, 255]),
        ([255, 0, 0], [0, 76, 0]),
        ([200, 30, 30], [64, 64, 70]),
    ] {
        let drawn = image::RgbImage::from_fn(90, 120, |x, y| {
            let is_ink = seven().get_pixel(x, y).0[0] < 128;
            image::Rgb(if is_ink { ink } else { ground })
        });
        let found = framed(&encoded(&drawn.into(), ImageFormat::Png)?)?;
        ensure(found.pixels == expected.pixels, || {
            format!("{ink:?} on {ground:?} is another image")
        })?;
    }
    Ok(())
}

/// The densest that PNG has: a bit a pixel, a palette with one transparent
/// colour, and little to see.
#[test]
fn of_two_colours_are_read_at_any_size() -> Outcome {
    const SIDE: u32 = 4_000;
    let mut rows = Vec::new();
    for y in 0..SIDE {
        // No filter; eight pixels to a byte.
        rows.push(0);
        rows.extend((0..SIDE / 8).map(|x| {
            let inked = (220..260).contains(&x) && (800..3200).contains(&y);
            if inked { 0xff } else { 0 }
        }));
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&rows).map_err(failed)?;
    let size = SIDE.to_be_bytes();
    let header = [&size[..], &size, &[1, 3, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [
        (b"IHDR", header),
        (b"PLTE", vec![255, 255, 255, 20, 20, 20]),
        (b"tRNS", vec![0]),
        (b"IDAT", packed.finish().map_err(failed)?),
        (b"IEND", vec![]),
    ] {
        let named = [&kind[..], &body].concat();
        png.extend((body.len() as u32).to_be_bytes());
        png.extend(&named);
        png.extend(checksum(&named));
    }
    let found = framed(&png)?;
    ensure(found.crop.rows == 2400 && found.crop.columns == 320, || {
        format!("{:?} of {} bytes", found.crop, png.len())
    })
}

/// As wide as a pixel, and high; and the other way round. Neither needs more
/// memory than the picture itself a few times over.
#[test]
fn are_read_at_any_proportions() -> Outcome {
    let folder = Folder::new();
    let (long, inked) = (1 << 25, 1 << 24);
    let mut levels = vec![0; long];
    levels[inked..inked + 100].fill(255);
    for (name, size) in [("tall.pgm", [1, long]), ("wide.pgm", [long, 1])] {
        let header = format!("P5 {} {} 255\n", size[0], size[1]);
        folder.write(name, &[header.as_bytes(), &levels].concat());
        let path = folder.path().join(name).display().to_string();
        let mut command = ncm(&["predict", "--resize", "plain", &path]);
        command.env("RAYON_NUM_THREADS", "2");
        succeed(&mut limited("ulimit -d 400000", command))?;
    }
    Ok(())
}

/// The checksum of a chunk of PNG.
fn checksum(chunk: &[u8]) -> [u8; 4] {
    let mut sum = Crc::new();
    sum.update(chunk);
    sum.sum().to_be_bytes()
}
