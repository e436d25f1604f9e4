//! Files whose bytes are wrong: each fault in train and test, plain and gzipped.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Case;
use crate::support::{Folder, gzip, idx};

/// Bytes with what is wrong with them.
type Fault = (&'static str, Vec<u8>);

pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let parts = [
        (Folder::TRAIN_IMAGES, image_faults(6)),
        (Folder::TEST_IMAGES, image_faults(4)),
        (Folder::TRAIN_LABELS, label_faults(6)),
        (Folder::TEST_LABELS, label_faults(4)),
    ];
    for (file, faults) in parts {
        for (what, bytes) in faults {
            cases.push(Case::file(
                format!("{file}: {what}, gzipped"),
                file,
                gzip(&bytes),
            ));
            cases.push(Case::file(format!("{file}: {what}"), file, bytes));
        }
        let good = Folder::new().read(file);
        for (what, bytes) in gzip_faults(&good) {
            cases.push(Case::file(format!("{file}: {what}"), file, bytes));
        }
    }
    for (file, labels) in [
        (Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS),
        (Folder::TEST_IMAGES, Folder::TEST_LABELS),
    ] {
        let images = zeros_after(&idx(&[100, 1000, 1000], &[]), 99);
        cases.push(Case {
            files: vec![
                (file.into(), images),
                (labels.into(), idx(&[100], &[1; 100])),
            ],
            ..Case::file(
                format!("{file}: 99 MB of zeros promised as 100"),
                file,
                vec![],
            )
        });
    }
    cases
}

/// What ends up in place of any file.
fn strangers() -> Vec<Fault> {
    vec![
        ("an empty file", vec![]),
        ("one byte", vec![0]),
        ("text", b"hello, this is no IDX file at all".to_vec()),
        ("JSON", b"{\"images\": []}".to_vec()),
        ("a web page", b"<!DOCTYPE html><html><body>404".to_vec()),
        ("a web page in capitals", b"<HTML><BODY>Moved".to_vec()),
        (
            "XML",
            b"<?xml version='1.0'?><Error>AccessDenied</Error>".to_vec(),
        ),
        (
            "a Git LFS pointer",
            b"version https://git-lfs.github.com/spec/v1\noid".to_vec(),
        ),
        ("a PNG picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("a ZIP archive", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("a NumPy array", b"\x93NUMPY\x01\0v\0{'descr'".to_vec()),
        ("xz", b"\xfd7zXZ\0\0\x04".to_vec()),
        ("zeros", vec![0; 100]),
        ("ones", vec![255; 100]),
    ]
}

/// Headers that start like no file of this kind.
fn magics(good: &[u8]) -> Vec<Fault> {
    let with = |index: usize, value: u8| {
        let mut bytes = good.to_vec();
        bytes[index] = value;
        bytes
    };
    vec![
        ("a first byte that is not zero", with(0, 1)),
        ("a second byte that is not zero", with(1, 8)),
        ("type 0", with(2, 0)),
        ("type 9, signed bytes", with(2, 9)),
        ("type 10, which there is not", with(2, 10)),
        ("type 13, floats", with(2, 13)),
        ("type 14, doubles", with(2, 14)),
        ("no dimensions", with(3, 0)),
        ("4 dimensions", with(3, 4)),
        ("255 dimensions", with(3, 255)),
        ("a magic and nothing more", good[..4].to_vec()),
        ("half a magic", good[..2].to_vec()),
    ]
}

fn image_faults(images: u32) -> Vec<Fault> {
    let good = idx(&[images, 2, 3], &vec![7; images as usize * 6]);
    let body = |bytes: usize| vec![7; bytes];
    let whole = images as usize * 6;
    let mut faults = strangers();
    faults.extend(magics(&good));
    faults.extend([
        ("a header without its last byte", good[..15].to_vec()),
        ("a header with two sizes", good[..12].to_vec()),
        ("a header and no images", good[..16].to_vec()),
        (
            "a body without its last byte",
            good[..good.len() - 1].to_vec(),
        ),
        (
            "a body without its last image",
            good[..good.len() - 6].to_vec(),
        ),
        ("one byte more", [&good[..], &[7]].concat()),
        ("one image more", [&good[..], &[7; 6]].concat()),
        ("the images twice", idx(&[images, 2, 3], &body(2 * whole))),
        ("one more promised", idx(&[images + 1, 2, 3], &body(whole))),
        ("one less promised", idx(&[images - 1, 2, 3], &body(whole))),
        (
            "one more than labels",
            idx(&[images + 1, 2, 3], &body(whole + 6)),
        ),
        (
            "one less than labels",
            idx(&[images - 1, 2, 3], &body(whole - 6)),
        ),
        ("no images", idx(&[0, 2, 3], &[])),
        ("no images with a body", idx(&[0, 2, 3], &body(whole))),
        ("no rows", idx(&[images, 0, 3], &[])),
        ("no columns", idx(&[images, 2, 0], &[])),
        ("another row promised", idx(&[images, 3, 3], &body(whole))),
        (
            "another shape",
            idx(&[images, 3, 3], &body(images as usize * 9)),
        ),
        (
            "rows and columns swapped",
            idx(&[images, 3, 2], &body(whole)),
        ),
        (
            "most images that can be promised",
            idx(&[u32::MAX, 2, 3], &body(whole)),
        ),
        (
            "most of everything promised",
            idx(&[u32::MAX; 3], &body(whole)),
        ),
        (
            "a product of exactly 2 to the 64",
            idx(&[1 << 22, 1 << 21, 1 << 21], &body(whole)),
        ),
        (
            "a product of exactly 2 to the 32",
            idx(&[1 << 12, 1 << 10, 1 << 10], &body(whole)),
        ),
        (
            "images of 4001 × 4000 promised",
            idx(&[images, 4001, 4000], &body(whole)),
        ),
        (
            "images of 2 GiB promised",
            idx(&[images, 1 << 16, 1 << 15], &body(whole)),
        ),
        (
            "labels in place of images",
            idx(&[images], &vec![1; images as usize]),
        ),
        (
            "a little-endian header",
            [&[3, 8, 0, 0], &good[4..]].concat(),
        ),
        ("a list of lists", idx(&[images, 6], &body(whole))),
    ]);
    faults
}

fn label_faults(labels: u32) -> Vec<Fault> {
    let values = vec![1; labels as usize];
    let good = idx(&[labels], &values);
    let typed = |kind: u8, sizes: &[u32], body: &[u8]| {
        let mut bytes = idx(sizes, body);
        bytes[2] = kind;
        bytes
    };
    let wide: Vec<u8> = values.iter().flat_map(|_| [0, 0, 0, 1]).collect();
    let mut negative = wide.clone();
    negative[4..8].copy_from_slice(&(-1_i32).to_be_bytes());
    let mut large = wide.clone();
    large[8..12].copy_from_slice(&65_536_i32.to_be_bytes());
    let short: Vec<u8> = values.iter().flat_map(|_| [0xff, 0xff]).collect();
    let mut faults = strangers();
    faults.extend(magics(&good));
    faults.extend([
        ("a header without its last byte", good[..7].to_vec()),
        ("a header and no labels", good[..8].to_vec()),
        (
            "a body without its last label",
            good[..good.len() - 1].to_vec(),
        ),
        ("one label more", [&good[..], &[1]].concat()),
        (
            "the labels twice",
            idx(&[labels], &[&values[..], &values].concat()),
        ),
        ("one more promised", idx(&[labels + 1], &values)),
        ("one less promised", idx(&[labels - 1], &values)),
        (
            "one more than images",
            idx(&[labels + 1], &vec![1; labels as usize + 1]),
        ),
        (
            "one less than images",
            idx(&[labels - 1], &vec![1; labels as usize - 1]),
        ),
        ("no labels", idx(&[0], &[])),
        (
            "most labels that can be promised",
            idx(&[u32::MAX], &values),
        ),
        (
            "images in place of labels",
            idx(&[labels, 2, 3], &vec![7; labels as usize * 6]),
        ),
        (
            "a little-endian header",
            [&[1, 8, 0, 0], &good[4..]].concat(),
        ),
        ("bytes in columns", idx(&[labels, 1], &values)),
        (
            "a negative label in 32 bits",
            typed(0xc, &[labels], &negative),
        ),
        ("a label beyond 65535", typed(0xc, &[labels], &large)),
        ("negative labels in 16 bits", typed(0xb, &[labels], &short)),
        (
            "labels of 32 bits cut short",
            typed(0xc, &[labels], &wide[..wide.len() - 2]),
        ),
        (
            "more columns than there are",
            typed(0xc, &[labels, 8], &wide),
        ),
        ("no columns", typed(0xc, &[labels, 0], &[])),
        (
            "a thousand columns",
            typed(0xc, &[labels, 1000], &vec![0; labels as usize * 4000]),
        ),
        (
            "most columns that can be promised",
            typed(0xc, &[labels, u32::MAX], &wide),
        ),
        ("columns of 16 bits", typed(0xb, &[labels, 2], &wide)),
    ]);
    faults
}

/// What can be wrong with a gzip file whatever is in it.
fn gzip_faults(good: &[u8]) -> Vec<Fault> {
    let gz = gzip(good);
    let with = |index: usize, flip: u8| {
        let mut bytes = gz.clone();
        bytes[index] ^= flip;
        bytes
    };
    let end = gz.len();
    vec![
        ("gzip cut after its magic", gz[..2].to_vec()),
        ("gzip cut in its header", gz[..9].to_vec()),
        ("gzip cut in its data", gz[..end / 2].to_vec()),
        ("gzip without its trailer", gz[..end - 8].to_vec()),
        ("gzip without its last byte", gz[..end - 1].to_vec()),
        ("gzip of another method", with(2, 1)),
        ("gzip of a wrong checksum", with(end - 8, 1)),
        ("gzip of a wrong length", with(end - 4, 1)),
        ("gzip of damaged data", with(10, 0xff)),
        ("gzip and half a member", [&gz[..], &gz[..end / 2]].concat()),
        ("gzip twice", gzip(&gz)),
        ("two members, the second too many", [&gz[..], &gz].concat()),
        ("gzip and 80 MB of zeros", zeros_after(good, 80)),
    ]
}

/// A small file that is a large one inside.
fn zeros_after(start: &[u8], megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(start).expect("memory");
    for _ in 0..megabytes {
        encoder.write_all(&vec![0; 1_000_000]).expect("memory");
    }
    encoder.finish().expect("memory")
}
