//! Scores of samples in several files, which `ncm merge` adds up.

use std::fs;

use serde_json::Value;

use super::shards::{PARTS, Shards};
use super::{CLASSES, TEST};
use crate::command_line::runner::{fail, json, one_line, succeed};
use crate::support::{Outcome, ensure, failed};

/// Models of all training vectors and of all vectors.
fn trained(recipe: &str) -> Result<Shards, String> {
    let shards = Shards::new()?;
    let of = |set: &str, name: &str, file: &str| {
        let folder = shards.vectors.path().display().to_string();
        let words = [
            "means",
            "--data",
            &folder,
            "--recipe",
            recipe,
            "--train-on",
            set,
        ];
        succeed(&mut shards.ncm(&[&words[..], &["--save", file]].concat()))
            .map(drop)
            .map_err(|error| format!("{name}: {error}"))
    };
    of("train", "train", "model.npz")?;
    of("train+test", "all", "all.npz")?;
    Ok(shards)
}

/// Writes a score of each file of test vectors.
fn scored(shards: &Shards, words: &[&str]) -> Outcome {
    for part in 0..PARTS {
        let [data, file] = [format!("test-{part}.npz"), format!("score-{part}.npz")];
        succeed(&mut shards.ncm(&[words, &["--data", &data, "--save", &file]].concat()))?;
    }
    Ok(())
}

const SCORES: [&str; PARTS] = ["score-0.npz", "score-1.npz", "score-2.npz"];

/// Whether merged scores say what one run on all samples does.
fn says_the_same(merged: &Value, whole: &Value, but: &[&str]) -> Outcome {
    for (key, value) in whole.as_object().into_iter().flatten() {
        match &key[..] {
            "backend" | "milliseconds" => ensure(merged[key].is_null(), || merged.to_string())?,
            key if but.contains(&key) => {}
            "dataset" => {
                for (key, value) in value.as_object().into_iter().flatten() {
                    match &key[..] {
                        "source" => ensure(merged["dataset"][key].is_null(), || key.clone())?,
                        "name" | "train" | "test" => {}
                        _ => ensure(merged["dataset"][key] == *value, || key.clone())?,
                    }
                }
            }
            "command" => ensure(merged[key] == "merge", || merged.to_string())?,
            key => ensure(merged[key] == *value, || format!("{key} of {merged}"))?,
        }
    }
    let counts = merged["parts"] == PARTS && merged["samples"] == TEST;
    ensure(counts, || merged.to_string())
}

#[test]
fn merged_scores_are_those_of_all_samples() -> Outcome {
    for recipe in ["euclidean", "icarl"] {
        let shards = trained(recipe)?;
        scored(&shards, &["accuracy", "--model", "model.npz"])?;
        let merged = json(&mut shards.ncm(&[&["merge", "--json"], &SCORES[..]].concat()))?;
        let model = shards.at("model.npz").display().to_string();
        let asked = ["accuracy", "--json", "--model", &model];
        let whole = json(&mut shards.vectors.on(&asked))?;
        says_the_same(
            &merged,
            &whole,
            &["notes", "settled", "settled_in_fractions"],
        )?;
        ensure(merged["top5_correct"].is_u64(), || merged.to_string())?;
        let text = succeed(&mut shards.ncm(&[&["merge"], &SCORES[..]].concat()))?.stdout;
        let of_whole = succeed(&mut shards.vectors.on(&["accuracy", "--model", &model]))?.stdout;
        let tables = |text: &str| {
            let from = text.find("Most frequent").unwrap_or(0);
            let end = text.find("\nnext").unwrap_or(text.len());
            text[from..end].trim_end().to_owned()
        };
        ensure(text.lines().next() == of_whole.lines().next(), || {
            text.clone()
        })?;
        ensure(tables(&text) == tables(&of_whole), || text.clone())?;
    }
    Ok(())
}

#[test]
fn scores_are_added_once_in_any_order() -> Outcome {
    let shards = trained("cosine")?;
    scored(&shards, &["accuracy", "--model", "model.npz"])?;
    let all = shards.merge(&SCORES)?;
    fs::write(shards.at("all-scores.npz"), &all).map_err(failed)?;
    fs::copy(shards.at("score-1.npz"), shards.at("again.npz")).map_err(failed)?;
    let two = ["merge", "score-2.npz", "score-0.npz", "--save", "two.npz"];
    succeed(&mut shards.ncm(&two))?;
    for scores in [
        &["score-2.npz", "score-0.npz", "score-1.npz"][..],
        &["two.npz", "score-1.npz"],
        &["score-1.npz", "again.npz", "two.npz"],
        &["again.npz", "all-scores.npz"],
    ] {
        ensure(shards.merge(scores)? == all, || format!("{scores:?}"))?;
    }
    let text = succeed(&mut shards.ncm(&["merge", "score-1.npz", "all-scores.npz"]))?.stdout;
    ensure(one_line(&text).contains("passed over"), || text.clone())?;
    succeed(&mut shards.ncm(&["merge", "score-0.npz", "again.npz", "--save", "other.npz"]))?;
    fail(
        &mut shards.ncm(&["merge", "two.npz", "other.npz"]),
        3,
        "1 shard that others have",
    )?;
    scored(&shards, &["accuracy", "--model", "all.npz"])?;
    let of_another = ["merge", "two.npz", "score-1.npz"];
    fail(&mut shards.ncm(&of_another), 3, "answers of another model")?;
    fail(
        &mut shards.ncm(&["merge", "two.npz", "model.npz"]),
        3,
        "model.npz",
    )?;
    fail(
        &mut shards.ncm(&["merge", "model.npz", "two.npz"]),
        3,
        "two.npz",
    )?;
    let asked = ["info", "two.npz"];
    fail(
        &mut shards.ncm(&asked),
        3,
        "found a score; expected a model; print it with ncm merge",
    )?;
    let without = ["merge", "two.npz", "--without", "score-0.npz"];
    fail(
        &mut shards.ncm(&without),
        2,
        "--without takes a part out of models",
    )
}

#[test]
fn merged_comparisons_are_that_of_all_samples() -> Outcome {
    let shards = trained("l2n")?;
    scored(&shards, &["compare", "--models", "model.npz", "all.npz"])?;
    let merged = json(&mut shards.ncm(&[&["merge", "--json"], &SCORES[..]].concat()))?;
    let whole = json(&mut shards.vectors.on(&["compare", "--json", "--recipe", "l2n"]))?;
    says_the_same(&merged, &whole, &["notes", "rows"])?;
    for (merged, whole) in (merged["rows"].as_array().into_iter().flatten())
        .zip(whole["rows"].as_array().into_iter().flatten())
    {
        for key in [
            "model",
            "images",
            "correct",
            "total",
            "accuracy",
            "interval95",
        ] {
            ensure(merged[key] == whole[key], || merged.to_string())?;
        }
    }
    let text = succeed(&mut shards.ncm(&[&["merge"], &SCORES[..]].concat()))?.stdout;
    ensure(text.contains("leave-one-out"), || text.clone())?;
    succeed(&mut shards.ncm(&[
        "accuracy",
        "--model",
        "model.npz",
        "--data",
        "test-0.npz",
        "--save",
        "one.npz",
    ]))?;
    let mixed = ["merge", "score-1.npz", "one.npz"];
    fail(&mut shards.ncm(&mixed), 3, "found a score of accuracy")
}

/// A file of samples need not have all classes of the model.
#[test]
fn samples_of_some_classes_are_scored() -> Outcome {
    let shards = trained("euclidean")?;
    // Test vectors go through the classes, 32 in a file.
    let few = [
        "accuracy",
        "--model",
        "model.npz",
        "--data",
        "test-0.npz",
        "--rows",
        "0..5",
        "--json",
    ];
    let found = json(&mut shards.ncm(&few))?;
    ensure(
        found["total"] == 5 && found["dataset"]["classes"] == CLASSES,
        || found.to_string(),
    )
}
