//! `ncm show`, `ncm means`, `ncm predict` and `ncm distances --file`.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::runner::{fail, has_keys, json, keys, ncm, on, run, succeed};
use crate::support::{Folder, Outcome, ensure, failed, same_picture, same_text};

/// Digits that are the same everywhere.
const DIGITS: &str = "synthetic:500,40";

fn digits(arguments: &[&str]) -> std::process::Command {
    let mut command = ncm(arguments);
    command.args(["--data", DIGITS]);
    command
}

/// In characters when piped, in shades where a terminal is claimed.
pub fn show_text() -> Outcome {
    let one = ["show", "--split", "test", "--index", "3"];
    let plain = succeed(&mut digits(&one))?.stdout;
    same_text("show.txt", &plain)?;
    let shades = |colours: &str| {
        let mut command = digits(&one);
        command
            .env("CLICOLOR_FORCE", "1")
            .env("COLORTERM", colours)
            .env("TERM", "xterm");
        Ok::<String, String>(succeed(&mut command)?.stdout)
    };
    same_text("show-truecolour.txt", &shades("truecolor")?)?;
    same_text("show-256.txt", &shades("")?)?;
    let read = ["show", "--grid", "2x3", "--predict", "--backend", "cpu"];
    same_text("show-grid.txt", &succeed(&mut digits(&read))?.stdout)?;
    let mut silent = digits(&one);
    silent.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    ensure(!succeed(&mut silent)?.stdout.contains('\x1b'), || {
        "shades with NO_COLOR".into()
    })
}

pub fn show_picture() -> Outcome {
    let folder = Folder::new();
    let path = folder.path().join("grid.png");
    let png = path.to_str().ok_or("a path")?;
    let grid = ["show", "--grid", "2x4", "--png", png, "--scale", "3"];
    let says = succeed(&mut digits(&grid))?.stdout;
    ensure(says.contains("Images 0 to 7 of train"), || says.clone())?;
    same_picture("show-grid.png", &folder.read("grid.png"))?;
    succeed(&mut digits(&["show", "--png", png, "--index", "2"]))?;
    let one = image::open(&path).map_err(failed)?;
    ensure((one.width(), one.height()) == (280, 280), || {
        format!("{} × {}", one.width(), one.height())
    })
}

pub fn show_json() -> Outcome {
    let arguments = [
        "show",
        "--json",
        "--grid",
        "1x2",
        "--index",
        "39",
        "--split",
        "test",
        "--predict",
    ];
    let shown = json(&mut digits(&arguments))?;
    has_keys(
        &shown,
        &["schema", "command", "dataset", "model", "split", "images"],
    )?;
    // The split ends there.
    let images = shown["images"].as_array().ok_or("images")?;
    ensure(images.len() == 1, || images.len().to_string())?;
    has_keys(&images[0], &["index", "label", "predicted", "pixels"])?;
    let rows = images[0]["pixels"].as_array().map_or(0, Vec::len);
    ensure(images[0]["index"] == 39 && rows == 28, || shown.to_string())?;
    let alone = json(&mut digits(&["show", "--json"]))?;
    ensure(
        alone["model"].is_null() && alone["images"][0]["predicted"].is_null(),
        || alone.to_string(),
    )
}

pub fn show_refuses() -> Outcome {
    let folder = Folder::new();
    fail(
        &mut on(&folder, &["show"]),
        2,
        "a single picture must be square",
    )?;
    fail(
        &mut digits(&["show", "--index", "500"]),
        2,
        "there is no image 500",
    )?;
    fail(
        &mut digits(&["show", "--grid", "0x3"]),
        2,
        "rows and columns such as 10x10",
    )?;
    fail(
        &mut digits(&["show", "--grid", "200x200"]),
        2,
        "at most 10000 images",
    )?;
    fail(
        &mut digits(&["show", "--png", "/nowhere/x.png"]),
        1,
        "could not be written",
    )?;
    succeed(&mut on(&folder, &["show", "--grid", "2x2"])).map(drop)
}

pub fn means() -> Outcome {
    let one = ["means", "--class", "4", "--backend", "cpu"];
    same_text("means-4.txt", &succeed(&mut digits(&one))?.stdout)?;
    let all = succeed(&mut digits(&["means", "--backend", "cpu"]))?.stdout;
    same_text("means.txt", &all)?;
    let folder = Folder::new();
    let path = folder.path().join("means.png");
    let png = path.to_str().ok_or("a path")?;
    succeed(&mut digits(&["means", "--backend", "cpu", "--png", png]))?;
    same_picture("means.png", &folder.read("means.png"))?;
    fail(
        &mut digits(&["means", "--class", "10"]),
        2,
        "there is no class 10",
    )?;
    let means = json(&mut digits(&["means", "--json", "--class", "3"]))?;
    has_keys(
        &means,
        &[
            "schema", "command", "dataset", "model", "rows", "columns", "means",
        ],
    )?;
    let of_three = means["means"].as_array().ok_or("means")?;
    ensure(of_three.len() == 1, || of_three.len().to_string())?;
    has_keys(&of_three[0], &["class", "images", "mean"])
}

/// A saved model gives what training gives, wherever a model is taken.
pub fn model_files() -> Outcome {
    let folder = Folder::new();
    let path = folder.path().join("model.npz");
    let model = path.to_str().ok_or("a path")?;
    let saved = [
        "means",
        "--save",
        model,
        "--train-on",
        "train+test",
        "--backend",
        "cpu",
    ];
    succeed(&mut digits(&saved))?;
    let same = |with: &[&str], without: &[&str], key: &str| {
        let (found, expected) = (json(&mut digits(with))?, json(&mut digits(without))?);
        ensure(found[key] == expected[key] && !found[key].is_null(), || {
            format!("{with:?}: {} not {}", found[key], expected[key])
        })?;
        ensure(found["model"]["trained_on"] == "train+test", || {
            found["model"].to_string()
        })
    };
    let both = ["--train-on", "train+test"];
    for (command, key) in [
        (&["accuracy", "--json"][..], "confusion"),
        (&["distances", "--json", "--index", "7"], "distances"),
        (&["show", "--json", "--predict", "--grid", "3x3"], "images"),
        (&["means", "--json"], "means"),
    ] {
        same(
            &[command, &["--model", model]].concat(),
            &[command, &both].concat(),
            key,
        )?;
    }
    // Of three classes and 2 × 3 pixels.
    for command in ["accuracy", "distances", "means"] {
        let mut other = on(&folder, &[command, "--backend", "cpu", "--model", model]);
        fail(
            &mut other,
            3,
            "found a model of 10 classes of 28 × 28 pixels; expected one of 3 classes of 2 × 3",
        )?;
    }
    folder.write("broken.npz", b"PK\x03\x04 and nothing");
    let broken = folder.path().join("broken.npz");
    let broken = broken.to_str().ok_or("a path")?;
    fail(
        &mut digits(&["accuracy", "--backend", "cpu", "--model", broken]),
        3,
        "a damaged archive",
    )?;
    fail(
        &mut digits(&["accuracy", "--backend", "cpu", "--model", "/nowhere.npz"]),
        3,
        "found nothing",
    )?;
    let clash = ["accuracy", "--model", model, "--train-on", "train"];
    fail(&mut digits(&clash), 2, "cannot be used with")
}

/// Test images as files, `FOLDER/NUMBER.png`.
fn pictures(folder: &Folder, count: usize) -> Result<Vec<String>, String> {
    (0..count)
        .map(|index| {
            let path = folder.path().join(format!("{index}.png"));
            let path = path.to_str().ok_or("a path")?.to_owned();
            let number = index.to_string();
            let show = [
                "show", "--split", "test", "--index", &number, "--png", &path,
            ];
            succeed(&mut digits(&show)).map(|_| path)
        })
        .collect()
}

/// Pictures of a dataset's own images are read as those images are.
pub fn predict() -> Outcome {
    let folder = Folder::new();
    let files = pictures(&folder, 6)?;
    let mut command = digits(&["predict", "--json"]);
    let read = json(command.args(&files))?;
    has_keys(
        &read,
        &[
            "schema",
            "command",
            "dataset",
            "model",
            "backend",
            "frame",
            "predictions",
            "failures",
            "milliseconds",
        ],
    )?;
    for (index, prediction) in read["predictions"]
        .as_array()
        .ok_or("predictions")?
        .iter()
        .enumerate()
    {
        has_keys(prediction, &["file", "predicted", "distances", "margin"])?;
        let number = index.to_string();
        let direct = json(&mut digits(&["distances", "--json", "--index", &number]))?;
        for key in ["predicted", "distances", "margin"] {
            ensure(prediction[key] == direct[key], || {
                format!("{number}: {key} {} not {}", prediction[key], direct[key])
            })?;
        }
        let of_file = ["distances", "--json", "--file", &files[index]];
        let of_file = json(&mut digits(&of_file))?;
        ensure(keys(&of_file) == keys(&direct), || {
            format!("{:?}", keys(&of_file))
        })?;
        ensure(
            of_file["distances"] == direct["distances"] && of_file["label"].is_null(),
            || of_file.to_string(),
        )?;
    }
    // On every backend, and without any dataset, since a model is inside.
    let mut answers: Vec<Value> = Vec::new();
    for backend in ["cpu", "reference", "auto"] {
        let mut command = ncm(&["predict", "--json", "--backend", backend]);
        let read = json(command.args(&files))?;
        ensure(
            read["dataset"] == "mnist" && read["model"]["images"] == 60_000,
            || read["model"].to_string(),
        )?;
        answers.push(read["predictions"].clone());
    }
    ensure(answers.iter().all(|answer| *answer == answers[0]), || {
        "backends differ".into()
    })
}

/// A file that cannot be read is told of, and the others are read.
pub fn predict_failures() -> Outcome {
    let folder = Folder::new();
    let files = pictures(&folder, 1)?;
    let blank = image::GrayImage::from_pixel(50, 40, image::Luma([200]));
    blank
        .save(folder.path().join("blank.png"))
        .map_err(failed)?;
    folder.write("text.png", b"no picture");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let all = [
        &*at("blank.png"),
        &files[0],
        &at("text.png"),
        &at("missing.png"),
    ];
    let ran = run(ncm(&["predict"]).args(all))?;
    ensure(ran.code == Some(3), || format!("{:?}", ran.code))?;
    let errors: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| line.contains("error: "))
        .collect();
    let said = [
        "found a blank picture",
        "10 bytes that are no picture",
        "found nothing",
    ];
    let fine = errors.len() == 3
        && said
            .iter()
            .zip(&errors)
            .all(|(said, line)| line.contains(said));
    ensure(fine, || ran.stderr.clone())?;
    ensure(
        ran.stdout.contains("0.png") && !ran.stdout.contains("blank"),
        || ran.stdout.clone(),
    )?;
    let ran = run(ncm(&["predict", "--json"]).args(all))?;
    let read: Value = serde_json::from_str(&ran.stdout).map_err(failed)?;
    let failures = read["failures"].as_array().ok_or("failures")?;
    ensure(failures.len() == 3 && ran.code == Some(3), || {
        read.to_string()
    })?;
    has_keys(&failures[0], &["file", "error"])?;
    fail(
        ncm(&["predict", "--backend", "cpu"]).arg(at("blank.png")),
        3,
        "found a blank picture",
    )?;
    fail(
        ncm(&["distances", "--backend", "cpu", "--file"]).arg(at("blank.png")),
        3,
        "found a blank picture",
    )?;
    fail(&mut ncm(&["predict"]), 2, "<FILE>")
}

/// How a picture became an image, and the notebook's way.
pub fn predict_explained() -> Outcome {
    // A dark 1 in the upper left corner of a large sheet.
    let folder = Folder::new();
    let sheet = image::GrayImage::from_fn(300, 200, |x, y| {
        let inked = (20..30).contains(&x) && (10..110).contains(&y);
        image::Luma([if inked { 0 } else { 255 }])
    });
    sheet.save(folder.path().join("one.png")).map_err(failed)?;
    let file = folder.path().join("one.png").display().to_string();
    let explained = succeed(&mut ncm(&[
        "predict",
        "--explain",
        "--backend",
        "cpu",
        &file,
    ]))?;
    let text: String = explained
        .stdout
        .replace(&file, "one.png")
        .lines()
        .filter(|line| !line.starts_with("milliseconds"))
        .map(|line| format!("{line}\n"))
        .collect();
    same_text("predict-explained.txt", &text)?;
    let explain = ["predict", "--explain", "--json", &file];
    let read = json(&mut ncm(&explain))?;
    let explained = &read["predictions"][0]["explained"];
    let expected = serde_json::json!({
        "polarity": "dark on light",
        "crop": {"top": 10, "left": 20, "rows": 100, "columns": 10},
        "scale": 0.2,
        "shift": [0, 0],
    });
    ensure(
        *explained == expected && read["predictions"][0]["predicted"] == 1,
        || explained.to_string(),
    )?;
    let plain = json(ncm(&explain).args(["--resize", "plain"]))?;
    let crop = &plain["predictions"][0]["explained"]["crop"];
    ensure(crop["rows"] == 200 && plain["frame"] == "plain", || {
        crop.to_string()
    })
}

pub fn predict_from_pipe() -> Outcome {
    let folder = Folder::new();
    let files = pictures(&folder, 1)?;
    let expected = json(&mut ncm(&["predict", "--json", &files[0]]))?;
    for arguments in [
        &["predict", "--json", "-"][..],
        &["distances", "--json", "--file", "-"],
    ] {
        let mut child = ncm(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let picture = folder.read("0.png");
        child
            .stdin
            .take()
            .ok_or("a pipe")?
            .write_all(&picture)
            .map_err(failed)?;
        let output = child.wait_with_output().map_err(failed)?;
        let read: Value = serde_json::from_slice(&output.stdout).map_err(failed)?;
        let distances = match arguments[0] {
            "predict" => &read["predictions"][0]["distances"],
            _ => &read["distances"],
        };
        ensure(
            *distances == expected["predictions"][0]["distances"],
            || read.to_string(),
        )?;
    }
    Ok(())
}
