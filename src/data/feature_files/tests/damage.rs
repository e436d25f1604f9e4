//! Damaged files: an error, never a panic, and nothing reserved that a file does
//! not have.

use std::io::Cursor;
use std::path::Path;

use super::super::{ArrayAt, FeatureSets, SetFiles, features_from_safetensors, read_features};
use super::{Folder, binary, f32s, i64s, npy, npz, safetensors, says};
use crate::data::OneSet;

const HEADER: &str = r#"{"features":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"labels":{"dtype":"I64","shape":[2],"data_offsets":[16,32]}}"#;

/// A small valid file of each format, by its name.
fn valid() -> Vec<(&'static str, Vec<u8>)> {
    let values = f32s(&[1.0, 2.0, 3.0, 4.0]);
    let labels = i64s(&[0, 1]);
    let archive = npz(&[
        ("features", "<f4", &[2, 2], &values),
        ("labels", "<i8", &[2], &labels),
    ]);
    vec![
        ("a.npy", npy("<f4", "(2, 2)", &values)),
        ("b.npy", npy("<f8", "(2, 1)", &[0; 16])),
        ("c.npz", archive),
        (
            "d.safetensors",
            safetensors(HEADER, &[values.clone(), labels].concat()),
        ),
        ("e.fbin", binary(2, 2, &values)),
        ("f.f16bin", binary(2, 2, &values[..8])),
        ("g.u8bin", binary(2, 2, &values[..4])),
    ]
}

/// Reads a file in every way that there is; whether it was read as features.
fn try_all(path: &Path) -> bool {
    let at = || ArrayAt {
        path: path.to_owned(),
        array: None,
    };
    let files = SetFiles {
        features: at(),
        labels: at(),
    };
    for one_set in [OneSet::Divided, OneSet::Whole] {
        let _ = FeatureSets::open(path, one_set);
        let _ = FeatureSets::from_files(&files, None, one_set);
    }
    match read_features(path, None) {
        Ok(read) => {
            let values = read.features.values();
            assert_eq!(values.len(), read.features.len() * read.features.dim());
            assert!(values.iter().all(|value| value.is_finite()));
            true
        }
        Err(error) => {
            assert!(!error.to_string().contains('\n'), "{error}");
            false
        }
    }
}

#[test]
fn files_that_end_early_are_refused() {
    let folder = Folder::new();
    for (name, bytes) in valid() {
        assert!(try_all(&folder.file(name, &bytes)), "{name}");
        for end in 0..bytes.len() {
            let path = folder.file(name, &bytes[..end]);
            assert!(!try_all(&path), "{name} of {end} bytes");
        }
        // A zip archive may be followed by anything.
        if name != "c.npz" {
            let longer = [&bytes[..], &[0]].concat();
            assert!(!try_all(&folder.file(name, &longer)), "{name} and a byte");
        }
    }
}

#[test]
fn bytes_that_are_changed_never_panic() {
    let folder = Folder::new();
    // A stream of numbers that looks random and is the same everywhere (splitmix64).
    let mut state = 17_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    };
    for (name, valid) in valid() {
        for _ in 0..600 {
            let mut bytes = valid.clone();
            for _ in 0..=random(3) {
                let place = random(bytes.len());
                bytes[place] = match random(3) {
                    0 => b'0' + random(10) as u8,
                    1 => 0xff,
                    _ => random(256) as u8,
                };
            }
            try_all(&folder.file(name, &bytes));
        }
    }
}

/// Texts without letters are as many as a header says, whatever the file's length is.
#[test]
fn absurdly_many_empty_labels_are_refused() {
    let folder = Folder::new();
    folder.file("features.npy", &npy("<f4", "(4294967295, 1)", &[0; 4]));
    folder.file("labels.npy", &npy("<U0", "(4294967295,)", &[]));
    let error = says(FeatureSets::open(folder.path(), OneSet::Whole));
    let found = "an array of 4294967295 <U0; expected texts of 1 to 1,000 letters";
    assert!(error.starts_with(found), "{error}");
}

/// Lengths are compared with the file's before anything is reserved: each of these
/// says what it found, not that memory is too small. Of a few bytes in an archive the
/// end is found while they are read.
#[test]
fn absurd_headers_are_refused_by_the_length_of_the_file() {
    let folder = Folder::new();
    let huge = u32::MAX;
    let archive = |shape: &[usize]| npz(&[("features", "<f4", shape, &[0; 16])]);
    for (name, bytes, found) in [
        (
            "a.npy",
            npy("<f4", "(4294967295, 4)", &[0; 16]),
            "16 bytes after the header; expected 68719476720 for",
        ),
        (
            "b.npy",
            npy("<f4", "(18446744073709551615, 4)", &[0; 16]),
            "16 bytes after the header; expected the values of",
        ),
        (
            "c.npy",
            npy("<f4", "(99999999999999999999, 4)", &[0; 16]),
            "something else",
        ),
        (
            "d.fbin",
            binary(huge, huge, &[0; 16]),
            "an array of 4294967295 × 4294967295 <f4; expected at most",
        ),
        (
            "e.fbin",
            binary(huge, 4, &[0; 16]),
            "16 bytes after the header; expected 68719476720 for",
        ),
        (
            "f.fbin",
            binary(0, 4, &[]),
            "an array of 0 × 4 <f4; expected samples × values",
        ),
        (
            "g.npz",
            archive(&[4_294_967_295, 4]),
            "an array of 4294967295 × 4 <f4; expected at most 536870912 bytes",
        ),
        (
            "h.npz",
            archive(&[30_000_000, 4]),
            "16 bytes in features; expected 480000000 bytes for",
        ),
        (
            "i.npz",
            archive(&[2, 1]),
            "more bytes than the header says in features; expected",
        ),
        ("j.npz", archive(&[3, 2]), "values that cannot be read"),
    ] {
        let error = says(read_features(&folder.file(name, &bytes), None));
        assert!(error.starts_with(found), "{name}: {error}");
    }
}

#[test]
fn headers_of_tensors_are_checked_strictly() {
    let one = |entry: &str| format!(r#"{{"x":{entry}}}"#);
    let two = |first: &str, second: &str| {
        let tensor =
            |span: &str| format!(r#"{{"dtype":"U8","shape":[2,2],"data_offsets":[{span}]}}"#);
        format!(r#"{{"x":{},"y":{}}}"#, tensor(first), tensor(second))
    };
    let u8s = |shape: &str, span: &str| {
        one(&format!(
            r#"{{"dtype":"U8","shape":[{shape}],"data_offsets":[{span}]}}"#
        ))
    };
    for (header, found) in [
        (u8s("4,2", "0,9"), "x from 0 to 9 of 8 bytes"),
        (u8s("4,2", "8,0"), "x from 8 to 0 of 8 bytes"),
        (
            u8s("4,2", "0,18446744073709551615"),
            "x from 0 to 18446744073709551615 of 8",
        ),
        (
            u8s("4294967296,4294967296,4294967296", "0,8"),
            "8 bytes for an array of",
        ),
        (u8s("4,3", "0,8"), "8 bytes for an array of 4 × 3 |u1 in x"),
        (u8s("2,2", "0,4"), "4 bytes after the last tensor"),
        (u8s("2,2", "4,8"), "bytes before x that are no tensor's"),
        (u8s("4,2", "0"), "a damaged header (invalid length 1"),
        (u8s("4,2", "0,4,8"), "a damaged header ("),
        (one("[]"), "a damaged header (invalid length 0"),
        (one("{}"), "a damaged header (missing field `dtype`"),
        (u8s("4,-2", "0,8"), "a damaged header (invalid value"),
        (two("0,4", "0,4"), "y, which overlaps with another"),
        (two("0,4", "2,6"), "y, which overlaps with another"),
        (
            "[]".into(),
            "a damaged header (invalid type: sequence, expected tensors",
        ),
        ("{}".into(), "8 bytes after the last tensor"),
        (
            two("0,4", "4,8").replace(r#""y""#, r#""\u0078""#),
            "a damaged header (\"x\" twice at",
        ),
        ("{".into(), "a damaged header"),
    ] {
        let bytes = safetensors(&header, &[0; 8]);
        let error = says(features_from_safetensors(Cursor::new(bytes), Some("x")));
        assert!(error.starts_with(found), "{header}: {error}");
    }
    for length in [23_u64, 1 << 23, u64::MAX] {
        let bytes = [&length.to_le_bytes()[..], &[b' '; 22]].concat();
        let error = says(features_from_safetensors(Cursor::new(bytes), None));
        let found = format!("a header of {length} bytes, of which 22 are there");
        assert!(error.starts_with(&found), "{error}");
    }
    let long = safetensors(&" ".repeat((4 << 20) + 1), &[]);
    let error = says(features_from_safetensors(Cursor::new(long), None));
    let found = "a header of 4194305 bytes; expected at most 4194304; save the features as one";
    assert!(error.starts_with(found), "{error}");
}
