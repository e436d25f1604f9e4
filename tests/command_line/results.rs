//! What the commands say when all is well.

use super::runner::{fail, json, ncm, on, one_line, succeed};
use crate::support::{Folder, Outcome, ensure, mnist, sha256};

#[test]
fn compare_in_text_and_json() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["compare", "--backend", "cpu", "--json"]))?;
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
    let text = succeed(&mut on(&folder, &["compare", "--backend", "cpu"]))?.stdout;
    let verdict = found["verdict"].as_str().unwrap_or("-");
    ensure(
        one_line(&text).contains(verdict) && text.contains("exact p") && text.contains("fixed"),
        || text.clone(),
    )
}

/// That it runs and says what it measured; the figures themselves mean nothing here.
#[test]
fn bench_in_json_and_markdown() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["bench", "--images", "50", "--json"]))?;
    let results = found["results"].as_array().ok_or("no results")?;
    for result in results {
        let ordered = result["min_ms"].as_f64() <= result["median_ms"].as_f64()
            && result["median_ms"].as_f64() <= result["max_ms"].as_f64();
        ensure(ordered, || result.to_string())?;
    }
    for stage in [
        "load",
        "class_sums",
        "distances",
        "nearest",
        "evaluate",
        "resample",
        "curve",
    ] {
        let timed = results
            .iter()
            .any(|result| result["stage"] == stage && result["backend"] == "cpu");
        ensure(timed, || format!("{stage} was not timed"))?;
    }
    let text = succeed(&mut on(&folder, &["bench", "--images", "20", "--markdown"]))?.stdout;
    ensure(
        text.starts_with("| stage | on |") && text.contains("in copying"),
        || text.clone(),
    )
}

#[test]
fn devices_in_text_and_json() -> Outcome {
    let found = json(&mut ncm(&["devices", "--json"]))?;
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
            && one_line(&text).contains(found["auto"]["reason"].as_str().unwrap_or("-")),
        || text.clone(),
    )
}

#[test]
fn data_verify_in_text_and_json() -> Outcome {
    let folder = Folder::new();
    let found = json(ncm(&["data", "verify", "--json"]).arg(folder.path()))?;
    let counts = serde_json::json!({"train": [2, 2, 2], "test": [1, 1, 2]});
    ensure(found["label_counts"] == counts, || found.to_string())?;
    for (index, name) in [Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS]
        .iter()
        .enumerate()
    {
        let (file, bytes) = (&found["files"][index], folder.read(name));
        let digits = sha256(&bytes);
        ensure(
            file["bytes"] == bytes.len() && file["sha256"] == digits && file["known"].is_null(),
            || file.to_string(),
        )?;
    }
    ensure(
        found["files"][0]["header"] == "6 × 2 × 3 values of u8",
        || found.to_string(),
    )?;
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

/// An image of 40 40 0 0 40 9 among means of 5, 105 and 205 in four pixels.
#[test]
fn distances_in_text_and_json() -> Outcome {
    let folder = Folder::new();
    let last = ["distances", "--backend", "cpu", "--index", "3"];
    let found = json(&mut on(&folder, &[&last[..], &["--json"]].concat()))?;
    // Three pixels differ alike: 35², 65² and 165² each.
    let expected: Vec<f64> = [35.0, 65.0, 165.0]
        .map(|off: f64| (3.0 * off * off).sqrt())
        .into();
    ensure(found["distances"] == serde_json::json!(expected), || {
        found["distances"].to_string()
    })?;
    ensure(found["label"] == 2 && found["predicted"] == 0, || {
        found.to_string()
    })?;
    ensure(found["margin"] == 3.0 * (65.0 * 65.0 - 35.0 * 35.0), || {
        found["margin"].to_string()
    })?;
    let text = succeed(&mut on(&folder, &last))?.stdout;
    for says in [
        "Image 3 of test, a 2, is nearest to 0, which is wrong",
        "distance to   0      60.62  ████████ nearest\n",
        &format!("distance to   2     285.79  {}\n", "█".repeat(40)),
    ] {
        ensure(text.contains(says), || text.clone())?;
    }
    // With the test images among them the means are others.
    let both = [&last[..], &["--json", "--train-on", "train+test"]].concat();
    let found = json(&mut on(&folder, &both))?;
    ensure(found["model"]["images"] == 10, || {
        found["model"].to_string()
    })?;
    let beyond = ["distances", "--index", "4"];
    fail(&mut on(&folder, &beyond), 2, "there is no image 4")
}

#[test]
fn on_mnist() -> Outcome {
    let Some(folder) = mnist::needed()? else {
        return Ok(());
    };
    let command = |arguments: &[&str]| {
        let mut command = ncm(arguments);
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .arg("--data")
            .arg(&folder);
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
    // As NumPy has them.
    let third = ["distances", "--json", "--index", "3"];
    let first = ["distances", "--json", "--split", "train"];
    for (arguments, label, class, expected) in [
        (&third[..], 0, 0, 1_568.431_748_151_923_6),
        (&third, 0, 1, 2_647.221_610_738_991_3),
        (&first, 5, 0, 2_073.830_496_394_742),
        (&first, 5, 5, 1_707.152_330_826_671_7),
    ] {
        let found = json(&mut command(arguments))?;
        let distance = found["distances"][class].as_f64().unwrap_or(f64::NAN);
        let is_right = found["label"] == label && found["predicted"] == label;
        ensure(is_right && (distance - expected).abs() < 1e-9, || {
            format!("{arguments:?}: {found}")
        })?;
    }
    let mut verify = ncm(&["data", "verify"]);
    let text = succeed(verify.current_dir(env!("CARGO_MANIFEST_DIR")).arg(folder))?.stdout;
    ensure(
        text.contains("the mnist crate reads the same 54,950,000 bytes"),
        || text.clone(),
    )
}
