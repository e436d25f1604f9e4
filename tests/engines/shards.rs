//! Shards on disk, and jobs over them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

use crate::command_line::{ncm, run, succeed};
use crate::datasets::digits::zipped;
use crate::datasets::npz::npy;
use crate::support::{Outcome, Random, ensure, failed};

/// Files of training samples, more than can be taken at once, and of test samples.
pub const FILES: [(&str, usize); 2] = [("train", 7), ("test", 3)];
/// All of them in one file.
pub const WHOLE: &str = "whole.npz";

const ROWS: usize = 12;
const CLASSES: u64 = 5;
const DIM: usize = 6;

/// Where they are, in a name that a careless job would take apart.
const INPUT: &str = "it's \"$HOME\" \\ & more";
/// Where a job writes to.
const OUTPUT: &str = "out 'put' {} $PWD";

/// What samples are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Images,
    Vectors,
}

/// Training and test samples in some files each.
pub struct Shards {
    folder: TempDir,
    kind: Kind,
}

impl Shards {
    pub fn new(kind: Kind) -> Result<Self, String> {
        let shards = Self {
            folder: tempfile::tempdir().map_err(failed)?,
            kind,
        };
        fs::create_dir(shards.at(INPUT)).map_err(failed)?;
        let mut random = Random(31);
        let mut whole = Vec::new();
        for (set, files) in FILES {
            let (mut samples, mut labels) = (Vec::new(), Vec::new());
            for file in 0..files {
                let drawn = shards.drawn(&mut random);
                shards.write(&shards.shard(set, file), &shards.arrays("", &drawn));
                samples.extend(drawn.0);
                labels.extend(drawn.1);
            }
            whole.extend(shards.arrays(&format!("{set}_"), &(samples, labels)));
        }
        shards.write(&shards.at(WHOLE), &whole);
        Ok(shards)
    }

    /// Samples as bytes, near a pattern of their class, and labels.
    fn drawn(&self, random: &mut Random) -> (Vec<u8>, Vec<i64>) {
        // A shard need not have all classes.
        let most = 2 + random.below(CLASSES - 1);
        let labels: Vec<i64> = (0..ROWS).map(|_| random.below(most) as i64).collect();
        let mut samples = Vec::new();
        for &label in &labels {
            for column in 0..DIM {
                let level = (label as usize * 40 * (column + 1)) % 200 + random.below(55) as usize;
                match self.kind {
                    Kind::Images => samples.push(level as u8),
                    Kind::Vectors => samples.extend((level as f32 / 7.0).to_le_bytes()),
                }
            }
        }
        (samples, labels)
    }

    /// Both as the files of an archive.
    fn arrays(&self, set: &str, (samples, labels): &(Vec<u8>, Vec<i64>)) -> Vec<(String, Vec<u8>)> {
        let rows = labels.len();
        let (name, samples) = match self.kind {
            Kind::Images => (
                "images",
                npy("|u1", &format!("({rows}, 2, 3)"), false, samples),
            ),
            Kind::Vectors => {
                let shape = format!("({rows}, {DIM})");
                ("features", npy("<f4", &shape, false, samples))
            }
        };
        let labels: Vec<u8> = labels
            .iter()
            .flat_map(|label| label.to_le_bytes())
            .collect();
        let labels = npy("<i8", &format!("({rows},)"), false, &labels);
        vec![
            (format!("{set}{name}.npy"), samples),
            (format!("{set}labels.npy"), labels),
        ]
    }

    fn write(&self, path: &Path, arrays: &[(String, Vec<u8>)]) {
        let arrays: Vec<_> = (arrays.iter())
            .map(|(name, bytes)| (&**name, bytes.clone()))
            .collect();
        zipped(path, &arrays);
    }

    /// A place in the folder where jobs are started.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of a set.
    pub fn shard(&self, set: &str, file: usize) -> PathBuf {
        self.at(INPUT).join(format!("{set} {file}.npz"))
    }

    /// What a job has written.
    pub fn written(&self, name: &str) -> PathBuf {
        self.at(OUTPUT).join(name)
    }

    /// `ncm` in the folder.
    pub fn ncm(&self, words: &[&str]) -> Command {
        let mut command = ncm(words);
        command.current_dir(self.folder.path());
        command
    }

    /// Prints a job into a file.
    pub fn print(&self, engine: &str, recipe: &str) -> Result<PathBuf, String> {
        let [shards, tests] = FILES.map(|(set, _)| format!("{INPUT}/{set} *.npz"));
        let words = [
            "job", engine, "--recipe", recipe, "--folder", OUTPUT, "--shards", &shards, "--tests",
            &tests,
        ];
        let job = self.at("job");
        fs::write(&job, succeed(&mut self.ncm(&words))?.stdout).map_err(failed)?;
        Ok(job)
    }

    /// What starts a job, by a program that finds `ncm`.
    pub fn start(&self, program: &str, job: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .arg(job)
            .current_dir(self.folder.path())
            .env("PATH", path_with(None));
        command
    }

    /// Runs a job that cannot end well: it says why, and leaves no model.
    pub fn fails(&self, job: &mut Command, says: &str) -> Outcome {
        let ran = run(job)?;
        ensure(ran.code.is_some_and(|code| code != 0), || {
            format!("exit code {:?}: {}", ran.code, ran.stdout)
        })?;
        ensure(ran.stderr.contains(says), || {
            format!("{:?} does not say {says:?}", ran.stderr)
        })?;
        ensure(ran.stdout.is_empty(), || ran.stdout)?;
        let model = self.written("model.npz");
        ensure(!model.exists(), || format!("{} is there", model.display()))
    }

    /// Makes a training shard one that cannot be read.
    pub fn spoil(&self) -> Outcome {
        fs::write(self.shard("train", 3), "no archive").map_err(failed)
    }

    /// Takes all files of a set away.
    pub fn empty(&self, set: &str) -> Outcome {
        let files = FILES.into_iter().find(|(name, _)| *name == set);
        (0..files.map_or(0, |(_, files)| files))
            .try_for_each(|file| fs::remove_file(self.shard(set, file)).map_err(failed))
    }
}

/// Where programs are found: `ncm` first, and before it what stands in for it.
pub fn path_with(instead: Option<&Path>) -> OsString {
    let own = Path::new(env!("CARGO_BIN_EXE_ncm")).parent();
    let all = env::var_os("PATH").unwrap_or_default();
    let folders = instead.into_iter().chain(own).map(Path::to_owned);
    let joined = env::join_paths(folders.chain(env::split_paths(&all)));
    joined.unwrap_or(all)
}
