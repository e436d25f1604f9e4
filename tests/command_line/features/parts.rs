//! Parts of vectors that `ncm merge` adds up.

use std::fs::{self, File};
use std::path::PathBuf;

use super::{DIM, TRAIN, Vectors};
use crate::command_line::runner::{fail, json, ncm, one_line, parsed, succeed};
use crate::datasets::digits::zipped;
use crate::datasets::npz::npy;
use crate::support::{Outcome, ensure, failed};

const PARTS: usize = 3;

/// The training vectors, cut into archives.
struct Shards {
    vectors: Vectors,
}

impl Shards {
    fn new() -> Result<Self, String> {
        let shards = Self {
            vectors: Vectors::new(),
        };
        let read = |what| fs::read(shards.vectors.file("train", what)).map_err(failed);
        let (features, labels) = (read("features")?, read("labels")?);
        let rows = TRAIN / PARTS;
        for part in 0..PARTS {
            let cut = |bytes: &[u8], row: usize| {
                let values = &bytes[bytes.len() - TRAIN * row..];
                values[part * rows * row..][..rows * row].to_vec()
            };
            let features = cut(&features, 4 * DIM);
            let features = npy("<f4", &format!("({rows}, {DIM})"), false, &features);
            let labels = npy("<i8", &format!("({rows},)"), false, &cut(&labels, 8));
            let files = [("features.npy", features), ("labels.npy", labels)];
            zipped(&shards.at(&format!("shard-{part}.npz")), &files);
        }
        Ok(shards)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.vectors.path().join(name)
    }

    /// `ncm` in the folder of the shards.
    fn ncm(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = ncm(arguments);
        command.current_dir(self.vectors.path());
        command
    }

    /// Writes a part of each shard.
    fn save(&self, recipe: &str) -> Outcome {
        for part in 0..PARTS {
            let [shard, file] = [format!("shard-{part}.npz"), format!("{part}.npz")];
            let save = [
                "means", "--data", &shard, "--recipe", recipe, "--save", &file,
            ];
            succeed(&mut self.ncm(&save))?;
        }
        Ok(())
    }

    fn merge(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let words = [&["merge"], arguments, &["--save", "merged.npz"]].concat();
        succeed(&mut self.ncm(&words))?;
        fs::read(self.at("merged.npz")).map_err(failed)
    }
}

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
    fail(&mut shards.ncm(&all_out), 2, "no sample would be left")?;
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
