//! Archives whose arrays are wrong, or that are none.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::Case;

const FILE: &str = "some.npz";

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |what: &str, bytes: Vec<u8>| {
        cases.push(Case {
            named: FILE,
            ..Case::file(format!("archive: {what}"), FILE, bytes)
        });
    };
    for (what, bytes) in bad_images() {
        add(&format!("images, {what}"), archive("x_train", Some(bytes)));
    }
    for (what, bytes) in bad_labels() {
        add(&format!("labels, {what}"), archive("y_train", Some(bytes)));
    }
    for name in ["x_train", "y_train", "x_test", "y_test"] {
        add(&format!("no {name}"), archive(name, None));
    }
    let test = array("|u1", "(2, 3, 1)", &[7; 6]);
    add(
        "test images of another shape",
        archive("x_test", Some(test)),
    );
    let good = archive("", None);
    add("cut in its first array", good[..60].to_vec());
    add("cut in its middle", good[..good.len() / 2].to_vec());
    add("without its last byte", good[..good.len() - 1].to_vec());
    add("nothing but a magic", good[..4].to_vec());
    let mut flipped = good.clone();
    flipped[130] ^= 1;
    add("with a wrong bit in its first array", flipped);
    add(
        "with 200 MB of zeros for two images",
        bomb("(2, 1, 3)", 200),
    );
    add(
        "with 2 MB of zeros promised as 320",
        bomb("(20, 4000, 4000)", 2),
    );
    add(
        "with 2 MB of zeros promised as 640",
        bomb("(40, 4000, 4000)", 2),
    );
    cases
}

fn bad_images() -> Vec<(&'static str, Vec<u8>)> {
    let seven = |bytes: usize| vec![7; bytes];
    vec![
        ("an empty file", vec![]),
        ("no array", b"hello, this is no array".to_vec()),
        ("half a magic", b"\x93NUM".to_vec()),
        ("a magic alone", b"\x93NUMPY\x01\0".to_vec()),
        ("version 9", [b"\x93NUMPY\x09\0", &[0; 20][..]].concat()),
        (
            "a header cut short",
            array("|u1", "(2, 1, 3)", &[])[..40].to_vec(),
        ),
        (
            "a header of 65535 bytes promised",
            [b"\x93NUMPY\x01\0\xff\xff", &[b' '; 90][..]].concat(),
        ),
        ("a header that is no dictionary", raw("descr u1")),
        (
            "a header that is not text",
            [b"\x93NUMPY\x01\0\x04\0", &[0xff; 4][..]].concat(),
        ),
        (
            "a structure",
            raw("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (2,), }"),
        ),
        (
            "no shape",
            raw("{'descr': '|u1', 'fortran_order': False, }"),
        ),
        (
            "no type",
            raw("{'fortran_order': False, 'shape': (2, 1, 3), }"),
        ),
        (
            "an order that is neither",
            raw("{'descr': '|u1', 'fortran_order': 1, 'shape': (2, 1, 3), }"),
        ),
        ("a negative size", array("|u1", "(2, -1, 3)", &seven(6))),
        (
            "a size that is no number",
            array("|u1", "(2, one, 3)", &seven(6)),
        ),
        ("one byte less", array("|u1", "(2, 1, 3)", &seven(5))),
        ("one byte more", array("|u1", "(2, 1, 3)", &seven(7))),
        ("no values", array("|u1", "(2, 1, 3)", &[])),
        ("a list", array("|u1", "(6,)", &seven(6))),
        ("a scalar", array("|u1", "()", &seven(1))),
        ("two dimensions", array("|u1", "(2, 3)", &seven(6))),
        (
            "five dimensions",
            array("|u1", "(2, 1, 3, 1, 1)", &seven(6)),
        ),
        (
            "three colours",
            array("|u1", "(2, 2, 2, 3)", &Vec::from_iter(0..24)),
        ),
        ("no images", array("|u1", "(0, 1, 3)", &[])),
        ("no rows", array("|u1", "(2, 0, 3)", &[])),
        ("floats", array("<f4", "(2, 1, 3)", &seven(24))),
        (
            "signed bytes",
            array("|i1", "(2, 1, 3)", &[7, 7, 7, 0xf9, 7, 8]),
        ),
        ("numbers of 16 bits", array("<u2", "(2, 1, 3)", &seven(12))),
        ("objects", array("|O", "(2, 1, 3)", &seven(6))),
        ("text", array("<U1", "(2, 1, 3)", &seven(24))),
        (
            "more than memory",
            array("|u1", "(99999999999, 28, 28)", &seven(6)),
        ),
        (
            "more than can be counted",
            array("|u1", "(9999999999999999999, 9999, 9999)", &seven(6)),
        ),
        (
            "a size beyond 64 bits",
            array("|u1", "(99999999999999999999999, 1, 3)", &seven(6)),
        ),
        (
            "an image more than labels",
            array("|u1", "(3, 1, 3)", &seven(9)),
        ),
        (
            "images too large",
            array("|u1", "(1, 4001, 4000)", &seven(4001 * 4000)),
        ),
    ]
}

fn bad_labels() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("one less", array("|u1", "(1,)", &[0])),
        ("one more", array("|u1", "(3,)", &[0, 1, 1])),
        ("none", array("|u1", "(0,)", &[])),
        (
            "floats",
            array(
                "<f8",
                "(2,)",
                &[0.0_f64, 1.5].map(f64::to_le_bytes).concat(),
            ),
        ),
        ("objects", array("|O", "(2,)", &[0; 16])),
        ("a row", array("<i4", "(1, 2)", &[0; 8])),
        ("one-hot", array("|u1", "(2, 10)", &[0; 20])),
        (
            "a negative one",
            array("<i8", "(2,)", &[[0xff; 8], [0; 8]].concat()),
        ),
        ("a negative byte", array("|i1", "(2,)", &[0, 0x80])),
        (
            "one beyond 65535",
            array("<i4", "(2,)", &[0, 0, 0, 0, 0, 0, 1, 0]),
        ),
        ("the largest there is", array("<u8", "(2,)", &[0xff; 16])),
        ("numbers of three bytes", array("<i3", "(2,)", &[0; 6])),
        ("one byte less", array("<i4", "(2,)", &[0; 7])),
        ("one byte more", array("<i4", "(2,)", &[0; 9])),
    ]
}

fn raw(header: &str) -> Vec<u8> {
    raw_with(header, &[])
}

fn raw_with(header: &str, body: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), body].concat()
}

fn array(descr: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    let header =
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}          \n");
    raw_with(&header, body)
}

/// A good archive but for one array, which is another or missing.
fn archive(other: &str, bytes: Option<Vec<u8>>) -> Vec<u8> {
    let images = array("|u1", "(2, 1, 3)", &[7; 6]);
    let labels = array("|u1", "(2,)", &[0, 1]);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, good) in [
        ("x_train", &images),
        ("y_train", &labels),
        ("x_test", &images),
        ("y_test", &labels),
    ] {
        let bytes = match (name == other, &bytes) {
            (false, _) => good,
            (true, Some(bytes)) => bytes,
            (true, None) => continue,
        };
        zip.start_file(format!("{name}.npy"), options)
            .expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// A small archive of zeros.
fn bomb(shape: &str, megabytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("x_train.npy", options).expect("a name");
    zip.write_all(&array("|u1", shape, &[])).expect("memory");
    for _ in 0..megabytes {
        zip.write_all(&vec![0; 1_000_000]).expect("memory");
    }
    let images = shape[1..].split(',').next();
    let images: usize = images
        .and_then(|images| images.parse().ok())
        .expect("a shape");
    let labels = array("|u1", &format!("({images},)"), &vec![0; images]);
    zip.start_file("y_train.npy", options).expect("a name");
    zip.write_all(&labels).expect("memory");
    zip.finish().expect("memory").into_inner()
}
