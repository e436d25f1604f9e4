//! Where data comes from and where it goes.

use std::path::Path;
use std::process::Command;

use super::runner::{fail, json, ncm, on, parsed, run, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

/// Names that tell synthetic digits from MNIST are in every output.
#[test]
fn without_data_draws_digits_and_says_so() -> Outcome {
    let empty = tempfile::tempdir().map_err(failed)?;
    for command in ["accuracy", "compare"] {
        let mut here = ncm(&[command, "--backend", "cpu", "--json"]);
        let ran = succeed(here.current_dir(empty.path()))?;
        ensure(ran.stderr.lines().count() == 1, || ran.stderr.clone())?;
        ensure(ran.stderr.contains("synthetic digits, not MNIST"), || {
            ran.stderr.clone()
        })?;
        let found = parsed(&ran.stdout)?;
        ensure(found["dataset"]["name"] == "synthetic", || {
            ran.stdout.clone()
        })?;
        ensure(
            found["dataset"]["source"] == "synthetic:60000,10000,1",
            || ran.stdout.clone(),
        )?;
    }
    // An empty variable is as good as none, and so is an empty folder; a
    // dataset that lacks something is not passed over.
    let mut here = ncm(&["accuracy", "--backend", "cpu"]);
    here.current_dir(empty.path()).env("NCM_DATA", "");
    let data = empty.path().join("data");
    std::fs::create_dir(&data).map_err(failed)?;
    let text = succeed(&mut here)?.stdout;
    ensure(
        text.contains("dataset       synthetic: 60,000 train"),
        || text.clone(),
    )?;
    std::fs::write(data.join(Folder::TEST_LABELS), b"").map_err(failed)?;
    fail(
        ncm(&["accuracy"]).current_dir(empty.path()),
        3,
        "no file of train images",
    )?;
    fail(
        &mut ncm(&["accuracy", "--data", "synthetic:0"]),
        2,
        "write synthetic[:TRAIN[,TEST[,SEED]]]",
    )?;
    fail(
        &mut ncm(&["data", "verify", "synthetic"]),
        2,
        "there are no files to check",
    )
}

#[test]
fn export_writes_what_is_read_again() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let out = folder.path().join("made/here");
    let out = out.to_str().ok_or("a path that is not text")?;
    let name = "synthetic:700,300,5";
    let text = succeed(&mut ncm(&["data", "export", out, "--data", name]))?.stdout;
    ensure(text.contains("t10k-labels-idx1-ubyte"), || text.clone())?;
    let of = |data: &str| {
        json(&mut ncm(&[
            "accuracy",
            "--backend",
            "cpu",
            "--json",
            "--data",
            data,
        ]))
    };
    let (drawn, written) = (of(name)?, of(out)?);
    ensure(drawn["confusion"] == written["confusion"], || {
        written.to_string()
    })?;
    // What was read is written alike.
    let mnist_like = Folder::new();
    let copy = folder.path().join("copy");
    succeed(on(&mnist_like, &["data", "export"]).arg(&copy))?;
    for file in Folder::FILES {
        let same = std::fs::read(copy.join(file)).map_err(failed)? == mnist_like.read(file);
        ensure(same, || format!("{file} differs"))?;
    }
    Ok(())
}

#[test]
fn export_overwrites_nothing() -> Outcome {
    let folder = Folder::new();
    let before = folder.read(Folder::TRAIN_IMAGES);
    folder.remove(Folder::TEST_LABELS);
    let mut here = ncm(&["data", "export", "--data", "synthetic:5,5"]);
    fail(
        here.arg(folder.path()),
        3,
        "found a file; expected nothing that would be overwritten",
    )?;
    ensure(folder.read(Folder::TRAIN_IMAGES) == before, || {
        "overwritten".into()
    })?;
    // A bad dataset leaves an empty folder at most.
    let out = tempfile::tempdir().map_err(failed)?;
    let ran = run(on(&folder, &["data", "export"]).arg(out.path()))?;
    ensure(ran.code == Some(3), || ran.stderr.clone())?;
    let left = std::fs::read_dir(out.path()).map_err(failed)?.count();
    ensure(left == 0, || format!("{left} files are left"))
}

/// Keras's archive is named, or found where Keras has put it.
#[test]
fn reads_an_archive_of_keras() -> Outcome {
    let numpy = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npz/stored.npz");
    let home = tempfile::tempdir().map_err(failed)?;
    std::fs::create_dir(home.path().join("datasets")).map_err(failed)?;
    let cached = home.path().join("datasets/mnist.npz");
    std::fs::copy(&numpy, &cached).map_err(failed)?;
    let arguments = ["accuracy", "--backend", "cpu", "--json"];
    let expected = json(&mut on(&Folder::new(), &arguments))?;
    let named = json(ncm(&arguments).arg("--data").arg(&numpy))?;
    let mut unnamed = ncm(&arguments);
    let found = json(
        unnamed
            .env("KERAS_HOME", home.path())
            .current_dir(home.path()),
    )?;
    for (found, source) in [(named, &numpy), (found, &cached)] {
        ensure(found["confusion"] == expected["confusion"], || {
            found.to_string()
        })?;
        let told = found["dataset"]["source"]
            .as_str()
            .map(std::path::Path::new);
        ensure(told == Some(source), || found.to_string())?;
    }
    let verified = json(ncm(&["data", "verify", "--json"]).arg(&numpy))?;
    ensure(verified["compared_bytes"].is_null(), || {
        verified.to_string()
    })
}

/// Shapes, ranges and classes, and an image as it is in the file.
#[test]
fn info_in_text_and_json() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["info", "--json"]))?;
    let array = |name: &str, shape: &[usize], least: u8, greatest: u8| serde_json::json!({"name": name, "shape": shape, "least": least, "greatest": greatest});
    let arrays = serde_json::json!([
        array("train images", &[6, 2, 3], 0, 210),
        array("train labels", &[6], 0, 2),
        array("test images", &[4, 2, 3], 0, 211),
        array("test labels", &[4], 0, 2),
    ]);
    ensure(found["arrays"] == arrays, || found["arrays"].to_string())?;
    let first = serde_json::json!({"split": "train", "index": 0, "label": 0, "pixels": [[0, 0, 0], [0, 0, 9]], "values": null});
    ensure(found["image"] == first, || found["image"].to_string())?;
    for (key, value) in [
        ("rows", serde_json::json!(2)),
        ("columns", serde_json::json!(3)),
        ("dim", serde_json::json!(6)),
        ("values", serde_json::json!("u8")),
    ] {
        ensure(found["dataset"][key] == value, || {
            found["dataset"].to_string()
        })?;
    }
    let last = ["info", "--split", "test", "--index", "3"];
    let text = succeed(&mut on(&folder, &last))?.stdout;
    for says in [
        "train images  6 × 2 × 3  0 to 210",
        "  2          2     2",
        "Image 3 of test: a 2\n 40  40   0\n  0  40   9\n",
    ] {
        ensure(text.contains(says), || text.clone())?;
    }
    let beyond = ["info", "--split", "test", "--index", "4"];
    let says = "there is no image 4: the 4 images are numbered from 0";
    fail(&mut on(&folder, &beyond), 2, says)?;
    // From a split that is drawn batch by batch, the same image.
    let at = |data: &str| {
        json(&mut ncm(&[
            "info", "--json", "--index", "150000", "--data", data,
        ]))
    };
    let [whole, drawn] = [at("synthetic:160000,5")?, at("synthetic:400000,5")?];
    ensure(whole["image"] == drawn["image"], || "another image".into())
}

/// `--data` may name the folder that torchvision was given.
#[test]
fn reads_torchvisions_folders() -> Outcome {
    let (folder, root) = (Folder::new(), tempfile::tempdir().map_err(failed)?);
    let raw = root.path().join("MNIST/raw");
    folder.copy(&raw, "")?;
    let root = root.path().to_str().ok_or("a path that is not text")?;
    let found = json(&mut ncm(&[
        "accuracy",
        "--backend",
        "cpu",
        "--json",
        "--data",
        root,
    ]))?;
    let expected = json(&mut on(
        &folder,
        &["accuracy", "--backend", "cpu", "--json"],
    ))?;
    ensure(found["confusion"] == expected["confusion"], || {
        found.to_string()
    })
}

#[test]
fn finds_data_where_it_is_named() -> Outcome {
    let (folder, other) = (Folder::new(), Folder::new());
    let place = tempfile::tempdir().map_err(failed)?;
    let data = place.path().join("data");
    folder.copy(&data, "")?;
    let source = |command: &mut Command| -> Result<String, String> {
        let found = json(command.current_dir(place.path()))?;
        Ok(found["dataset"]["source"]
            .as_str()
            .unwrap_or("-")
            .to_owned())
    };
    let arguments = ["accuracy", "--json", "--backend", "cpu"];
    let default = source(&mut ncm(&arguments))?;
    ensure(default == "data", || default.clone())?;
    let variable = source(ncm(&arguments).env("NCM_DATA", folder.path()))?;
    ensure(Path::new(&variable) == folder.path(), || variable.clone())?;
    let named = source(on(&other, &arguments).env("NCM_DATA", folder.path()))?;
    ensure(Path::new(&named) == other.path(), || named.clone())
}
