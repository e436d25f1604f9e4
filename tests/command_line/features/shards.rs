//! Vectors in several archives.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{DIM, TEST, TRAIN, Vectors};
use crate::command_line::runner::{ncm, succeed};
use crate::datasets::digits::zipped;
use crate::datasets::npz::npy;
use crate::support::{Outcome, failed};

pub const PARTS: usize = 3;

/// The training and the test vectors, cut into archives.
pub struct Shards {
    pub vectors: Vectors,
}

impl Shards {
    pub fn new() -> Result<Self, String> {
        let shards = Self {
            vectors: Vectors::new(),
        };
        for (set, all, name) in [("train", TRAIN, "shard"), ("test", TEST, "test")] {
            let read = |what| fs::read(shards.vectors.file(set, what)).map_err(failed);
            let (features, labels) = (read("features")?, read("labels")?);
            let rows = all / PARTS;
            for part in 0..PARTS {
                let cut = |bytes: &[u8], row: usize| {
                    let values = &bytes[bytes.len() - all * row..];
                    values[part * rows * row..][..rows * row].to_vec()
                };
                let features = cut(&features, 4 * DIM);
                let features = npy("<f4", &format!("({rows}, {DIM})"), false, &features);
                let labels = npy("<i8", &format!("({rows},)"), false, &cut(&labels, 8));
                let files = [("features.npy", features), ("labels.npy", labels)];
                zipped(&shards.at(&format!("{name}-{part}.npz")), &files);
            }
        }
        Ok(shards)
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.vectors.path().join(name)
    }

    /// `ncm` in the folder of the shards.
    pub fn ncm(&self, arguments: &[&str]) -> Command {
        let mut command = ncm(arguments);
        command.current_dir(self.vectors.path());
        command
    }

    /// Writes a part of each shard.
    pub fn save(&self, recipe: &str) -> Outcome {
        for part in 0..PARTS {
            let [shard, file] = [format!("shard-{part}.npz"), format!("{part}.npz")];
            let save = [
                "means", "--data", &shard, "--recipe", recipe, "--save", &file,
            ];
            succeed(&mut self.ncm(&save))?;
        }
        Ok(())
    }

    pub fn merge(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let words = [&["merge"], arguments, &["--save", "merged.npz"]].concat();
        succeed(&mut self.ncm(&words))?;
        fs::read(self.at("merged.npz")).map_err(failed)
    }
}
