//! `ncm show` and `ncm means`, and models from files.

use super::runner::{fail, json, ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, failed, idx, same_picture, same_text};

/// Digits that are the same everywhere.
const DIGITS: &str = "synthetic:500,40";

pub fn digits(arguments: &[&str]) -> std::process::Command {
    let mut command = ncm(arguments);
    command.args(["--data", DIGITS]);
    command
}

/// In characters when piped, in shades where a terminal is claimed.
#[test]
fn show_in_a_terminal() -> Outcome {
    let one = ["show", "--split", "test", "--index", "3"];
    let plain = succeed(&mut digits(&one))?.stdout;
    same_text("show.txt", &plain)?;
    let shades = |colours: &str| {
        let mut command = digits(&one);
        command
            .env("CLICOLOR_FORCE", "1")
            .env("COLORTERM", colours)
            .env("TERM", "xterm-256color");
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

#[test]
fn show_as_a_picture() -> Outcome {
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

#[test]
fn show_in_json() -> Outcome {
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
    // The split ends there.
    let images = shown["images"].as_array().ok_or("images")?;
    ensure(images.len() == 1, || images.len().to_string())?;
    let rows = images[0]["pixels"].as_array().map_or(0, Vec::len);
    ensure(images[0]["index"] == 39 && rows == 28, || shown.to_string())?;
    let alone = json(&mut digits(&["show", "--json"]))?;
    ensure(
        alone["model"].is_null() && alone["images"][0]["predicted"].is_null(),
        || alone.to_string(),
    )
}

#[test]
fn show_refuses() -> Outcome {
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
    let huge = [
        "show", "--grid", "20x20", "--scale", "100", "--png", "x.png",
    ];
    fail(&mut digits(&huge), 2, "would be too large")?;
    fail(
        &mut digits(&["show", "--png", "/nowhere/x.png"]),
        1,
        "could not be written",
    )?;
    succeed(&mut on(&folder, &["show", "--grid", "2x2"])).map(drop)
}

#[test]
fn means() -> Outcome {
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
    let of_three = means["means"].as_array().ok_or("means")?;
    ensure(of_three.len() == 1, || of_three.len().to_string())
}

/// A saved model gives what training gives, wherever a model is taken.
#[test]
fn takes_models_from_files() -> Outcome {
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
    ] {
        same(
            &[command, &["--model", model]].concat(),
            &[command, &both].concat(),
            key,
        )?;
    }
    let (file, trained) = (["means", "--json", "--model", model], ["means", "--json"]);
    let (found, expected) = (
        json(&mut ncm(&file))?,
        json(&mut digits(&[&trained[..], &both].concat()))?,
    );
    ensure(found["means"] == expected["means"], || "other means".into())?;
    // Of three classes and 2 × 3 pixels.
    for command in ["accuracy", "distances"] {
        let mut other = on(&folder, &[command, "--backend", "cpu", "--model", model]);
        fail(
            &mut other,
            3,
            "found a model of 10 classes of 28 × 28 pixels; expected one of 3 classes of 2 × 3",
        )?;
    }
    // As many pixels in another shape.
    let turned = folder.path().join("turned.npz");
    let turned = turned.to_str().ok_or("a path")?;
    let save = ["means", "--backend", "cpu", "--save", turned];
    succeed(&mut on(&folder, &save))?;
    folder.write(Folder::TRAIN_IMAGES, &idx(&[6, 3, 2], &[7; 36]));
    folder.write(Folder::TEST_IMAGES, &idx(&[4, 3, 2], &[7; 24]));
    let turned = ["accuracy", "--backend", "cpu", "--model", turned];
    fail(
        &mut on(&folder, &turned),
        3,
        "of 3 classes of 2 × 3 pixels; expected one of 3 classes of 3 × 2",
    )?;
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
