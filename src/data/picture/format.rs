//! Names what is no picture that can be read.

/// What each kind of ISO media file (ISO 14496-12) calls itself in its fifth to
/// twelfth byte, and what people call it.
const MEDIA: [(&[u8], &str); 8] = [
    (b"ftyphei", HEIC),
    (b"ftyphev", HEIC),
    (b"ftypmif1", HEIC),
    (b"ftypmsf1", HEIC),
    (b"ftypavi", "an AVIF picture"),
    (b"ftypcrx", "a camera's raw picture"),
    (b"ftyp", "a film"),
    (b"moov", "a film"),
];

const HEIC: &str = "a HEIC picture, as iPhones take them";

/// How other files begin, and what people call them.
const BEGINNINGS: [(&[u8], &str); 20] = [
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\0\0\x01\0", "an icon"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"qoif", "a QOI picture"),
    (b"DDS ", "a DDS picture"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"\x0a\x05\x01", "a PCX picture"),
    (b"gimp xcf", "a GIMP picture"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x93NUMPY", "a NumPy array"),
];

/// How text begins that is no picture, in small letters.
const TEXTS: [(&str, &str); 5] = [
    ("<svg", "an SVG drawing"),
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("version https://git-lfs", "a Git LFS pointer"),
    ("{", "JSON"),
];

/// Letters at the beginning that are looked at.
const LOOKED_AT: usize = 512;

/// What bytes are that are no PNG, JPEG or PGM, in words.
pub(super) fn name(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".into();
    }
    let begins = |beginning: &[u8]| bytes.starts_with(beginning);
    let media = bytes.get(4..).unwrap_or_default();
    let known = MEDIA.iter().find(|(kind, _)| media.starts_with(kind));
    let known = known.or_else(|| BEGINNINGS.iter().find(|(beginning, _)| begins(beginning)));
    if let Some((_, name)) = known {
        return (*name).into();
    }
    if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return "a WebP picture".into();
    }
    // Its name is at its end (Truevision TGA, version 2.0).
    if bytes.ends_with(b"TRUEVISION-XFILE.\0") {
        return "a TGA picture".into();
    }
    if let Some(name) = text(bytes) {
        return name.into();
    }
    match image::guess_format(bytes) {
        Ok(format) => format!("a picture in the format {format:?}"),
        Err(_) => format!("{} bytes that are no picture", bytes.len()),
    }
}

fn text(bytes: &[u8]) -> Option<&'static str> {
    let beginning = &bytes[..bytes.len().min(LOOKED_AT)];
    let letters = String::from_utf8_lossy(beginning).to_lowercase();
    let letters = letters.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let known = TEXTS.iter().find(|(text, _)| letters.starts_with(text));
    // An XML declaration or a comment may come first.
    let drawing = letters.starts_with("<?xml") && letters.contains("<svg");
    known
        .map(|(_, name)| *name)
        .or(drawing.then_some(TEXTS[0].1))
}
