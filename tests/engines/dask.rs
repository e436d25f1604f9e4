//! Jobs by Dask, on a cluster of a scheduler and two workers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::shards::{Kind, Shards, path_with};
use super::{Daemon, starts, wait_for, whole};
use crate::command_line::succeed;
use crate::support::{Outcome, ensure, failed, skips};

/// The Python that has Dask.
fn python() -> String {
    std::env::var("NCM_DASK").unwrap_or_else(|_| "python3".into())
}

/// Whether there is no Dask, and a test is to return at once.
fn skipped() -> Result<bool, String> {
    let is_there = starts(&python(), &["-c", "import dask.distributed"]);
    skips("dask", (!is_there).then_some("there is no Dask"))
}

/// A scheduler and two workers, which are started again when they end.
struct Cluster {
    address: String,
    // They end before their folder goes.
    _daemons: [Daemon; 2],
    _folder: TempDir,
}

impl Cluster {
    /// A cluster whose workers find something else in place of `ncm`.
    fn start(instead: Option<&Path>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = folder.path().join("scheduler.json");
        let daemon = |words: &[&str]| {
            let mut command = Command::new(python());
            command
                .args(["-m", "dask"])
                .args(words)
                .args(["--no-dashboard", "--scheduler-file"])
                .arg(&file)
                .current_dir(folder.path())
                .env("PATH", path_with(instead));
            Daemon::start(command.stderr(Stdio::null()))
        };
        let scheduler = daemon(&["scheduler", "--host", "127.0.0.1", "--port", "0"])?;
        let workers = ["worker", "--nworkers", "2", "--nthreads", "1"];
        let workers = daemon(&[&workers[..], &["--host", "127.0.0.1"]].concat())?;
        let address = wait_for("scheduler", || {
            let text = fs::read_to_string(&file).ok()?;
            let found: Value = serde_json::from_str(&text).ok()?;
            found["address"].as_str().map(str::to_owned)
        })?;
        Ok(Self {
            address,
            _daemons: [workers, scheduler],
            _folder: folder,
        })
    }
}

/// What runs a job on this machine.
fn local(shards: &Shards, job: &Path) -> Command {
    shards.start(&python(), job)
}

#[test]
fn comes_to_the_model_and_answer_of_one_machine() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    for (kind, recipe) in [(Kind::Images, "euclidean"), (Kind::Vectors, "cosine")] {
        let shards = Shards::new(kind)?;
        let job = shards.print("dask", recipe)?;
        let ran = succeed(&mut local(&shards, &job))?;
        whole::check(&shards, recipe, &ran.stdout)?;
    }
    Ok(())
}

/// The worker that has the fourth shard first is killed while it waits for `ncm`. This
/// `ncm` goes on, so two write the same part.
#[test]
fn survives_the_death_of_a_worker() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let folder = tempfile::tempdir().map_err(failed)?;
    let (ncm, killed) = (folder.path().join("ncm"), folder.path().join("killed"));
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *'train 3.npz'*)\n    \
         mkdir '{}' 2>/dev/null && kill -9 $PPID ;;\nesac\nexec '{}' \"$@\"\n",
        killed.display(),
        env!("CARGO_BIN_EXE_ncm")
    );
    fs::write(&ncm, script).map_err(failed)?;
    fs::set_permissions(&ncm, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    let cluster = Cluster::start(Some(folder.path()))?;
    for (kind, recipe) in [(Kind::Vectors, "cl2n"), (Kind::Images, "euclidean")] {
        let shards = Shards::new(kind)?;
        let job = shards.print("dask", recipe)?;
        let ran = succeed(local(&shards, &job).arg(&cluster.address))?;
        ensure(killed.exists(), || "no worker was killed".into())?;
        fs::remove_dir(&killed).map_err(failed)?;
        whole::check(&shards, recipe, &ran.stdout)?;
    }
    Ok(())
}

#[test]
fn a_task_that_fails_for_good_is_a_failure() -> Outcome {
    if skipped()? {
        return Ok(());
    }
    let shards = Shards::new(Kind::Vectors)?;
    let job = shards.print("dask", "l2n")?;
    succeed(&mut local(&shards, &job))?;
    shards.spoil()?;
    shards.fails(&mut local(&shards, &job), "train 3.npz: found")?;
    shards.empty("test")?;
    shards.fails(&mut local(&shards, &job), "no tests: nothing matches")
}
