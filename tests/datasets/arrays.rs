//! Arrays as people have them: the same images in every type, shape and order.

use ncm::Dataset;

use super::digits::{Digits, TEST, TRAIN, open, stored};
use super::npz::npy;
use crate::support::{Outcome, ensure};

/// Reads arrays and compares them with the digits themselves.
fn same(what: &str, digits: &Digits, arrays: &[(String, Vec<u8>)]) -> Result<Dataset, String> {
    let (_folder, path) = stored(arrays)?;
    let found = open(&path).map_err(|error| format!("{what}: {error}"))?;
    let expected = digits.dataset()?;
    ensure(
        found.train() == expected.train() && found.test() == expected.test(),
        || format!("{what}: other images or labels"),
    )?;
    Ok(found)
}

/// What notes say of arrays that were interpreted.
const INTERPRETED: [&str; 4] = ["whole numbers", "divided by", "one-hot", "texts were"];

/// Whether the notes say this, or nothing of an interpretation.
fn notes_say(what: &str, dataset: &Dataset, says: Option<&str>) -> Outcome {
    let notes = dataset.notes().join("; ");
    let right = match says {
        Some(says) => notes.contains(says),
        None => !INTERPRETED.iter().any(|says| notes.contains(says)),
    };
    ensure(right, || format!("{what}: {notes:?} does not say {says:?}"))
}

#[test]
fn of_any_type_that_holds_levels() -> Outcome {
    type Store = fn(u8) -> Vec<u8>;
    let digits = Digits::new();
    let types: [(&str, Store, Option<&str>); 13] = [
        ("|u1", |level| vec![level], None),
        (
            "<i8",
            |level| i64::from(level).to_le_bytes().into(),
            Some("whole numbers"),
        ),
        (
            ">i4",
            |level| i32::from(level).to_be_bytes().into(),
            Some("whole numbers"),
        ),
        (
            "<u2",
            |level| u16::from(level).to_le_bytes().into(),
            Some("whole numbers"),
        ),
        (
            "<f4",
            |level| f32::from(level).to_le_bytes().into(),
            Some("whole numbers"),
        ),
        (
            ">f8",
            |level| f64::from(level).to_be_bytes().into(),
            Some("whole numbers"),
        ),
        (
            "<f4",
            |level| (f32::from(level) / 255.0).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            "<f4",
            |level| (f32::from(level) * (1.0 / 255.0)).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            "<f4",
            |level| ((f64::from(level) / 255.0) as f32).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            "<f8",
            |level| (f64::from(level) / 255.0).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            "<f8",
            |level| (f64::from(level) * (1.0 / 255.0)).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            "<f8",
            |level| f64::from(f32::from(level) / 255.0).to_le_bytes().into(),
            Some("divided by 255"),
        ),
        (
            ">f4",
            |level| (f32::from(level) / 255.0).to_be_bytes().into(),
            Some("divided by 255"),
        ),
    ];
    for (descr, store, says) in types {
        for shape in ["28, 28", "784"] {
            let values = |pixels: &[u8]| pixels.iter().flat_map(|&level| store(level)).collect();
            let arrays = digits.images_as(descr, shape, false, values);
            notes_say(descr, &same(descr, &digits, &arrays)?, says)?;
        }
    }
    Ok(())
}

#[test]
fn of_any_shape_and_order() -> Outcome {
    let digits = Digits::new();
    let plain = |pixels: &[u8]| pixels.to_vec();
    for shape in ["28, 28", "28, 28, 1", "1, 28, 28", "784", "28L, 28L"] {
        same(
            shape,
            &digits,
            &digits.images_as("|u1", shape, false, plain),
        )?;
    }
    // The last axis varies slowest.
    let by_columns = |pixels: &[u8]| {
        let count = pixels.len() / 784;
        let places = (0..784).map(|place| place % 28 * 28 + place / 28);
        let values = places.flat_map(|place| (0..count).map(move |image| image * 784 + place));
        values.map(|place| pixels[place]).collect()
    };
    same(
        "Fortran",
        &digits,
        &digits.images_as("|u1", "28, 28", true, by_columns),
    )?;
    let rows = |pixels: &[u8]| {
        let count = pixels.len() / 784;
        let places = (0..784).flat_map(|place| (0..count).map(move |image| image * 784 + place));
        places.map(|place| pixels[place]).collect()
    };
    same(
        "flat, Fortran",
        &digits,
        &digits.images_as("|u1", "784", true, rows),
    )?;
    // Grey that was stored as colours.
    let last = |pixels: &[u8]| pixels.iter().flat_map(|&level| [level; 3]).collect();
    let colours = digits.images_as("|u1", "28, 28, 3", false, last);
    notes_say(
        "colours",
        &same("colours", &digits, &colours)?,
        Some("colours in x_train are equal"),
    )?;
    let first = |pixels: &[u8]| {
        pixels
            .chunks(784)
            .flat_map(|image| image.repeat(3))
            .collect()
    };
    same(
        "colours first",
        &digits,
        &digits.images_as("|u1", "3, 28, 28", false, first),
    )?;
    Ok(())
}

#[test]
fn with_labels_of_any_form() -> Outcome {
    let digits = Digits::new();
    let one_hot = |label: u8| (0..3).map(|class| u8::from(class == label)).collect();
    let floats = |label: u8| {
        let row = (0..3).map(|class| if class == label { 1.0_f64 } else { 0.0 });
        row.flat_map(f64::to_le_bytes).collect()
    };
    let text = |label: u8| [b'0' + label, 0, 0, 0].to_vec();
    for (what, arrays, says) in [
        (
            "columns",
            digits.labels_as("|u1", " 1", |label| vec![label]),
            None,
        ),
        (
            "one-hot",
            digits.labels_as("|u1", " 3", one_hot),
            Some("one-hot rows"),
        ),
        (
            "one-hot floats",
            digits.labels_as("<f8", " 3", floats),
            Some("one-hot rows"),
        ),
        (
            "floats",
            digits.labels_as("<f4", "", |label| f32::from(label).to_le_bytes().into()),
            Some("whole numbers"),
        ),
        (
            "texts",
            digits.labels_as("<U1", "", text),
            Some("texts were read as numbers"),
        ),
        (
            "bytes",
            digits.labels_as("|S1", "", |label| vec![b'0' + label]),
            Some("texts were read"),
        ),
    ] {
        notes_say(what, &same(what, &digits, &arrays)?, says)?;
    }
    // Names are classes in the order of their bytes.
    let name = |label: u8| [b"bee", b"ant", b"cow"][usize::from(label)].to_vec();
    let (_folder, path) = stored(&digits.labels_as("|S3", "", name))?;
    let found = open(&path)?;
    ensure(found.class_names() == ["ant", "bee", "cow"], || {
        format!("{:?}", found.class_names())
    })?;
    let labels = found.test().whole().ok_or("not in memory")?.labels()[..4].to_vec();
    ensure(labels == [1, 0, 2, 1], || format!("{labels:?}"))?;
    notes_say("names", &found, Some("classes 0 to 2 are ant, bee, cow"))
}

#[test]
fn under_the_usual_names() -> Outcome {
    let digits = Digits::new();
    for names in [
        ["X_train", "y_train", "X_test", "y_test"],
        ["train_images", "train_labels", "test_images", "test_labels"],
        ["trainX", "trainy", "testX", "testy"],
        ["train_x", "train_y", "val_x", "val_y"],
        [
            "mnist/x_train",
            "mnist/y_train",
            "mnist/x_test",
            "mnist/y_test",
        ],
        ["arr_0", "arr_1", "arr_2", "arr_3"],
        ["arr_0", "arr_2", "arr_1", "arr_3"],
    ] {
        let mut arrays = digits.arrays();
        for ((name, _), other) in arrays.iter_mut().zip(names) {
            *name = other.to_owned();
        }
        let found = same(names[0], &digits, &arrays)?;
        notes_say(names[0], &found, Some(names[3]))?;
    }
    // More arrays than are needed do not matter, and the very names win.
    let mut arrays = digits.arrays();
    arrays.push((
        "val_images".into(),
        npy("|u1", "(1, 28, 28)", false, &[0; 784]),
    ));
    arrays.push((
        "train_images".into(),
        npy("|u1", "(1, 28, 28)", false, &[0; 784]),
    ));
    arrays.push(("about".into(), npy("<U1", "()", false, &[0; 4])));
    same("more", &digits, &arrays)?;
    // What is there is listed where something is missing.
    let mut arrays = digits.arrays();
    arrays[3].0 = "other".into();
    let (_folder, path) = stored(&arrays)?;
    let error = open(&path).err().ok_or("read without labels")?;
    for says in [
        "no array y_test",
        "other (12 |u1)",
        &format!("x_train ({TRAIN} × 28 × 28 |u1)"),
        "numpy.savez(",
    ] {
        ensure(error.contains(says), || {
            format!("{error} does not say {says:?}")
        })?;
    }
    Ok(())
}

#[test]
fn of_few_levels_say_so() -> Outcome {
    for (shift, says) in [(4, "is 15, not 255"), (7, "is 1, not 255")] {
        let mut digits = Digits::new();
        for images in [&mut digits.train, &mut digits.test] {
            images.iter_mut().for_each(|level| *level >>= shift);
        }
        notes_say(says, &same(says, &digits, &digits.arrays())?, Some(says))?;
    }
    let mut digits = Digits::new();
    digits.test.iter_mut().for_each(|level| *level >>= 4);
    notes_say(
        "mixed",
        &same("mixed", &digits, &digits.arrays())?,
        Some("may not be on one scale"),
    )?;
    // Truth values, and zeros and ones as floats.
    let digits = Digits::new();
    let bits = |pixels: &[u8]| pixels.iter().map(|&level| level >> 7).collect();
    let (_folder, path) = stored(&digits.images_as("|b1", "28, 28", false, bits))?;
    notes_say("bool", &open(&path)?, Some("truth values"))?;
    // Where one array has fractions, zeros and ones in the other are such too.
    let fractions = |pixels: &[u8]| {
        let is_test = pixels.len() == TEST * 784;
        let value = |level: u8| match is_test {
            true => f32::from(level >> 7),
            false => f32::from(level) / 255.0,
        };
        pixels
            .iter()
            .flat_map(|&level| value(level).to_le_bytes())
            .collect()
    };
    let (_folder, path) = stored(&digits.images_as("<f4", "28, 28", false, fractions))?;
    let found = open(&path)?;
    let greatest = found
        .test()
        .survey()
        .map_err(|error| error.to_string())?
        .greatest;
    ensure(greatest == 255.0, || format!("{greatest}"))
}
