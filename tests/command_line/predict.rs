//! `ncm predict` and `ncm distances --file`.

use std::io::Write;
use std::process::Stdio;

use super::looking::digits;
use super::runner::{fail, json, ncm, parsed, run, succeed};
use crate::support::{Folder, Outcome, ensure, failed, same_text};

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
#[test]
fn reads_pictures() -> Outcome {
    let folder = Folder::new();
    let files = pictures(&folder, 6)?;
    let mut command = digits(&["predict", "--json"]);
    let read = json(command.args(&files))?;
    for (index, prediction) in read["predictions"]
        .as_array()
        .ok_or("predictions")?
        .iter()
        .enumerate()
    {
        ensure(prediction.get("explained").is_none(), || read.to_string())?;
        let number = index.to_string();
        let direct = json(&mut digits(&["distances", "--json", "--index", &number]))?;
        for key in ["predicted", "distances", "margin"] {
            ensure(prediction[key] == direct[key], || {
                format!("{number}: {key} {} not {}", prediction[key], direct[key])
            })?;
        }
        let of_file = ["distances", "--json", "--file", &files[index]];
        let of_file = json(&mut digits(&of_file))?;
        ensure(
            of_file["distances"] == direct["distances"] && of_file["label"].is_null(),
            || of_file.to_string(),
        )?;
    }
    // Without any dataset, since a model is inside, and on the CPU.
    let read = json(ncm(&["predict", "--json"]).args(&files))?;
    ensure(
        read["dataset"] == "mnist" && read["model"]["images"] == 60_000,
        || read["model"].to_string(),
    )?;
    ensure(read["backend"]["kind"] == "cpu", || {
        read["backend"].to_string()
    })
}

/// A file that cannot be read is told of, and the others are read.
#[test]
fn tells_of_files_it_cannot_read() -> Outcome {
    let folder = Folder::new();
    let files = pictures(&folder, 1)?;
    let blank = image::GrayImage::from_pixel(50, 40, image::Luma([200]));
    blank
        .save(folder.path().join("blank.png"))
        .map_err(failed)?;
    folder.write("text.png", b"no picture");
    let at = |name: &str| folder.at(name);
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
        "found a blank picture or an uneven ground",
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
    let read = parsed(&ran.stdout)?;
    let failures = read["failures"].as_array().ok_or("failures")?;
    ensure(failures.len() == 3 && ran.code == Some(3), || {
        read.to_string()
    })?;
    fail(
        ncm(&["predict"]).arg(at("blank.png")),
        3,
        "found a blank picture or an uneven ground",
    )?;
    fail(
        ncm(&["distances", "--backend", "cpu", "--file"]).arg(at("blank.png")),
        3,
        "found a blank picture or an uneven ground",
    )?;
    fail(&mut ncm(&["predict"]), 2, "<FILE>")
}

/// Two bars like ones, read as one digit: an answer, and a note in both forms.
#[test]
fn says_what_may_be_several_digits() -> Outcome {
    let folder = Folder::new();
    for (name, bars, said) in [("one.png", 1, false), ("eleven.png", 2, true)] {
        let sheet = image::GrayImage::from_fn(200, 200, |x, y| {
            let inked = (0..bars).any(|bar| (60 + 50 * bar..72 + 50 * bar).contains(&x));
            image::Luma([if inked && (50..150).contains(&y) {
                0
            } else {
                255
            }])
        });
        let path = folder.path().join(name);
        sheet.save(&path).map_err(failed)?;
        let file = path.display().to_string();
        let note = "the ink is in several parts";
        let read = json(&mut ncm(&["predict", "--json", &file]))?;
        let notes = &read["predictions"][0]["notes"];
        ensure(notes.to_string().contains(note) == said, || {
            read.to_string()
        })?;
        for more in [&[][..], &["--explain"]] {
            let text = succeed(ncm(&["predict", &file]).args(more))?.stdout;
            ensure(text.contains(note) == said, || text.clone())?;
        }
        let read = json(&mut ncm(&["distances", "--json", "--file", &file]))?;
        ensure(read["notes"].to_string().contains(note) == said, || {
            read.to_string()
        })?;
    }
    Ok(())
}

/// How a picture became an image, and the notebook's way.
#[test]
fn explains_itself() -> Outcome {
    // A dark 7 in the upper left corner of a large sheet: its mass lies above
    // and to the right of the middle of its box.
    let folder = Folder::new();
    let sheet = image::GrayImage::from_fn(300, 200, |x, y| {
        let bar = (20..80).contains(&x) && (10..25).contains(&y);
        let stem = (66..80).contains(&x) && (10..110).contains(&y);
        let inked = bar || stem;
        image::Luma([if inked { 0 } else { 255 }])
    });
    sheet
        .save(folder.path().join("seven.png"))
        .map_err(failed)?;
    let file = folder.path().join("seven.png").display().to_string();
    let explained = succeed(&mut ncm(&["predict", "--explain", &file]))?;
    let text: String = explained
        .stdout
        .replace(&file, "seven.png")
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
        "crop": {"top": 10, "left": 20, "rows": 100, "columns": 60},
        "scale": 0.2,
        "shift": [3, -2],
    });
    ensure(
        *explained == expected && read["predictions"][0]["predicted"] == 7,
        || explained.to_string(),
    )?;
    let plain = json(ncm(&explain).args(["--resize", "plain"]))?;
    let crop = &plain["predictions"][0]["explained"]["crop"];
    ensure(crop["rows"] == 200 && plain["frame"] == "plain", || {
        crop.to_string()
    })
}

#[test]
fn reads_standard_input() -> Outcome {
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
        let read = parsed(&String::from_utf8_lossy(&output.stdout))?;
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
