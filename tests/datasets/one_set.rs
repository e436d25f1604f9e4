//! One set, which nobody has divided into training and test samples.

use ncm::internals::data::OneSet;

use super::digits::{Digits, TRAIN, open, open_as, stored};
use super::npz::npy;
use crate::command_line::{json, ncm, succeed};
use crate::support::{Outcome, Pictures, ensure, failed};

/// An archive of images and labels.
fn arrays(count: usize) -> Vec<(String, Vec<u8>)> {
    let pixels = &Digits::new().train[..count * 784];
    let images = npy("|u1", &format!("({count}, 28, 28)"), false, pixels);
    let labels = npy("|u1", &format!("({count},)"), false, &Digits::labels(count));
    vec![("images".into(), images), ("labels".into(), labels)]
}

#[test]
fn gives_every_sixth_sample_of_each_class_for_tests() -> Outcome {
    let (digits, (_folder, path)) = (Digits::new(), stored(&arrays(TRAIN))?);
    let found = open(&path)?;
    let test = found.test().whole().ok_or("not in memory")?;
    // Three classes by turns: the sixth of each are 15, 16 and 17, then 33 to 35.
    let places = [15, 16, 17, 33, 34, 35];
    let expected: Vec<u8> = places
        .iter()
        .flat_map(|&place: &usize| digits.train[place * 784..][..784].to_vec())
        .collect();
    ensure(test.pictures().pixels() == expected, || {
        "other test images".into()
    })?;
    ensure(found.train().len() == TRAIN - 6, || "another number".into())?;
    ensure(
        found.notes().contains(
            &"there are no test samples of their own: every 6th sample of each class was set apart"
                .into(),
        ),
        || format!("{:?}", found.notes()),
    )?;
    let whole = open_as(&path, OneSet::Whole)?;
    for source in [whole.train(), whole.test()] {
        let split = source.whole().ok_or("not in memory")?;
        ensure(split.pictures().pixels() == digits.train, || {
            "not whole".into()
        })?;
    }
    // Too few for a test sample: an error, but means can be had.
    let (_folder, path) = stored(&arrays(15))?;
    let error = open(&path).err().ok_or("divided")?;
    ensure(
        error.contains("one set of at most 5 samples of a class"),
        || error.clone(),
    )?;
    open_as(&path, OneSet::Whole).map(drop)
}

#[test]
fn is_taken_whole_by_means_and_by_models() -> Outcome {
    let (folder, path) = stored(&arrays(TRAIN))?;
    let path = path.to_str().ok_or("a path that is not text")?;
    let model = folder.path().join("model.npz");
    let model = model.to_str().ok_or("a path that is not text")?;
    let text = succeed(&mut ncm(&[
        "means",
        "--data",
        path,
        "--save",
        model,
        "--backend",
        "cpu",
    ]))?;
    ensure(text.stdout.contains("all samples were used"), || {
        text.stdout.clone()
    })?;
    let images = |arguments: &[&str]| {
        let means = json(&mut ncm(arguments))?;
        let counts = means["means"].as_array().ok_or("no means")?.iter();
        Ok::<_, String>(
            counts
                .filter_map(|mean| mean["images"].as_u64())
                .sum::<u64>(),
        )
    };
    for arguments in [
        &["means", "--json", "--model", model][..],
        &["means", "--json", "--data", path, "--backend", "cpu"],
        &[
            "means",
            "--json",
            "--data",
            path,
            "--train-on",
            "train+test",
            "--backend",
            "cpu",
        ],
    ] {
        let found = images(arguments)?;
        ensure(found == TRAIN as u64, || {
            format!("{arguments:?}: {found} images")
        })?;
    }
    let accuracy = ["accuracy", "--json", "--backend", "cpu", "--data", path];
    let divided = json(&mut ncm(&accuracy))?;
    let with_model = json(ncm(&accuracy).args(["--model", model]))?;
    for (found, total, note) in [
        (divided, 6, "every 6th sample"),
        (with_model, TRAIN, "all samples were used"),
    ] {
        let notes = found["notes"].to_string();
        ensure(found["total"] == total && notes.contains(note), || {
            found.to_string()
        })?;
    }
    // Every command's text says so.
    for command in [
        "accuracy",
        "compare",
        "info",
        "show",
        "distances",
        "means",
        "bench",
    ] {
        let mut plain = ncm(&[command, "--data", path]);
        match command {
            "accuracy" | "compare" => plain.args(["--backend", "cpu"]),
            "distances" => plain.args(["--index", "0"]),
            "bench" => plain.args(["--images", "4"]),
            _ => &mut plain,
        };
        let text = succeed(&mut plain)?.stdout;
        ensure(
            text.contains("there are no test samples of their own"),
            || format!("{command}: {text}"),
        )?;
    }
    let exported = folder.path().join("out");
    let exported = exported.to_str().ok_or("a path that is not text")?;
    let text = succeed(&mut ncm(&["data", "export", exported, "--data", path]))?.stdout;
    ensure(
        text.contains("there are no test samples of their own"),
        || text.clone(),
    )?;
    let text = succeed(&mut ncm(&["data", "verify", path]))?.stdout;
    ensure(
        text.contains("there are no test samples of their own"),
        || text.clone(),
    )?;
    std::fs::metadata(exported).map(drop).map_err(failed)
}
