//! Advice is followed to the letter, and leads to the right answer.

use std::collections::BTreeMap;

use ncm::{Backend, Cpu, Dataset, Model, Question, Samples};

use super::digits::{Digits, TEST, TRAIN, open, stored};
use super::numpy::{Array, evaluate};
use crate::support::{Outcome, ensure, failed};

/// Saves what the message says in place of what is there, until it is read.
fn followed(mut arrays: BTreeMap<&'static str, Array>) -> Result<Dataset, String> {
    for _ in 0..3 {
        let files: Vec<_> = arrays
            .iter()
            .map(|(name, array)| ((*name).to_owned(), array.npy()))
            .collect();
        let (_folder, path) = stored(&files)?;
        let error = match open(&path) {
            Ok(dataset) => return Ok(dataset),
            Err(error) => error,
        };
        let (_, advice) = error.rsplit_once("; save ").ok_or_else(|| error.clone())?;
        let mut saved = arrays.clone();
        for command in advice.split(" and ") {
            let named = arrays.keys().copied();
            let named = named.filter(|name| command.contains(name));
            let last = named.max_by_key(|name| command.rfind(name));
            let name = last.ok_or_else(|| format!("no array in {command:?}"))?;
            let array = evaluate(command, &arrays).map_err(|why| format!("{error}: {why}"))?;
            saved.insert(name, array);
        }
        arrays = saved;
    }
    Err("the advice leads nowhere".into())
}

fn predictions(dataset: &Dataset) -> Result<Vec<u16>, String> {
    let cpu = Cpu::default();
    let [train, test] = [dataset.train(), dataset.test()].map(|it| it.whole().ok_or("too large"));
    let sums = cpu
        .upload(train?)
        .map_err(failed)?
        .class_sums()
        .map_err(failed)?;
    let model = Model::new("train", sums).map_err(failed)?;
    let found = cpu.upload(test?).map_err(failed)?;
    let found = found
        .predictions(&[Question::plain(&model)])
        .map_err(failed)?;
    Ok(found[0].classes().to_vec())
}

/// The four arrays, with images made of the levels.
fn arrays(
    digits: &Digits,
    descr: &'static str,
    shape: &[usize],
    of: impl Fn(f64) -> f64,
) -> BTreeMap<&'static str, Array> {
    let images = |pixels: &[u8]| {
        let count = pixels.len() / 784;
        let per: usize = shape.iter().product();
        let values = pixels
            .chunks(784)
            .flat_map(|image| (0..per).map(|place| of(f64::from(image[place % 784]))));
        let shape = [&[count][..], shape].concat();
        Array::new(descr, &shape, values.collect())
    };
    let labels = |count: usize| {
        let labels = Digits::labels(count).into_iter().map(f64::from);
        Array::new("<i8", &[count], labels.collect())
    };
    BTreeMap::from([
        ("x_train", images(&digits.train)),
        ("x_test", images(&digits.test)),
        ("y_train", labels(TRAIN)),
        ("y_test", labels(TEST)),
    ])
}

#[test]
fn on_images_is_followed_to_the_same_answers() -> Outcome {
    let digits = Digits::new();
    let expected = predictions(&digits.dataset()?)?;
    type Value = fn(f64) -> f64;
    let cases: [(&str, &'static str, Value); 11] = [
        ("from -1 to 1", "<f4", |level| level / 127.5 - 1.0),
        ("from -1 to 1 in double", "<f8", |level| level / 127.5 - 1.0),
        ("standardised", "<f4", |level| {
            (level / 255.0 - 0.1307) / 0.3081
        }),
        ("centred", "<f4", |level| level / 255.0 - 0.5),
        ("off by rounding", "<f8", |level| level / 255.0 + 1e-9),
        ("halves", "<f4", |level| level / 2.0),
        ("12 bits", "<u2", |level| level * 16.0),
        ("16 bits", "<u2", |level| level * 257.0),
        ("signed", "<i8", |level| level - 128.0),
        ("signed and scaled", "<i8", |level| level * 10.0 - 1000.0),
        ("bytes as signed ones", "|i1", |level| level),
    ];
    for (what, descr, value) in cases {
        let found = followed(arrays(&digits, descr, &[28, 28], value))
            .map_err(|error| format!("{what}: {error}"))?;
        ensure(predictions(&found)? == expected, || {
            format!("{what}: other answers")
        })?;
    }
    Ok(())
}

/// How values are laid out changes no distance.
#[test]
fn on_shapes_is_followed_to_all_values() -> Outcome {
    let digits = Digits::new();
    for shape in [
        &[64][..],
        &[50],
        &[1],
        &[28, 28, 3],
        &[3, 28, 28],
        &[4, 7, 28],
        &[2, 2, 7, 28],
    ] {
        let mut with_colours = arrays(&digits, "|u1", shape, |level| level);
        // Colours that differ, where there are some.
        for name in ["x_train", "x_test"] {
            if let Some(array) = with_colours.get_mut(name) {
                let values = array.values.iter_mut().enumerate();
                values.for_each(|(place, value)| *value = (*value + place as f64) % 256.0);
            }
        }
        let expected = with_colours["x_train"].values.clone();
        let found = followed(with_colours).map_err(|error| format!("{shape:?}: {error}"))?;
        let whole = found.train().whole().ok_or("too large")?;
        // Rows that are no images are feature vectors, and need no advice.
        let values: Vec<f64> = match whole.samples() {
            Samples::Images(images) => images.pixels().iter().map(|&it| it.into()).collect(),
            Samples::Features(rows) => rows.values().iter().map(|&it| it.into()).collect(),
        };
        let same = values == expected;
        ensure(same, || format!("{shape:?}: other values"))?;
    }
    Ok(())
}

#[test]
fn on_labels_is_followed_to_the_same_classes() -> Outcome {
    let digits = Digits::new();
    let same_labels = |what: &str, found: &Dataset| -> Outcome {
        let labels = found.train().whole().ok_or("too large")?.labels();
        ensure(
            labels.iter().map(|&it| it as u8).eq(Digits::labels(TRAIN)),
            || format!("{what}: {labels:?}"),
        )
    };
    type Value = fn(f64) -> f64;
    let cases: [(&str, &'static str, Value); 4] = [
        ("negative", "<i8", |label| label - 1.0),
        ("large", "<i8", |label| label * 100_000.0),
        ("halves", "<f8", |label| label + 0.5),
        ("negative bytes", "|i1", |label| label - 1.0),
    ];
    for (what, descr, value) in cases {
        let mut changed = arrays(&digits, "|u1", &[28, 28], |level| level);
        for name in ["y_train", "y_test"] {
            let labels = changed[name]
                .values
                .iter()
                .map(|&label| value(label))
                .collect();
            changed.insert(
                name,
                Array::new(descr, &changed[name].shape.clone(), labels),
            );
        }
        let found = followed(changed).map_err(|error| format!("{what}: {error}"))?;
        same_labels(what, &found)?;
    }
    // A row instead of a list.
    let mut rows = arrays(&digits, "|u1", &[28, 28], |level| level);
    for (name, count) in [("y_train", TRAIN), ("y_test", TEST)] {
        if let Some(array) = rows.get_mut(name) {
            array.shape = vec![1, count];
        }
    }
    same_labels("rows", &followed(rows)?)
}

/// Nothing is advised that loses what is there.
#[test]
fn never_loses_data() -> Outcome {
    let digits = Digits::new();
    // More values than there are levels.
    for (what, descr, value) in [
        (
            "16 bits",
            "<u2",
            (|level| level * 250.0 + level % 7.0) as fn(f64) -> f64,
        ),
        ("floats", "<f8", |level: f64| level.sqrt()),
    ] {
        let given = arrays(&digits, descr, &[28, 28], value);
        let files: Vec<_> = given
            .iter()
            .map(|(name, it)| ((*name).to_owned(), it.npy()))
            .collect();
        let (_folder, path) = stored(&files)?;
        let error = open(&path).err().ok_or("read")?;
        ensure(!error.contains("astype"), || format!("{what}: {error}"))?;
        ensure(
            error.contains("as they were before they were scaled"),
            || error.clone(),
        )?;
    }
    Ok(())
}
