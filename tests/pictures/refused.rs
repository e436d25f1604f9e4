//! What is no picture, or a broken one, and what is said of it.

use std::path::Path;

use image::ImageFormat;
use ncm::internals::data::picture::Picture;

use super::{checksum, encoded, read, seven};
#[cfg(unix)]
use crate::command_line::run;
use crate::command_line::{fail, limited, ncm, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

#[test]
fn of_bare_levels_need_their_number_and_to_be_called_so() -> Outcome {
    let levels: Vec<u8> = (0..784).map(|at| (at % 251) as u8).collect();
    let raw = |bytes: &[u8]| {
        Picture::from_reader(bytes, Path::new("a picture"), Some([28, 28])).map_err(failed)
    };
    let found = raw(&levels)?;
    ensure(found.levels() == levels && found.rows() == 28, || {
        "other levels".into()
    })?;
    ensure(read(&levels).is_err(), || "read unasked".into())?;
    for length in [1, 783, 785] {
        let says = raw(&vec![9; length]).err().unwrap_or_default();
        ensure(says.contains("bytes that are no picture"), || {
            format!("{length}: {says}")
        })?;
    }
    // As many bytes as an image has, but a web page.
    let folder = Folder::new();
    let mut page = b"<!DOCTYPE html><html>".to_vec();
    page.resize(784, b' ');
    folder.write("digit.png", &page);
    folder.write("digit.bin", &levels);
    folder.write("digit.RAW", &levels);
    let at = |name: &str| folder.at(name);
    fail(
        &mut ncm(&["predict", &at("digit.png")]),
        3,
        "found a web page; expected a picture",
    )?;
    let asked = "say --raw or let its name end in .raw";
    fail(&mut ncm(&["predict", &at("digit.bin")]), 3, asked)?;
    succeed(&mut ncm(&["predict", "--raw", &at("digit.bin")]))?;
    succeed(&mut ncm(&["predict", &at("digit.RAW")]))?;
    fail(&mut ncm(&["distances", "--raw"]), 2, "--file")
}

/// Formats that are not read are called what people call them.
#[test]
fn in_other_formats_are_named() -> Outcome {
    for (beginning, name) in [
        (&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "a HEIC picture"),
        (b"\0\0\0\x18ftypavif", "an AVIF picture"),
        (b"\0\0\0\x14ftypqt  ", "a film"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"GIF89a", "a GIF picture"),
        (b"BM\0\0\0\0", "a BMP picture"),
        (b"II*\0", "a TIFF picture"),
        (b"\0\0\0\x0cjP  \r\n", "a JPEG 2000 picture"),
        (b"\xff\x0a\xfa", "a JPEG XL picture"),
        (b"%PDF-1.4", "a PDF document"),
        (b"<?xml version='1.0'?>\n<svg>", "an SVG drawing"),
        (b"\xef\xbb\xbf\n<!doctype HTML>", "a web page"),
        (b"", "an empty file"),
        (b"hello", "5 bytes that are no picture"),
    ] {
        let says = read(beginning).err().unwrap_or_default();
        ensure(says.contains(&format!("found {name}")), || {
            format!("{name}: {says}")
        })?;
    }
    Ok(())
}

/// Folders and pipes are refused with what to name instead.
#[cfg(unix)]
#[test]
fn are_files_and_no_folders() -> Outcome {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("it's")).map_err(failed)?;
    folder.write(
        "it's/digit.png",
        &encoded(&seven().into(), ImageFormat::Png)?,
    );
    let path = folder.path().join("it's");
    let ran = run(ncm(&["predict"]).arg(&path))?;
    ensure(ran.code == Some(3), || {
        format!("{:?}: {}", ran.code, ran.stderr)
    })?;
    let advice = ran.stderr.split('`').nth(1);
    let advice = advice.ok_or_else(|| ran.stderr.clone())?;
    let shell = |script: &str| -> Result<bool, String> {
        let binary = env!("CARGO_BIN_EXE_ncm");
        let script = script.replace("ncm ", &format!("'{binary}' "));
        let mut shell = std::process::Command::new("sh");
        let shell = shell
            .args(["-c", &script])
            .stdout(std::process::Stdio::null());
        Ok(shell
            .stderr(std::process::Stdio::null())
            .status()
            .map_err(failed)?
            .success())
    };
    ensure(shell(advice)?, || {
        format!("followed to the letter, it fails: {advice}")
    })?;
    fail(
        ncm(&["predict", "/dev/stdin"]).stdin(std::process::Stdio::piped()),
        3,
        "`COMMAND | ncm predict -`",
    )
}

#[test]
fn cut_anywhere_are_refused() -> Outcome {
    for format in [ImageFormat::Png, ImageFormat::Pnm, ImageFormat::Jpeg] {
        let whole = encoded(&seven().into(), format)?;
        for length in (0..whole.len() - 1).step_by(7) {
            // As many bytes as an image has levels, and nothing known in them.
            let refused = read(&whole[..length]);
            let is_fine = match format {
                // Its end is an empty chunk.
                ImageFormat::Png => refused.is_err() || length + 20 > whole.len(),
                _ => refused.is_err(),
            };
            ensure(is_fine, || format!("{format:?} of {length} bytes is read"))?;
        }
    }
    Ok(())
}

/// Of a few bytes that claim sixty-four million pixels; there is memory for a
/// tenth of them.
#[test]
fn whose_header_lies_cost_no_memory() -> Outcome {
    let folder = Folder::new();
    let mut png = encoded(&seven().into(), ImageFormat::Png)?;
    let size = 8_000_u32.to_be_bytes();
    png[16..24].copy_from_slice(&[size, size].concat());
    let sum = checksum(&png[12..29]);
    png[29..33].copy_from_slice(&sum);
    folder.write("large.png", &png);
    folder.write("large.pgm", b"P5 8000 8000 255\n and no pixels");
    for name in ["large.png", "large.pgm"] {
        let path = folder.path().join(name).display().to_string();
        let mut command = ncm(&["predict", &path]);
        command.env("RAYON_NUM_THREADS", "2");
        fail(
            &mut limited("ulimit -d 30000", command),
            3,
            "found a picture that would take too much memory",
        )?;
    }
    Ok(())
}

/// A JPEG with as many bytes as an image has pixels is a JPEG all the same.
#[test]
fn of_as_many_bytes_as_an_image_has_pixels_is_no_bare_image() -> Outcome {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let mut bytes = encoded(&seven().into(), format)?;
        let expected = read(&bytes)?;
        bytes.resize(100 * 100, 0);
        let shape = Some([100, 100]);
        let found = Picture::from_reader(&bytes[..], Path::new("a picture"), shape);
        let found = found.map_err(failed)?;
        ensure(found.levels() == expected.levels(), || {
            format!("{format:?}: {} × {} pixels", found.rows(), found.columns())
        })?;
    }
    Ok(())
}
