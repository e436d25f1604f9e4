//! What `ncm accuracy` says when all is well.

use super::runner::{json, on, succeed};
use crate::support::{Folder, Outcome, ensure, idx};

#[test]
fn in_text() -> Outcome {
    let ran = succeed(&mut on(&Folder::new(), &["accuracy", "--backend", "cpu"]))?;
    ensure(ran.stderr.is_empty(), || ran.stderr.clone())?;
    let says = [
        "3 of 4 test images right: 75.00 %",
        "6 train, 4 test, 2 × 3 pixels, 3 classes",
        "95 % interval",
    ];
    for says in says.into_iter().chain([
        "Confusion",
        "precision",
        "support",
        "milliseconds",
        "settled",
    ]) {
        ensure(ran.stdout.contains(says), || {
            format!("{says:?} is not in {}", ran.stdout)
        })?;
    }
    Ok(())
}

#[test]
fn in_json() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(
        &folder,
        &["accuracy", "--backend", "reference", "--json"],
    ))?;
    ensure(
        found["schema"] == "ncm/1" && found["command"] == "accuracy",
        || found.to_string(),
    )?;
    ensure(
        found["backend"]
            == serde_json::json!({"kind": "reference", "software": false, "adapter": null}),
        || found["backend"].to_string(),
    )?;
    ensure(
        found["confusion"] == serde_json::json!([[1, 0, 0], [0, 1, 0], [1, 0, 1]]),
        || found["confusion"].to_string(),
    )?;
    ensure(
        found["milliseconds"]["total"]
            .as_f64()
            .is_some_and(|total| total > 0.0),
        || "no total".into(),
    )?;
    // By hand: class 0 is given to two images, one of them its own.
    let class = &found["per_class"][0];
    ensure(
        class["precision"] == 0.5 && class["recall"] == 1.0 && class["support"] == 1,
        || class.to_string(),
    )?;
    ensure(
        class["f1"]
            .as_f64()
            .is_some_and(|f1| (f1 - 2.0 / 3.0).abs() < 1e-15),
        || class.to_string(),
    )
}

#[test]
fn of_every_combination() -> Outcome {
    let folder = Folder::new();
    for (options, images, evaluated, total) in [
        (
            &["--train-on", "train", "--evaluate-on", "train"][..],
            6,
            "train",
            6,
        ),
        (&["--train-on", "train+test"], 10, "test", 4),
        (
            &["--train-on", "train+test", "--evaluate-on", "train"],
            10,
            "train",
            6,
        ),
        (
            &["--train-on", "train+test", "--leave-one-out"],
            10,
            "test",
            4,
        ),
        (
            &["--evaluate-on", "train", "--leave-one-out"],
            6,
            "train",
            6,
        ),
    ] {
        let arguments = [&["accuracy", "--json", "--backend", "cpu"], options].concat();
        let found = json(&mut on(&folder, &arguments))?;
        let left_out = options.contains(&"--leave-one-out");
        let right = found["model"]["images"] == images
            && found["model"]["leave_one_out"] == left_out
            && found["evaluated_on"] == evaluated
            && found["total"] == total;
        ensure(right, || format!("{options:?}: {found}"))?;
    }
    Ok(())
}

/// Where the matrix is too wide, the most frequent confusions come first.
#[test]
fn of_many_classes() -> Outcome {
    let folder = Folder::new();
    // Images that look like class 0: one of each class from 1 to 20, and two of 20.
    folder.write(
        Folder::TEST_IMAGES,
        &idx(&[21, 2, 3], &[[4, 4, 0, 0, 4, 9]; 21].concat()),
    );
    let labels: Vec<u8> = (1..=20).chain([20]).collect();
    folder.write(Folder::TEST_LABELS, &idx(&[21], &labels));
    let text = succeed(&mut on(&folder, &["accuracy", "--backend", "cpu"]))?.stdout;
    let rows = text
        .lines()
        .skip_while(|line| !line.contains("Most frequent confusions"))
        .skip(2);
    let rows: Vec<Vec<&str>> = rows
        .take(2)
        .map(|line| line.split_whitespace().collect())
        .collect();
    ensure(rows == [["20", "0", "2"], ["1", "0", "1"]], || text.clone())
}

/// The highest label there may be costs no memory to speak of.
#[test]
fn of_the_highest_class() -> Outcome {
    let folder = Folder::new();
    let labels = [
        &[0, 0, 0x0c, 1, 0, 0, 0, 4][..],
        &[0, 0, 0, 0],
        &[0, 0, 0, 1],
        &[0, 0, 255, 255],
        &[0, 0, 0, 2],
    ];
    folder.write(Folder::TEST_LABELS, &labels.concat());
    for command in ["accuracy", "compare"] {
        let found = json(&mut on(&folder, &[command, "--json", "--backend", "cpu"]))?;
        ensure(found["dataset"]["classes"] == 65_536, || {
            found["dataset"].to_string()
        })?;
        ensure(found["confusion"].is_null(), || {
            "65,536 × 65,536 counts".into()
        })?;
        let text = succeed(&mut on(&folder, &[command, "--backend", "cpu"]))?.stdout;
        ensure(text.lines().count() < 40, || text.clone())?;
    }
    Ok(())
}
