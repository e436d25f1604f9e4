//! MNIST as it is published, on a mirror of this machine. The published files
//! were written by gzip, which makes them again, byte for byte, from what is in
//! them, the names they had and when they were last changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use ncm::internals::data::named::{Published, entry};
use serde_json::Value;
use tempfile::TempDir;

use super::command::INSTEAD;
use crate::command_line::{fail, json, ncm, parsed, succeed};
use crate::support::{Answer, Mirror, Outcome, authority, ensure, failed, mnist, needs, sha256};

/// Names that the files had, and seconds since 1970 when they were changed.
const ORIGINALS: [(&str, u64); 4] = [
    ("train-images.idx3-ubyte", 848_331_386),
    ("train-labels.idx1-ubyte", 848_331_398),
    ("t10k-images.idx3-ubyte", 885_827_245),
    ("t10k-labels.idx1-ubyte", 885_827_268),
];

/// The folder of MNIST, for tests that are skipped without, or where the files
/// cannot be made: the smallest is tried.
fn needed() -> Result<Option<PathBuf>, String> {
    let Some(mnist) = mnist::needed()? else {
        return Ok(None);
    };
    let is_made = published()
        .last()
        .is_some_and(|file| made(&mnist, 3, file).is_ok());
    let no_gzip = "there is no gzip that compresses as it did in 1996";
    needs("everything", is_made.then_some(mnist).ok_or(no_gzip))
}

fn published() -> &'static [Published] {
    entry("mnist").map_or(&[], |entry| entry.contents.published())
}

/// One of the files.
fn made(mnist: &Path, index: usize, file: &Published) -> Result<Vec<u8>, String> {
    let (name, changed) = ORIGINALS[index];
    let folder = tempfile::tempdir().map_err(failed)?;
    let original = folder.path().join(name);
    std::fs::write(&original, plain(mnist, file.name)?).map_err(failed)?;
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(changed);
    let opened = std::fs::File::options().write(true).open(&original);
    opened
        .and_then(|file| file.set_modified(changed))
        .map_err(failed)?;
    let gzip = Command::new("gzip")
        .args(["-6", "-c"])
        .arg(&original)
        .output();
    let bytes = gzip.map_err(failed)?.stdout;
    let digits = sha256(&bytes);
    ensure(digits == file.sha256, || format!("{name} became {digits}"))?;
    Ok(bytes)
}

/// The content of a file of the folder, plain there or gzipped.
fn plain(mnist: &Path, gzipped_name: &str) -> Result<Vec<u8>, String> {
    let plain = mnist.join(gzipped_name.trim_end_matches(".gz"));
    if plain.exists() {
        return std::fs::read(plain).map_err(failed);
    }
    let unpacked = Command::new("gzip")
        .arg("-dc")
        .arg(mnist.join(gzipped_name))
        .output();
    Ok(unpacked.map_err(failed)?.stdout)
}

/// All four files, by their paths on a mirror.
fn files(mnist: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    static FILES: OnceLock<Result<BTreeMap<String, Vec<u8>>, String>> = OnceLock::new();
    let make = || {
        let files = published()
            .iter()
            .enumerate()
            .map(|(index, file)| Ok((format!("mnist/{}", file.name), made(mnist, index, file)?)));
        files.collect()
    };
    FILES.get_or_init(make).clone()
}

const ACCURACY: [&str; 4] = ["accuracy", "--backend", "cpu", "--json"];

/// The command with an empty home, in an empty folder, and a mirror.
struct Place {
    folder: TempDir,
    mirror: Mirror,
}

impl Place {
    fn new(mnist: &Path, answer: Answer) -> Result<Self, String> {
        Ok(Self {
            folder: tempfile::tempdir().map_err(failed)?,
            mirror: Mirror::start(files(mnist)?, answer)?,
        })
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn ncm(&self, arguments: &[&str]) -> Command {
        let mut command = ncm(arguments);
        command
            .current_dir(self.folder.path())
            .env("HOME", self.home())
            .env("NCM_CACHE_DIR", self.folder.path().join("cache"))
            .env("NCM_MIRROR", &self.mirror.url)
            .env("SSL_CERT_FILE", authority());
        command
    }

    /// What `accuracy` says, which must be said of MNIST and nothing else.
    fn accuracy(&self, more: &[&str]) -> Result<Value, String> {
        let ran = succeed(&mut self.ncm(&[&ACCURACY, more].concat()))?;
        ensure(ran.stderr.is_empty(), || ran.stderr.clone())?;
        let found = parsed(&ran.stdout)?;
        ensure(found["correct"] == 8203, || found.to_string())?;
        Ok(found)
    }

    fn asked(&self) -> usize {
        self.mirror.asked().values().sum()
    }
}

/// Fetched by name once, then used without asking, by name and without one.
#[test]
fn mnist_by_its_name() -> Outcome {
    let Some(mnist) = needed()? else {
        return Ok(());
    };
    let place = Place::new(&mnist, Answer::Right)?;
    let found = place.accuracy(&["--data", "mnist"])?;
    ensure(found["dataset"]["name"] == "mnist", || found.to_string())?;
    ensure(place.asked() == 4, || format!("{:?}", place.mirror.asked()))?;
    for more in [&["--data", "mnist"][..], &[], &["--offline"]] {
        place.accuracy(more)?;
    }
    ensure(place.asked() == 4, || "asked again".into())?;
    let listed = json(&mut place.ncm(&["data", "list", "--json"]))?;
    let cached = |index: usize| &listed["datasets"][index]["cached"];
    ensure(*cached(0) == true && *cached(1) == false, || {
        listed.to_string()
    })?;
    let verified = json(&mut place.ncm(&["data", "verify", "mnist", "--json"]))?;
    let known = verified["files"][0]["known"] == "train-images-idx3-ubyte.gz of mnist";
    ensure(known && verified["compared_bytes"] == 54_950_000, || {
        verified["files"].to_string()
    })?;
    // Damage is said, not passed over, and mended where it may be.
    let labels = verified["files"][1]["path"].as_str().unwrap_or_default();
    let mut bytes = std::fs::read(labels).map_err(failed)?;
    bytes[1000] ^= 16;
    std::fs::write(labels, bytes).map_err(failed)?;
    for arguments in [&["accuracy", "--offline"][..], &["data", "verify"]] {
        fail(&mut place.ncm(arguments), 3, "ncm data fetch mnist")?;
    }
    let mut unreachable = place.ncm(&ACCURACY);
    let ran = succeed(unreachable.env("NCM_MIRROR", "https://localhost:1"))?;
    ensure(ran.stderr.contains(INSTEAD), || ran.stderr.clone())?;
    place.accuracy(&[])?;
    ensure(place.asked() == 5, || format!("{:?}", place.mirror.asked()))
}

/// With nothing named and nothing here, MNIST is fetched.
#[test]
fn mnist_where_nothing_is_named() -> Outcome {
    let Some(mnist) = needed()? else {
        return Ok(());
    };
    let place = Place::new(&mnist, Answer::Slowly(1 << 20, Duration::from_millis(5)))?;
    let found = place.accuracy(&[])?;
    ensure(found["dataset"]["name"] == "mnist", || found.to_string())?;
    place.accuracy(&[])?;
    ensure(place.asked() == 4, || format!("{:?}", place.mirror.asked()))
}

/// What is here already comes before what could be fetched.
#[test]
fn are_not_made_of_what_is_here() -> Outcome {
    let Some(mnist) = needed()? else {
        return Ok(());
    };
    let below = ["data", "data/MNIST/raw", "MNIST/raw", "home/data/MNIST/raw"];
    for below in below {
        let place = Place::new(&mnist, Answer::Right)?;
        let folder = place.folder.path().join(below);
        std::fs::create_dir_all(&folder).map_err(failed)?;
        for file in published() {
            let bytes = &files(&mnist)?[&format!("mnist/{}", file.name)];
            std::fs::write(folder.join(file.name), bytes).map_err(failed)?;
        }
        let found = place.accuracy(&[])?;
        let source = found["dataset"]["source"].as_str().unwrap_or_default();
        ensure(source.ends_with(below), || format!("{below}: {source}"))?;
        ensure(place.asked() == 0, || {
            format!("{below}: a mirror was asked")
        })?;
    }
    Ok(())
}

/// Eight first runs of the command at once.
#[test]
fn mnist_by_eight_commands_at_once() -> Outcome {
    let Some(mnist) = needed()? else {
        return Ok(());
    };
    let place = Place::new(&mnist, Answer::Slowly(1 << 20, Duration::from_millis(5)))?;
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let run = |_| scope.spawn(|| place.accuracy(&["--data", "mnist"]));
        let running: Vec<_> = (0..8).map(run).collect();
        let join = |run: std::thread::ScopedJoinHandle<'_, _>| run.join();
        running.into_iter().map(join).collect()
    });
    for outcome in outcomes {
        outcome.map_err(|_| "a run panicked".to_owned())??;
    }
    ensure(place.asked() == 4, || format!("{:?}", place.mirror.asked()))
}
