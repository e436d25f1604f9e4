//! Rows of a large set as parts and scores, several datasets at once, and what files say.

use std::fs;

use super::shards::{PARTS, Shards};
use super::{TEST, TRAIN};
use crate::command_line::runner::{fail, json, ncm, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

/// Rows of vectors, of levels in IDX files, and of digits that are drawn, as a part each.
#[test]
fn rows_are_parts_of_the_whole() -> Outcome {
    let shards = Shards::new()?;
    let folder = shards.vectors.path().display().to_string();
    let drawn = Folder::new();
    let export = [
        "data",
        "export",
        "--data",
        "synthetic:50,20,3",
        &drawn.at("idx"),
    ];
    succeed(&mut ncm(&export))?;
    for (data, ends) in [
        (&folder[..], [0, 1, 100, TRAIN]),
        (&drawn.at("idx"), [0, 7, 30, 50]),
        ("synthetic:50,20,3", [0, 7, 30, 50]),
    ] {
        let save = |rows: [usize; 2], file: &str| {
            let rows = format!("{}..{}", rows[0], rows[1]);
            let words = ["means", "--data", data, "--rows", &rows, "--save", file];
            succeed(&mut shards.ncm(&words)).map(drop)
        };
        for (part, ends) in ends.windows(2).enumerate() {
            save([ends[0], ends[1]], &format!("{part}.npz"))?;
        }
        save([9, 9], "none.npz")?;
        let merged = shards.merge(&["2.npz", "0.npz", "none.npz", "1.npz"])?;
        ensure(
            merged == shards.merge(&["0.npz", "1.npz", "2.npz"])?,
            || "none".into(),
        )?;
        succeed(&mut shards.ncm(&["means", "--data", data, "--save", "whole.npz"]))?;
        let means = |model: &str| json(&mut shards.ncm(&["means", "--json", "--model", model]));
        let (merged, whole) = (means("merged.npz")?, means("whole.npz")?);
        ensure(merged["means"] == whole["means"], || merged.to_string())?;
        save([5, 8], "across.npz")?;
        let across = ["merge", "0.npz", "1.npz", "across.npz"];
        fail(&mut shards.ncm(&across), 3, "found rows of which")?;
        let far = [
            "means", "--data", data, "--rows", "3..9999", "--save", "far.npz",
        ];
        fail(&mut shards.ncm(&far), 2, "there are no rows 3..9999")?;
    }
    let both = [
        "means",
        "--data",
        &folder,
        "--train-on",
        "train+test",
        "--rows",
        "0..3",
    ];
    fail(&mut shards.ncm(&both), 2, "leave --train-on train+test out")?;
    let ready = ["means", "--model", "whole.npz", "--rows", "0..3"];
    fail(&mut shards.ncm(&ready), 2, "cannot be used with")?;
    let odd = ["means", "--rows", "9..3"];
    fail(&mut ncm(&odd), 2, "behind the last")
}

#[test]
fn scores_of_rows_are_those_of_the_whole() -> Outcome {
    let shards = Shards::new()?;
    let folder = shards.vectors.path().display().to_string();
    succeed(&mut shards.ncm(&["means", "--data", &folder, "--save", "model.npz"]))?;
    for (part, rows) in ["0..10", "10..11", "11..96"].into_iter().enumerate() {
        let file = format!("{part}.npz");
        let words = [
            "accuracy",
            "--model",
            "model.npz",
            "--data",
            &folder,
            "--rows",
            rows,
        ];
        succeed(&mut shards.ncm(&[&words[..], &["--save", &file]].concat()))?;
    }
    let merged = json(&mut shards.ncm(&["merge", "--json", "0.npz", "1.npz", "2.npz"]))?;
    let whole = [
        "accuracy",
        "--json",
        "--model",
        "model.npz",
        "--data",
        &folder,
    ];
    let whole = json(&mut shards.ncm(&whole))?;
    for key in [
        "confusion",
        "correct",
        "per_class",
        "top5_correct",
        "interval95",
    ] {
        ensure(merged[key] == whole[key], || format!("{key} of {merged}"))?;
    }
    let splits =
        ["train", "test", "name"].map(|key| merged["dataset"][key] == whole["dataset"][key]);
    ensure(splits == [true; 3], || merged.to_string())?;
    // Lines of predictions are those of the whole.
    let written = |words: &[&str], file: &str| {
        let asked = ["accuracy", "--model", "model.npz", "--data", &folder];
        let words = [&asked[..], words, &["--predictions", file]].concat();
        succeed(&mut shards.ncm(&words))?;
        fs::read_to_string(shards.at(file)).map_err(failed)
    };
    let (rows, all) = (
        written(&["--rows", "7..20"], "some.csv")?,
        written(&[], "all.csv")?,
    );
    let some: Vec<&str> = rows.lines().skip(1).collect();
    let expected: Vec<&str> = all.lines().skip(1 + 7).take(13).collect();
    ensure(some == expected, || rows.clone())?;
    let alone = ["accuracy", "--data", &folder, "--rows", "0..10"];
    fail(&mut shards.ncm(&alone), 2, "--model")
}

#[test]
fn several_datasets_are_their_merged_parts() -> Outcome {
    let shards = Shards::new()?;
    for recipe in ["euclidean", "cosine"] {
        shards.save(recipe)?;
        let merged = shards.merge(&["0.npz", "1.npz", "2.npz"])?;
        let data: Vec<String> = (0..PARTS).map(|part| format!("shard-{part}.npz")).collect();
        let data: Vec<&str> = data.iter().flat_map(|path| ["--data", path]).collect();
        let save = ["means", "--recipe", recipe, "--save", "several.npz"];
        succeed(&mut shards.ncm(&[&save[..], &data].concat()))?;
        let several = fs::read(shards.at("several.npz")).map_err(failed)?;
        ensure(several == merged, || format!("other bytes under {recipe}"))?;
        let twice = [
            &["means", "--recipe", recipe, "--data", "shard-0.npz"],
            &data[..],
        ]
        .concat();
        fail(&mut shards.ncm(&twice), 2, "samples that are in two parts")?;
        let centred = [&["means", "--recipe", "cl2n"], &data[..]].concat();
        fail(&mut shards.ncm(&centred), 2, "needs --centre FILE")?;
        let elsewhere = [&["accuracy"], &data[..]].concat();
        fail(
            &mut shards.ncm(&elsewhere),
            2,
            "cannot be used multiple times",
        )?;
    }
    Ok(())
}

#[test]
fn files_say_what_they_have_seen() -> Outcome {
    let shards = Shards::new()?;
    shards.save("icarl")?;
    let rows = [
        "means",
        "--data",
        "test-1.npz",
        "--rows",
        "4..9",
        "--save",
        "rows.npz",
    ];
    succeed(&mut shards.ncm(&rows))?;
    let found = json(&mut shards.ncm(&["info", "1.npz", "--json"]))?;
    let says = found["recipe"] == "icarl"
        && found["model"]["images"] == TRAIN / PARTS
        && found["shards"][0]["samples"] == TRAIN / PARTS
        && found["shards"][0]["rows"].is_null()
        && found["shards"][0]["dataset"] == "shard-1";
    ensure(says, || found.to_string())?;
    let found = json(&mut shards.ncm(&["info", "rows.npz", "--json"]))?;
    let rows = &found["shards"][0]["rows"];
    let source = fs::metadata(shards.at("test-1.npz")).map_err(failed)?.len();
    let says = rows["first"] == 4 && rows["end"] == 9 && rows["source_bytes"] == source;
    ensure(says && TEST > 9, || found.to_string())?;
    let text = succeed(&mut shards.ncm(&["info", "rows.npz"]))?.stdout;
    ensure(
        text.contains("4..9") && text.contains("A model of 5 samples"),
        || text.clone(),
    )?;
    fail(&mut shards.ncm(&["info", "shard-1.npz"]), 3, "class_sums")?;
    let both = ["info", "rows.npz", "--data", "shard-1.npz"];
    fail(&mut shards.ncm(&both), 2, "cannot be used with")
}
