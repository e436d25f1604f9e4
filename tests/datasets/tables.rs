//! CSV files and pairs of `.npy` files.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::digits::{Digits, TRAIN, open};
use crate::support::{Outcome, Pictures, ensure, failed, gzip};

/// A table of labelled images.
fn csv(pixels: &[u8], header: &str, line_end: &str) -> String {
    let mut text = format!("{header}{line_end}");
    for (image, label) in pixels.chunks(784).zip(Digits::labels(pixels.len() / 784)) {
        let _ = write!(text, "{label}");
        image.iter().for_each(|level| {
            let _ = write!(text, ",{level}");
        });
        text += line_end;
    }
    text
}

fn same(what: &str, digits: &Digits, path: &Path) -> Outcome {
    let found = open(path).map_err(|error| format!("{what}: {error}"))?;
    let expected = digits.dataset()?;
    ensure(
        found.train() == expected.train() && found.test() == expected.test(),
        || format!("{what}: other content"),
    )
}

#[test]
fn of_train_and_test_are_a_dataset() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    let named: Vec<String> = (1..=28)
        .flat_map(|row| (1..=28).map(move |column| format!("{row}x{column}")))
        .collect();
    for (what, header, end) in [
        ("Kaggle's", "label,pixel0,pixel1".to_owned(), "\n"),
        (
            "of another system",
            "\u{feff}\"label\",1x1".to_owned(),
            "\r\n",
        ),
        ("with a shape", format!("Label,{}", named.join(",")), "\n"),
    ] {
        for (name, pixels) in [
            ("mnist_train.csv", &digits.train),
            ("mnist_test.csv", &digits.test),
        ] {
            let text = csv(pixels, &header, end);
            fs::write(folder.path().join(name), text).map_err(failed)?;
        }
        same(what, &digits, folder.path())?;
    }
    // A single file is one set, gzipped or not.
    let file = folder.path().join("one.csv.gz");
    fs::write(&file, gzip(csv(&digits.train, "label", "\n").as_bytes())).map_err(failed)?;
    let found = open(&file)?;
    let images = found.train().len() + found.test().len();
    ensure(images == TRAIN, || format!("{images} images"))?;
    // Kaggle's tests without labels are passed over, which is said.
    let unlabelled = csv(&digits.test, "pixel0,pixel1", "\n");
    fs::write(folder.path().join("mnist_test.csv"), unlabelled).map_err(failed)?;
    let notes = open(folder.path())?.notes().join("; ");
    ensure(
        notes.contains("mnist_test.csv has no labels and was passed over"),
        || notes.clone(),
    )
}

/// The first line says how many rows and columns an image has, and what stands
/// between values.
#[test]
fn have_the_shape_and_the_separator_of_their_first_line() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let lines = [
        "label,1x1,1x2,1x3,2x1,2x2,2x3",
        "0,1,2,3,4,5,6",
        "1,7,8,9,10,11,12",
    ];
    for separator in [",", ";", "\t"] {
        let text = lines.join("\n").replace(',', separator);
        for name in ["some_train.csv", "some_test.csv"] {
            fs::write(folder.path().join(name), &text).map_err(failed)?;
        }
        let found = open(folder.path()).map_err(|error| format!("{separator:?}: {error}"))?;
        for split in [found.train(), found.test()] {
            let split = split.whole().ok_or("not in memory")?;
            let images = split.pictures();
            let same = images.pixels().iter().copied().eq(1..=12) && split.labels() == [0, 1];
            ensure(same && images.rows() == 2 && images.columns() == 3, || {
                format!("{separator:?}: {split:?}")
            })?;
        }
    }
    Ok(())
}

#[test]
fn that_are_no_tables_of_images_are_refused() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("some.csv");
    let row = |value: &str, count: usize| vec![value; count].join(",");
    for (text, says) in [
        (
            "1,2,3\n".to_owned(),
            "a table whose first column is not called label",
        ),
        ("label,a\n".to_owned(), "a line of names and no images"),
        (
            format!("label\n1,{}\n", row("7", 100)),
            "100 values for each image",
        ),
        (
            format!("label\n1,{}\n", row("256", 784)),
            "\"256\" in line 2, column 2",
        ),
        (
            format!("label\n1,{}\n", row("0.5", 784)),
            "\"0.5\" in line 2, column 2",
        ),
        (
            format!("label\n1,{}\n2,{}\n", row("7", 784), row("7", 783)),
            "783 values in line 3",
        ),
    ] {
        fs::write(&path, text).map_err(failed)?;
        let error = open(&path).err().ok_or(says)?;
        ensure(error.contains(says), || {
            format!("{error} does not say {says:?}")
        })?;
    }
    // What the advice says is enough.
    let digits = Digits::new();
    let headless = csv(&digits.train, "", "\n").trim_start().to_owned();
    fs::write(&path, &headless).map_err(failed)?;
    let error = open(&path).err().ok_or("read")?;
    ensure(
        error.contains("put a first line that begins with label"),
        || error.clone(),
    )?;
    fs::write(&path, format!("label\n{headless}")).map_err(failed)?;
    open(&path).map(drop)
}

#[test]
fn pairs_of_npy_files_are_a_dataset() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    for (name, bytes) in digits.arrays() {
        fs::write(folder.path().join(format!("{name}.npy")), bytes).map_err(failed)?;
    }
    fs::write(folder.path().join("notes.txt"), b"").map_err(failed)?;
    same("a folder", &digits, folder.path())?;
    same(
        "one of its files",
        &digits,
        &folder.path().join("y_test.npy"),
    )?;
    // Cut, too long, and no array.
    let path = folder.path().join("x_train.npy");
    let whole = fs::read(&path).map_err(failed)?;
    for (bytes, says) in [
        (
            whole[..whole.len() - 1].to_vec(),
            "bytes; expected the values",
        ),
        ([&whole[..], &[0]].concat(), "found more than"),
        (b"hello".to_vec(), "no plain NumPy array"),
    ] {
        fs::write(&path, bytes).map_err(failed)?;
        let error = open(folder.path()).err().ok_or(says)?;
        ensure(error.contains(says), || {
            format!("{error} does not say {says:?}")
        })?;
    }
    Ok(())
}
