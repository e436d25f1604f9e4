//! Jobs by GNU parallel.

use std::fs;

use super::shards::{FILES, Kind, Shards};
use super::{starts, whole};
use crate::command_line::succeed;
use crate::support::{Outcome, ensure, failed, skips};

/// Whether there is no GNU parallel, and a test is to return at once.
fn skipped() -> Result<bool, String> {
    // Another program has that name as well.
    let is_there = starts("parallel", &["--joblog", "/dev/null", "true", ":::", "1"]);
    skips(
        "parallel",
        (!is_there).then_some("there is no GNU parallel"),
    )
}

fn comes_to_the_same(kind: Kind, recipe: &str) -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let shards = Shards::new(kind)?;
    let job = shards.print("parallel", recipe)?;
    let ran = succeed(&mut shards.start("bash", &job))?;
    whole::check(&shards, recipe, &ran.stdout)
}

#[test]
fn comes_to_the_model_and_answer_of_one_machine() -> Outcome {
    comes_to_the_same(Kind::Images, "euclidean")?;
    comes_to_the_same(Kind::Vectors, "icarl")
}

#[test]
fn finds_the_centre_first_under_cl2n() -> Outcome {
    comes_to_the_same(Kind::Images, "cl2n")?;
    comes_to_the_same(Kind::Vectors, "cl2n")
}

#[test]
fn a_task_that_fails_for_good_is_a_failure() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let shards = Shards::new(Kind::Vectors)?;
    let job = shards.print("parallel", "cosine")?;
    succeed(&mut shards.start("bash", &job))?;
    shards.spoil()?;
    shards.fails(&mut shards.start("bash", &job), "train 3.npz: found")?;
    shards.empty("train")?;
    let nothing = "no shards: nothing matches";
    shards.fails(&mut shards.start("bash", &job), nothing)
}

#[test]
fn an_earlier_job_leaves_nothing_in_the_next() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let shards = Shards::new(Kind::Vectors)?;
    let job = shards.print("parallel", "l2n")?;
    succeed(&mut shards.start("bash", &job))?;
    let first = fs::read(shards.written("model.npz")).map_err(failed)?;
    for (set, files) in FILES {
        fs::remove_file(shards.shard(set, files - 1)).map_err(failed)?;
    }
    let fewer = succeed(&mut shards.start("bash", &job))?;
    let second = fs::read(shards.written("model.npz")).map_err(failed)?;
    // In a folder where there was no job before.
    fs::remove_dir_all(shards.written("")).map_err(failed)?;
    let fresh = succeed(&mut shards.start("bash", &job))?;
    let third = fs::read(shards.written("model.npz")).map_err(failed)?;
    ensure(
        first != second && second == third && fewer.stdout == fresh.stdout,
        || format!("{}{}", fewer.stdout, fresh.stdout),
    )
}
