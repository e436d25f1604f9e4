//! What one machine makes of all shards, in another order than any job.

use std::fs;

use super::shards::{FILES, Shards, WHOLE};
use crate::command_line::succeed;
use crate::support::{Outcome, ensure, failed};

/// Checks what a job has printed, and its model, against one machine's.
pub fn check(shards: &Shards, recipe: &str, printed: &str) -> Outcome {
    let [(train, parts), (test, scores)] = FILES;
    let mut prepared = vec!["--recipe", recipe];
    if recipe == "cl2n" {
        // The centre that `ncm means` finds where it has all samples at once.
        let save = [
            "means", "--data", WHOLE, "--recipe", recipe, "--save", "all.npz",
        ];
        succeed(&mut shards.ncm(&save))?;
        prepared.extend(["--centre", "all.npz:centre"]);
    }
    let part = |shard: &str, file: &str| {
        let words = ["means", "--data", shard, "--save", file];
        succeed(&mut shards.ncm(&[&words[..], &prepared].concat()))
    };
    each(shards, train, parts, part)?;
    merge(shards, train, parts, &["--save", "one.npz"])?;
    let [one, model] = [shards.at("one.npz"), shards.written("model.npz")].map(fs::read);
    ensure(one.map_err(failed)? == model.map_err(failed)?, || {
        "the model has other bytes".into()
    })?;
    let score = |shard: &str, file: &str| {
        let words = ["accuracy", "--backend", "cpu", "--model", "one.npz"];
        let words = [&words[..], &["--data", shard, "--save", file]].concat();
        succeed(&mut shards.ncm(&words))
    };
    each(shards, test, scores, score)?;
    let one = merge(shards, test, scores, &[])?;
    ensure(one == printed, || format!("{printed}\nin place of\n{one}"))?;
    // The same number where nothing was in parts.
    let words = [
        "accuracy",
        "--backend",
        "cpu",
        "--data",
        WHOLE,
        "--recipe",
        recipe,
    ];
    let all = succeed(&mut shards.ncm(&words))?.stdout;
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    ensure(first(&all) == first(printed), || {
        format!("{printed}\nin place of\n{all}")
    })
}

/// Has something done to each file of a set, from the last to the first.
fn each<T>(
    shards: &Shards,
    set: &str,
    files: usize,
    done: impl Fn(&str, &str) -> Result<T, String>,
) -> Outcome {
    (0..files).rev().try_for_each(|file| {
        let shard = shards.shard(set, file).display().to_string();
        done(&shard, &format!("{set}-{file}.npz")).map(drop)
    })
}

/// Merges what came of the files of a set, the last first.
fn merge(shards: &Shards, set: &str, files: usize, more: &[&str]) -> Result<String, String> {
    let names = (0..files).rev().map(|file| format!("{set}-{file}.npz"));
    let names: Vec<String> = names.collect();
    let words = ["merge"]
        .into_iter()
        .chain(names.iter().map(String::as_str));
    let words: Vec<&str> = words.chain(more.iter().copied()).collect();
    Ok(succeed(&mut shards.ncm(&words))?.stdout)
}
