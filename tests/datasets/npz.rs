//! Archives as Keras stores them. The good ones were written by NumPy 2.

use std::path::{Path, PathBuf};

use ncm::Dataset;
use ncm::internals::app::exit_code;

use super::digits::{open, zipped};
use crate::support::{Folder, Outcome, ensure, failed};

fn written_by_numpy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/npz")
        .join(name)
}

/// The dataset of [`Folder`], as `savez` and `savez_compressed` write it; with
/// labels of other types and shapes, and images with a channel.
#[test]
fn in_archives_as_numpy_writes_them() -> Outcome {
    let folder = Folder::new();
    let expected = Dataset::from_folder(folder.path()).map_err(failed)?;
    for name in ["stored.npz", "compressed.npz"] {
        let path = written_by_numpy(name);
        let found = open(&path)?;
        ensure(found.train() == expected.train(), || {
            format!("{name}: other training images")
        })?;
        ensure(found.test() == expected.test(), || {
            format!("{name}: other test images")
        })?;
        ensure(found.name() == name.trim_end_matches(".npz"), || {
            found.name().to_owned()
        })?;
    }
    Ok(())
}

/// A NumPy array file, version 1.0.
pub fn npy(descr: &str, shape: &str, fortran: bool, body: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let length = (text.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, text.as_bytes(), body].concat()
}

/// An archive of the four arrays, the first of them as given.
fn archive(folder: &Folder, x_train: Option<Vec<u8>>, y_train: Vec<u8>) -> PathBuf {
    let path = folder.path().join("some.npz");
    let mut arrays = vec![
        ("y_train.npy", y_train),
        ("x_test.npy", npy("|u1", "(2, 1, 3)", false, &[7; 6])),
        ("y_test.npy", npy("|u1", "(2,)", false, &[0, 1])),
    ];
    if let Some(x_train) = x_train {
        arrays.insert(0, ("x_train.npy", x_train));
    }
    zipped(&path, &arrays);
    path
}

#[test]
fn in_bad_archives_are_refused() -> Outcome {
    let folder = Folder::new();
    let images = |shape: &str, body: &[u8]| Some(npy("|u1", shape, false, body));
    let labels = npy("|u1", "(2,)", false, &[0, 1]);
    let good = images("(2, 1, 3)", &[7; 6]);
    let cases: [(_, Vec<u8>, _); 19] = [
        (
            None,
            labels.clone(),
            "found no array x_train among x_test (2 × 1 × 3 |u1), y_test (2 |u1), y_train (2 |u1)",
        ),
        (
            Some(b"not an array at all".to_vec()),
            labels.clone(),
            "found x_train, which is no plain NumPy array",
        ),
        (
            Some(vec![0x93]),
            labels.clone(),
            "found x_train, which ends in its header",
        ),
        (
            images("(2, 1, 3)", &[7; 5]),
            labels.clone(),
            "5 bytes in x_train; expected 6 bytes",
        ),
        (
            images("(2, 1, 3)", &[7; 7]),
            labels.clone(),
            "more than 6 bytes in x_train",
        ),
        (
            images("(2, 3)", &[7; 6]),
            labels.clone(),
            "save x_train.reshape(len(x_train), 1, 3) and x_test",
        ),
        (
            images("(0, 1, 3)", &[]),
            labels.clone(),
            "expected at least one image",
        ),
        (
            images("(2, 0, 3)", &[]),
            labels.clone(),
            "expected at least one image",
        ),
        (
            images("(99999999999, 28, 28)", &[7; 6]),
            labels.clone(),
            "2 labels in y_train; expected 99999999999",
        ),
        (
            images("(9999999999999999999, 28, 28)", &[7; 6]),
            labels.clone(),
            "2 labels in y_train; expected 9999999999999999999",
        ),
        (
            Some(npy("<f4", "(2, 1, 3)", false, &[3; 24])),
            labels.clone(),
            "expected whole numbers from 0 to 255, or these divided by 255",
        ),
        (
            Some(npy("<c8", "(2, 1, 3)", true, &[7; 48])),
            labels.clone(),
            "an array of 2 × 1 × 3 <c8 in Fortran order",
        ),
        (
            Some(npy("|O", "(2, 1, 3)", false, &[7; 6])),
            labels.clone(),
            "an array of 2 × 1 × 3 |O",
        ),
        (
            images("(3, 1, 3)", &[7; 9]),
            labels.clone(),
            "2 labels in y_train; expected 3, one for each image",
        ),
        (
            good.clone(),
            npy("<f8", "(2,)", false, &[1; 16]),
            "label at index 0 of y_train that is no whole number",
        ),
        (
            good.clone(),
            npy("|i1", "(2,)", false, &[0, 255]),
            "label -1 at index 1 of y_train",
        ),
        (
            good.clone(),
            npy("<i4", "(2,)", false, &[0, 0, 1, 0, 0, 0, 0, 0]),
            "label 65536 at index 0",
        ),
        (
            good.clone(),
            npy("|u1", "(1, 2)", false, &[0, 1]),
            "save y_train.reshape(-1) and y_test.reshape(-1)",
        ),
        (
            images("(2, 3, 1)", &[7; 6]),
            labels.clone(),
            "expected two splits of one shape",
        ),
    ];
    for (x_train, y_train, says) in cases {
        let path = archive(&folder, x_train, y_train);
        let error = Dataset::from_npz(&path).err().ok_or(says)?;
        let (text, code) = (error.to_string(), exit_code(&error));
        ensure(text.contains(says) && code == 3, || {
            format!("{text} does not say {says:?}")
        })?;
        ensure(text.starts_with(&path.display().to_string()), || {
            text.clone()
        })?;
    }
    Ok(())
}

/// Cut at every byte and with every byte flipped: an error or the same images.
#[test]
fn in_archives_damaged_anywhere() -> Outcome {
    let (folder, whole) = (Folder::new(), written_by_numpy("compressed.npz"));
    let expected = Dataset::from_npz(&whole).map_err(failed)?;
    let whole = std::fs::read(whole).map_err(failed)?;
    let path = folder.path().join("damaged.npz");
    let check = |bytes: &[u8], what: String| {
        std::fs::write(&path, bytes).map_err(failed)?;
        match Dataset::from_npz(&path) {
            Err(error) => ensure(exit_code(&error) == 3, || format!("{what}: {error}")),
            Ok(found) => ensure(
                found.train() == expected.train() && found.test() == expected.test(),
                || format!("{what}: other images"),
            ),
        }
    };
    for place in 0..whole.len() {
        check(&whole[..place], format!("cut at {place}"))?;
        let mut flipped = whole.clone();
        flipped[place] ^= 0x55;
        check(&flipped, format!("byte {place} flipped"))?;
    }
    Ok(())
}
