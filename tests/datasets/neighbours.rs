//! Folders in which other files stand beside a dataset's, and names that might
//! mean two things.

use std::fs;
use std::io::Write;
use std::path::Path;

use zip::write::SimpleFileOptions;

use super::digits::{Digits, TEST, TRAIN, open, zipped};
use crate::command_line::{json, ncm, succeed};
use crate::support::{Outcome, ensure, failed, gzip};

/// A table of labelled images.
fn csv(pixels: &[u8]) -> String {
    let mut text = String::from("label,1x1\n");
    for (image, label) in pixels.chunks(784).zip(Digits::labels(pixels.len() / 784)) {
        let levels: Vec<String> = image.iter().map(u8::to_string).collect();
        text += &format!("{label},{}\n", levels.join(","));
    }
    text
}

/// Pictures in a folder for each class.
fn pictures(folder: &Path, pixels: &[u8]) -> Outcome {
    let labels = Digits::labels(pixels.len() / 784);
    for (index, (image, label)) in pixels.chunks(784).zip(labels).enumerate() {
        let folder = folder.join(label.to_string());
        fs::create_dir_all(&folder).map_err(failed)?;
        picture(&folder.join(format!("{index:03}.pgm")), image)?;
    }
    Ok(())
}

fn picture(path: &Path, image: &[u8]) -> Outcome {
    fs::write(path, [b"P5 28 28 255\n", image].concat()).map_err(failed)
}

fn numbers(path: &Path) -> Result<([usize; 2], String), String> {
    let found = open(path)?;
    let numbers = [found.train().len(), found.test().len()];
    Ok((numbers, found.notes().join("; ")))
}

/// One table is never both sets, whatever it is called.
#[test]
fn one_table_is_not_both_sets() -> Outcome {
    let digits = Digits::new();
    for name in ["latest_train.csv", "train_test.csv"] {
        let folder = tempfile::tempdir().map_err(failed)?;
        fs::write(folder.path().join(name), csv(&digits.train)).map_err(failed)?;
        let ([train, test], notes) = numbers(folder.path())?;
        ensure(train + test == TRAIN && test < train, || {
            format!("{name}: {train} and {test}: {notes}")
        })?;
    }
    // Where several names say the same, one is taken and the others are named.
    let folder = tempfile::tempdir().map_err(failed)?;
    for (name, pixels) in [
        ("latest_train.csv", &digits.train),
        ("train.csv", &digits.train),
        ("test.csv", &digits.test),
        ("test2.csv", &digits.test),
    ] {
        fs::write(folder.path().join(name), csv(pixels)).map_err(failed)?;
    }
    let (found, notes) = numbers(folder.path())?;
    for says in [
        "train.csv was not read, since latest_train.csv was",
        "test2.csv was not read, since test.csv was",
    ] {
        ensure(found == [TRAIN, TEST] && notes.contains(says), || {
            format!("{found:?}: {notes}")
        })?;
    }
    Ok(())
}

#[test]
fn files_beside_a_dataset_are_in_nobodys_way() -> Outcome {
    let digits = Digits::new();
    let zip = |path: &Path| {
        let mut zip = zip::ZipWriter::new(fs::File::create(path).map_err(failed)?);
        zip.start_file("train.csv", SimpleFileOptions::default())
            .map_err(failed)?;
        zip.write_all(csv(&digits.train).as_bytes())
            .map_err(failed)?;
        zip.finish().map(drop).map_err(failed)
    };
    // Kaggle's archive beside what was in it.
    let folder = tempfile::tempdir().map_err(failed)?;
    zip(&folder.path().join("digit-recognizer.zip"))?;
    fs::write(folder.path().join("train.csv"), csv(&digits.train)).map_err(failed)?;
    let ([train, test], _) = numbers(folder.path())?;
    ensure(train + test == TRAIN, || format!("{train} and {test}"))?;
    // A table of something else, and an archive, beside folders of pictures.
    let folder = tempfile::tempdir().map_err(failed)?;
    pictures(folder.path(), &digits.train)?;
    fs::write(folder.path().join("metadata.csv"), "id,license\n1,CC0\n").map_err(failed)?;
    zip(&folder.path().join("pictures.zip"))?;
    let ([train, test], _) = numbers(folder.path())?;
    ensure(train + test == TRAIN, || format!("{train} and {test}"))?;
    // An archive of arrays is read beside anything else, as it always was.
    let folder = tempfile::tempdir().map_err(failed)?;
    let arrays = digits.arrays().into_iter();
    let arrays: Vec<(String, Vec<u8>)> = arrays
        .map(|(name, bytes)| (format!("{name}.npy"), bytes))
        .collect();
    let arrays: Vec<_> = arrays
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.clone()))
        .collect();
    zipped(&folder.path().join("data.npz"), &arrays);
    fs::write(folder.path().join("results.csv"), "id,class\n1,2\n").map_err(failed)?;
    pictures(&folder.path().join("plots"), &digits.test)?;
    let (found, _) = numbers(folder.path())?;
    ensure(found == [TRAIN, TEST], || format!("{found:?}"))
}

#[test]
fn folders_are_entered_to_the_same_depth_for_all_formats() -> Outcome {
    let (digits, outer) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    let inner = outer.path().join("a/b/c");
    fs::create_dir_all(&inner).map_err(failed)?;
    fs::write(inner.join("mnist.csv"), csv(&digits.train)).map_err(failed)?;
    let ([train, test], _) = numbers(outer.path())?;
    ensure(train + test == TRAIN, || format!("{train} and {test}"))
}

#[test]
fn pictures_that_are_not_read_are_called_pictures() -> Outcome {
    let digits = Digits::new();
    let images: Vec<&[u8]> = digits.test.chunks(784).collect();
    // Kaggle's tests, which have no classes.
    let folder = tempfile::tempdir().map_err(failed)?;
    let at = |name: &str| folder.path().join(name);
    pictures(&at("train"), &digits.train)?;
    fs::create_dir(at("test")).map_err(failed)?;
    for (index, image) in images.iter().enumerate() {
        picture(&at(&format!("test/{index}.pgm")), image)?;
    }
    picture(&at("train/beside.pgm"), images[0])?;
    fs::write(at("train/notes.txt"), b"x").map_err(failed)?;
    let (_, notes) = numbers(folder.path())?;
    for says in [
        "13 pictures in no class's folder were passed over",
        "1 file that is no picture was passed over",
    ] {
        ensure(notes.contains(says), || notes.clone())?;
    }
    // Validation pictures are the tests where there are no others, which is said.
    let folder = tempfile::tempdir().map_err(failed)?;
    let at = |name: &str| folder.path().join(name);
    pictures(&at("train"), &digits.train)?;
    pictures(&at("val"), &digits.test)?;
    let (found, notes) = numbers(folder.path())?;
    ensure(
        found == [TRAIN, TEST] && notes.contains("the pictures in val are the test set"),
        || notes.clone(),
    )?;
    pictures(&at("test"), &digits.test)?;
    let (found, notes) = numbers(folder.path())?;
    ensure(
        found == [TRAIN, TEST] && notes.contains("the pictures in val were not read"),
        || notes.clone(),
    )
}

#[test]
fn lines_without_a_label_are_no_class_of_their_own() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    let path = folder.path().join("some.csv");
    let table = csv(&digits.train);
    for empty in ["", "\"\"", "  "] {
        let row = format!("{empty}{}\n", ",0".repeat(784));
        fs::write(&path, format!("{table}{row}")).map_err(failed)?;
        let error = open(&path).err().ok_or("an empty label was read")?;
        for says in ["found no label in line 42", "remove the line"] {
            ensure(error.contains(says), || error.clone())?;
        }
    }
    Ok(())
}

/// What is said of an array's file is about that file.
#[test]
fn array_files_are_told_what_is_wrong_with_them() -> Outcome {
    let (digits, folder) = (Digits::new(), tempfile::tempdir().map_err(failed)?);
    for (name, bytes) in digits.arrays() {
        fs::write(folder.path().join(format!("{name}.npy")), bytes).map_err(failed)?;
    }
    let path = folder.path().join("x_train.npy");
    let whole = fs::read(&path).map_err(failed)?;
    let zeros = super::npz::npy("|u1", "(40, 1000, 1000)", false, &vec![0; 40_000_000]);
    let mut damaged = gzip(&whole);
    // There is no such kind of block.
    damaged[10] = 0xff;
    for (bytes, says, advice) in [
        (
            whole[..20].to_vec(),
            "a file that ends in its header",
            "save it again with numpy.save",
        ),
        (
            b"hello, hello".to_vec(),
            "a file that is no plain NumPy array",
            "save it again with numpy.save",
        ),
        (
            gzip(&whole)[..15].to_vec(),
            "a file that ends in its header",
            "save it again with numpy.save",
        ),
        (damaged, "damaged gzip data", "fetch the file again"),
        (
            gzip(&zeros),
            "of a file this small",
            "save it again with numpy.save",
        ),
    ] {
        fs::write(&path, bytes).map_err(failed)?;
        let error = open(folder.path()).err().ok_or(says)?;
        for says in [says, advice] {
            ensure(error.contains(says), || {
                format!("{error} does not say {says:?}")
            })?;
        }
    }
    Ok(())
}

/// Labels of no columns are none.
#[test]
fn labels_of_no_columns_are_refused() -> Outcome {
    for descr in ["|u1", "<f4", "|b1", "<U3"] {
        let arrays = Digits::new().labels_as(descr, "0", |_| Vec::new());
        let (_folder, path) = super::digits::stored(&arrays)?;
        let error = open(&path).err().ok_or("read")?;
        for says in ["expected a list of labels", "save one label for each image"] {
            ensure(error.contains(says), || format!("{descr}: {error}"))?;
        }
    }
    Ok(())
}

/// A second candidate for what is not needed is no reason to read nothing.
#[test]
fn validation_arrays_that_may_be_two_are_not_read() -> Outcome {
    let mut arrays = Digits::new().arrays();
    for name in ["x_val", "valX"] {
        arrays.push((name.into(), arrays[2].1.clone()));
    }
    let (_folder, path) = super::digits::stored(&arrays)?;
    let (found, notes) = numbers(&path)?;
    ensure(
        found == [TRAIN, TEST] && notes.contains("valX and x_val"),
        || format!("{found:?}: {notes}"),
    )?;
    // Needed, it is.
    let mut needed = arrays.split_off(4);
    arrays.truncate(2);
    arrays.append(&mut needed);
    let (_folder, path) = super::digits::stored(&arrays)?;
    let error = open(&path).err().ok_or("read")?;
    let says = "valX and x_val, which may both be the images of one set";
    ensure(error.contains(says), || error.clone())
}

/// Advice on arrays in folders names variables, which have no folders.
#[test]
fn advice_on_arrays_in_folders_names_variables() -> Outcome {
    let digits = Digits::new();
    let arrays = digits.labels_as("|i1", "", |label| vec![label.wrapping_sub(1)]);
    let arrays: Vec<_> = arrays
        .into_iter()
        .map(|(name, bytes)| (format!("mnist/{name}"), bytes))
        .collect();
    let (_folder, path) = super::digits::stored(&arrays)?;
    let error = open(&path).err().ok_or("read")?;
    let says = "numpy.concatenate([y_train, y_test])), y_train)";
    ensure(error.contains(says), || error.clone())
}

/// Files are verified with their headers, where they have some, and many files
/// in one line.
#[test]
fn are_verified_with_what_they_have() -> Outcome {
    let digits = Digits::new();
    let verify = |path: &Path| {
        let text = succeed(ncm(&["data", "verify"]).arg(path))?.stdout;
        let found = json(ncm(&["data", "verify", "--json"]).arg(path))?;
        let headers = found["files"].as_array().ok_or("no files")?;
        let headers: Vec<_> = headers.iter().map(|it| it["header"].clone()).collect();
        Ok::<_, String>((text, headers))
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    for (name, bytes) in digits.arrays() {
        fs::write(folder.path().join(format!("{name}.npy")), bytes).map_err(failed)?;
    }
    fs::write(folder.path().join("other.npy"), b"something else").map_err(failed)?;
    let (text, headers) = verify(folder.path())?;
    ensure(headers[0].is_null() && text.contains("other.npy"), || {
        text.clone()
    })?;
    ensure(headers[1] == "an array of 12 × 28 × 28 |u1", || {
        format!("{headers:?}")
    })?;
    let folder = tempfile::tempdir().map_err(failed)?;
    fs::write(folder.path().join("some.csv"), csv(&digits.train)).map_err(failed)?;
    let (text, headers) = verify(folder.path())?;
    ensure(headers[0].is_null() && !text.contains("header"), || {
        text.clone()
    })?;
    let folder = tempfile::tempdir().map_err(failed)?;
    pictures(folder.path(), &digits.train)?;
    let (text, headers) = verify(folder.path())?;
    // 13 bytes of header each.
    let says = "files         40 of 31,880 bytes in all";
    ensure(headers.len() == TRAIN && text.contains(says), || {
        text.clone()
    })
}
