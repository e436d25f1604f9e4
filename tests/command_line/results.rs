//! What the commands say when all is well.

use std::path::Path;

use super::runner::{fail, has_keys, json, ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, idx};

pub fn accuracy_text() -> Outcome {
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

pub fn accuracy_json() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(
        &folder,
        &["accuracy", "--backend", "reference", "--json"],
    ))?;
    has_keys(
        &found,
        &[
            "schema",
            "command",
            "dataset",
            "backend",
            "model",
            "evaluated_on",
            "correct",
            "total",
            "accuracy",
            "interval95",
            "confusion",
            "per_class",
            "settled",
            "milliseconds",
        ],
    )?;
    has_keys(
        &found["dataset"],
        &[
            "name", "source", "train", "test", "rows", "columns", "classes",
        ],
    )?;
    has_keys(&found["backend"], &["kind", "software", "adapter"])?;
    has_keys(
        &found["per_class"][0],
        &["class", "precision", "recall", "f1", "support"],
    )?;
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

pub fn accuracy_combinations() -> Outcome {
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

pub fn compare() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["compare", "--backend", "cpu", "--json"]))?;
    has_keys(
        &found,
        &[
            "schema",
            "command",
            "dataset",
            "backend",
            "rows",
            "pairs",
            "leaked",
            "verdict",
            "milliseconds",
        ],
    )?;
    let names: Vec<_> = found["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row["model"].clone())
        .collect();
    ensure(
        names == ["train", "train+test", "train+test leave-one-out"],
        || format!("{names:?}"),
    )?;
    has_keys(
        &found["rows"][0],
        &[
            "model",
            "images",
            "correct",
            "total",
            "accuracy",
            "interval95",
            "settled",
        ],
    )?;
    has_keys(
        &found["pairs"][0],
        &[
            "from",
            "to",
            "fixed",
            "broken",
            "changed",
            "mcnemar_exact_p",
            "mcnemar_mid_p",
        ],
    )?;
    let text = succeed(&mut on(&folder, &["compare", "--backend", "cpu"]))?.stdout;
    let verdict = found["verdict"].as_str().unwrap_or("-");
    ensure(
        text.contains(verdict) && text.contains("exact p") && text.contains("fixed"),
        || text.clone(),
    )
}

/// Where the matrix is too wide, the most frequent confusions come first.
pub fn many_classes() -> Outcome {
    let folder = Folder::new();
    // Images of classes 20 and 1, twice and once, that look like class 0.
    folder.write(
        Folder::TEST_IMAGES,
        &idx(&[3, 2, 3], &[[4, 4, 0, 0, 4, 9]; 3].concat()),
    );
    folder.write(Folder::TEST_LABELS, &idx(&[3], &[1, 20, 20]));
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
pub fn highest_class() -> Outcome {
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

/// That it runs and says what it measured; the figures themselves mean nothing here.
pub fn bench() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["bench", "--images", "50", "--json"]))?;
    has_keys(
        &found,
        &[
            "schema",
            "command",
            "dataset",
            "backend",
            "images",
            "copy_bandwidth",
            "crossover_images",
            "results",
            "milliseconds",
        ],
    )?;
    let results = found["results"].as_array().ok_or("no results")?;
    for result in results {
        has_keys(
            result,
            &[
                "backend",
                "adapter",
                "stage",
                "images",
                "resident",
                "first_ms",
                "median_ms",
                "min_ms",
                "max_ms",
                "images_per_second",
                "bytes_per_second",
                "copy_fraction",
            ],
        )?;
        let ordered = result["min_ms"].as_f64() <= result["median_ms"].as_f64()
            && result["median_ms"].as_f64() <= result["max_ms"].as_f64();
        ensure(ordered, || result.to_string())?;
    }
    for stage in ["load", "class_sums", "distances", "nearest", "evaluate"] {
        let timed = results
            .iter()
            .any(|result| result["stage"] == stage && result["backend"] == "cpu");
        ensure(timed, || format!("{stage} was not timed"))?;
    }
    let text = succeed(&mut on(&folder, &["bench", "--images", "20", "--markdown"]))?.stdout;
    ensure(
        text.starts_with("| stage | on |") && text.contains("copy bandwidth"),
        || text.clone(),
    )
}

pub fn devices() -> Outcome {
    let found = json(&mut ncm(&["devices", "--json"]))?;
    has_keys(&found, &["schema", "command", "adapters", "cpu", "auto"])?;
    has_keys(&found["auto"], &["backend", "adapter", "reason"])?;
    for adapter in found["adapters"].as_array().into_iter().flatten() {
        for key in [
            "index",
            "name",
            "type",
            "api",
            "driver",
            "software",
            "max_storage_binding_bytes",
            "timestamps",
        ] {
            ensure(!adapter[key].is_null(), || format!("no {key} in {adapter}"))?;
        }
    }
    let adapters = found["adapters"].as_array().ok_or("no adapters")?;
    let real = adapters.iter().any(|adapter| adapter["software"] == false);
    ensure((found["auto"]["backend"] == "gpu") == real, || {
        found["auto"].to_string()
    })?;
    let used = json(&mut on(&Folder::new(), &["accuracy", "--json"]))?;
    ensure(used["backend"]["kind"] == found["auto"]["backend"], || {
        used["backend"].to_string()
    })?;
    let text = succeed(&mut ncm(&["devices"]))?.stdout;
    ensure(
        text.contains("auto takes")
            && text.contains(found["auto"]["reason"].as_str().unwrap_or("-")),
        || text.clone(),
    )
}

pub fn data_verify() -> Outcome {
    let folder = Folder::new();
    let found = json(ncm(&["data", "verify", "--json"]).arg(folder.path()))?;
    has_keys(&found, &["schema", "command", "dataset", "compared_bytes"])?;
    ensure(
        found["compared_bytes"].is_null() && found["dataset"]["train"] == 6,
        || found.to_string(),
    )?;
    let text = succeed(ncm(&["data", "verify"]).arg(folder.path()))?.stdout;
    ensure(
        text.contains("is valid") && text.contains("6 train, 4 test") && text.contains("0 to 2"),
        || text.clone(),
    )?;
    folder.write(Folder::TEST_LABELS, b"broken");
    fail(
        ncm(&["data", "verify"]).arg(folder.path()),
        3,
        Folder::TEST_LABELS,
    )
}

pub fn on_mnist(folder: &Path) -> Outcome {
    let command = |arguments: &[&str]| {
        let mut command = ncm(arguments);
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .arg("--data")
            .arg(folder);
        command
    };
    let found = json(&mut command(&["accuracy", "--json"]))?;
    ensure(found["correct"] == 8203 && found["total"] == 10_000, || {
        found.to_string()
    })?;
    let found = json(&mut command(&["compare", "--json"]))?;
    ensure(
        found["leaked"] == 3 && found["pairs"][0]["fixed"] == 34,
        || found.to_string(),
    )?;
    let p = |key: &str| found["pairs"][0][key].as_f64().unwrap_or(f64::NAN);
    let close = |found: f64, expected: f64| (found - expected).abs() < 5e-5;
    let right = close(p("mcnemar_exact_p"), 0.4426) && close(p("mcnemar_mid_p"), 0.3742);
    ensure(right, || found["pairs"].to_string())?;
    let rows = found["rows"].as_array().ok_or("no rows")?;
    let column = |key: &str| {
        rows.iter()
            .map(|row| row[key].as_u64())
            .collect::<Option<Vec<_>>>()
    };
    ensure(
        column("images") == Some(vec![60_000, 70_000, 70_000]),
        || "images".into(),
    )?;
    ensure(column("correct") == Some(vec![8203, 8210, 8207]), || {
        "correct".into()
    })?;
    let mut verify = ncm(&["data", "verify"]);
    let text = succeed(verify.current_dir(env!("CARGO_MANIFEST_DIR")).arg(folder))?.stdout;
    ensure(
        text.contains("the mnist crate reads the same 54,950,000 bytes"),
        || text.clone(),
    )
}
