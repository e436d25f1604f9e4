//! Folders of pictures, one for each class.

use std::fs;
use std::path::Path;

use super::digits::{Digits, TRAIN, open};
use crate::support::{Outcome, Pictures, ensure, failed};

/// Writes each image as a picture below the folder of its class.
fn write(folder: &Path, pixels: &[u8], class: impl Fn(u8) -> String) -> Outcome {
    let labels = Digits::labels(pixels.len() / 784);
    for (index, (image, label)) in pixels.chunks(784).zip(labels).enumerate() {
        let folder = folder.join(class(label));
        fs::create_dir_all(&folder).map_err(failed)?;
        let picture = [b"P5 28 28 255\n", image].concat();
        fs::write(folder.join(format!("{index:03}.pgm")), picture).map_err(failed)?;
    }
    Ok(())
}

/// The images of a class in order, one class after the other.
fn by_class(pixels: &[u8]) -> Vec<u8> {
    let images: Vec<&[u8]> = pixels.chunks(784).collect();
    let of = |class: usize| images[class..].iter().step_by(3).copied();
    (0..3).flat_map(of).flatten().copied().collect()
}

#[test]
fn of_train_and_test_are_a_dataset() -> Outcome {
    let digits = Digits::new();
    for [train, test] in [["train", "test"], ["Training", "testing"], ["train", "val"]] {
        let folder = tempfile::tempdir().map_err(failed)?;
        let root = folder.path().join("mnist_png");
        write(&root.join(train), &digits.train, |label| label.to_string())?;
        write(&root.join(test), &digits.test, |label| label.to_string())?;
        for path in [folder.path(), &root] {
            let found = open(path).map_err(|error| format!("{train}: {error}"))?;
            for (source, pixels) in [(found.train(), &digits.train), (found.test(), &digits.test)] {
                let split = source.whole().ok_or("not in memory")?;
                ensure(split.pictures().pixels() == by_class(pixels), || {
                    format!("{train}: other images or another order")
                })?;
                let is_sorted = split.labels().is_sorted() && split.labels()[0] == 0;
                ensure(is_sorted && split.classes() == 3, || {
                    format!("{:?}", split.labels())
                })?;
            }
        }
    }
    Ok(())
}

#[test]
fn with_names_are_classes_in_the_order_of_bytes() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    let name = |label: u8| ["dog", "Cat", "bird"][usize::from(label)].to_owned();
    write(folder.path(), &digits.train, name)?;
    let found = open(folder.path())?;
    ensure(found.class_names() == ["Cat", "bird", "dog"], || {
        format!("{:?}", found.class_names())
    })?;
    let notes = found.notes().join("; ");
    for says in [
        "classes 0 to 2 are Cat, bird, dog",
        "there are no test samples of their own",
    ] {
        ensure(notes.contains(says), || notes.clone())?;
    }
    let images = found.train().len() + found.test().len();
    ensure(images == TRAIN, || format!("{images} images"))
}

#[test]
fn with_files_that_are_no_pictures() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    write(folder.path(), &digits.train, |label| label.to_string())?;
    let in_class = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join("1").join(name), bytes).map_err(failed)
    };
    in_class(".DS_Store", b"x")?;
    in_class("Thumbs.db", b"x")?;
    in_class("notes.txt", b"x")?;
    in_class("empty.png", b"")?;
    in_class("cut.pgm", b"P5 28 28 255\nabc")?;
    let found = open(folder.path())?;
    let notes = found.notes().join("; ");
    for says in [
        "1 file that is no picture was passed over",
        "2 files that cannot be read were passed over",
    ] {
        ensure(notes.contains(says), || notes.clone())?;
    }
    let images = found.train().len() + found.test().len();
    ensure(images == TRAIN, || format!("{images} images"))?;
    // Sizes that differ are refused, and the file is named.
    in_class("small.pgm", b"P5 2 2 255\nabcd")?;
    let error = open(folder.path()).err().ok_or("read")?;
    for says in [
        "small.pgm: found a picture of 2 × 2 pixels",
        "28 × 28",
        "to one size",
    ] {
        ensure(error.contains(says), || error.clone())?;
    }
    // Nothing that can be read at all.
    let folder = tempfile::tempdir().map_err(failed)?;
    fs::create_dir(folder.path().join("0")).map_err(failed)?;
    fs::write(folder.path().join("0/a.png"), b"x").map_err(failed)?;
    let error = open(folder.path()).err().ok_or("read")?;
    ensure(error.contains("no picture that can be read"), || {
        error.clone()
    })
}
