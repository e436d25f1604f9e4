//! Parts of vectors that `ncm merge` adds up.

use std::fs::{self, File};

use super::TRAIN;
use super::shards::{PARTS, Shards};
use crate::command_line::runner::{fail, json, one_line, parsed, succeed};
use crate::support::{Outcome, ensure, failed};

#[test]
fn parts_are_added_up_and_taken_out() -> Outcome {
    let shards = Shards::new()?;
    shards.save("cosine")?;
    let all = shards.merge(&["0.npz", "1.npz", "2.npz"])?;
    fs::write(shards.at("all.npz"), &all).map_err(failed)?;
    // A file that was read may be replaced, since it is read whole before.
    succeed(&mut shards.ncm(&["merge", "2.npz", "0.npz", "--save", "two.npz"]))?;
    let step = ["merge", "two.npz", "1.npz", "--save", "two.npz"];
    succeed(&mut shards.ncm(&step))?;
    let stepwise = fs::read(shards.at("two.npz")).map_err(failed)?;
    ensure(stepwise == all, || "other bytes in other steps".into())?;
    let asked = ["accuracy", "--json", "--model"];
    let model = shards.at("all.npz").display().to_string();
    let merged = json(&mut shards.vectors.on(&[&asked[..], &[&model]].concat()))?;
    let whole = json(
        &mut shards
            .vectors
            .on(&["accuracy", "--json", "--recipe", "cosine"]),
    )?;
    ensure(merged["confusion"] == whole["confusion"], || {
        merged.to_string()
    })?;

    let without = shards.merge(&["all.npz", "--without", "1.npz"])?;
    let never = shards.merge(&["0.npz", "2.npz"])?;
    ensure(without == never, || "1.npz has left something".into())?;
    let all_out = ["merge", "all.npz", "--without", "all.npz"];
    let left = succeed(&mut shards.ncm(&all_out))?.stdout;
    ensure(left.contains("0 samples of 0 classes"), || left.clone())?;
    let not_there = ["merge", "0.npz", "--without", "1.npz"];
    fail(
        &mut shards.ncm(&not_there),
        3,
        "samples that have not been seen",
    )
}

#[test]
fn nothing_is_counted_twice() -> Outcome {
    let shards = Shards::new()?;
    shards.save("euclidean")?;
    let found = json(&mut shards.ncm(&["merge", "0.npz", "1.npz", "2.npz", "--json"]))?;
    let digests = found["shards"].as_array().map_or(0, Vec::len);
    let says = found["parts"] == PARTS
        && found["samples"] == TRAIN
        && found["dataset"] == "3 datasets"
        && digests == PARTS;
    ensure(says, || found.to_string())?;
    let all = shards.merge(&["0.npz", "1.npz", "2.npz"])?;
    fs::write(shards.at("all.npz"), &all).map_err(failed)?;
    fs::copy(shards.at("1.npz"), shards.at("again.npz")).map_err(failed)?;
    for parts in [
        &["1.npz", "again.npz", "0.npz", "2.npz"][..],
        &["0.npz", "all.npz"],
        &["all.npz", "2.npz", "1.npz"],
    ] {
        ensure(shards.merge(parts)? == all, || format!("{parts:?}"))?;
        let text = succeed(&mut shards.ncm(&[&["merge"], parts].concat()))?.stdout;
        ensure(one_line(&text).contains("passed over"), || text.clone())?;
    }
    for (parts, file) in [(["0.npz", "1.npz"], "a.npz"), (["1.npz", "2.npz"], "b.npz")] {
        let save = [&["merge"], &parts[..], &["--save", file]].concat();
        succeed(&mut shards.ncm(&save))?;
    }
    let says = "b.npz: found 1 shard that others have, such as a.npz";
    fail(&mut shards.ncm(&["merge", "a.npz", "b.npz"]), 3, says)?;
    // One that came through a pipe.
    let mut piped = shards.ncm(&["merge", "2.npz", "-", "--json"]);
    let input = File::open(shards.at("a.npz")).map_err(failed)?;
    let output = piped.stdin(input).output().map_err(failed)?;
    let found = parsed(&String::from_utf8_lossy(&output.stdout))?;
    ensure(found["samples"] == TRAIN, || found.to_string())?;
    fail(&mut shards.ncm(&["merge", "-", "-"]), 2, "- is named twice")
}

#[test]
fn parts_of_other_kinds_are_refused() -> Outcome {
    let shards = Shards::new()?;
    shards.save("l2n")?;
    let save = ["means", "--data", "shard-0.npz", "--save", "raw.npz"];
    succeed(&mut shards.ncm(&save))?;
    let says = "found sums of euclidean samples; expected sums of l2n samples";
    fail(&mut shards.ncm(&["merge", "1.npz", "raw.npz"]), 3, says)?;
    let centred = |name: &str| {
        let data = format!("shard-{name}.npz");
        let file = format!("centred-{name}.npz");
        let save = [
            "means", "--data", &data, "--recipe", "cl2n", "--save", &file,
        ];
        succeed(&mut shards.ncm(&save)).map(drop)
    };
    centred("0")?;
    centred("1")?;
    let both = ["merge", "centred-0.npz", "centred-1.npz"];
    fail(&mut shards.ncm(&both), 3, "samples with another centre")?;
    fail(&mut shards.ncm(&["merge", "nothing.npz"]), 3, "nothing.npz")?;
    fail(&mut shards.ncm(&["merge", "shard-0.npz"]), 3, "shard-0.npz")
}
