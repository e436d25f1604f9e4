//! Processes that fetch the same dataset at once, or die while they do.
//!
//! They are this program again, running [`fetches_as_told`] alone.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::made_up::{MadeUp, UNDER, access, access_trusting, nothing_unfinished};
use crate::support::{
    Answer, Folder, Mirror, Outcome, Random, alone, authority, ensure, failed, files_of, idx,
};

/// Set for a process that is to fetch: cache, mirror and certificates.
const TOLD: &str = "NCM_TEST_FETCH";

const AS_TOLD: &str = "downloads::processes::fetches_as_told";

/// What such a process does.
#[test]
#[ignore = "started by other tests"]
fn fetches_as_told() -> Outcome {
    let Ok(told) = std::env::var(TOLD) else {
        return Ok(());
    };
    let [cache, mirror, certificates] = told.split('\n').collect::<Vec<_>>()[..] else {
        return Err(format!("not understood: {told}"));
    };
    let mut access = access_trusting(Path::new(cache), &[mirror], certificates.into());
    access.silence = Duration::from_secs(20);
    let fetched = large().entry.fetch(&access, &|_| ());
    fetched.map(|_| ()).map_err(failed)
}

/// A dataset large enough to be killed over.
fn large() -> MadeUp {
    let folder = Folder::new();
    let mut random = Random(77);
    let pixels: Vec<u8> = (0..600 * 784).map(|_| random.next() as u8).collect();
    folder.write(Folder::TRAIN_IMAGES, &idx(&[600, 28, 28], &pixels));
    folder.write(Folder::TRAIN_LABELS, &idx(&[600], &[1; 600]));
    folder.write(Folder::TEST_IMAGES, &idx(&[10, 28, 28], &pixels[..7840]));
    folder.write(Folder::TEST_LABELS, &idx(&[10], &[2; 10]));
    MadeUp::of(files_of(&folder, UNDER))
}

fn start(cache: &TempDir, mirror: &Mirror) -> Result<Child, String> {
    let certificates = authority();
    let told = format!(
        "{}\n{}\n{}",
        cache.path().display(),
        mirror.url,
        certificates.display()
    );
    alone(&std::env::current_exe().map_err(failed)?, AS_TOLD)
        .env(TOLD, told)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)
}

/// What processes left: all four files, right, and nothing else.
fn is_complete(cache: &TempDir) -> Outcome {
    let access = access(cache.path(), &[]).offline();
    let made_up = large();
    made_up.entry.fetch(&access, &|_| ()).map_err(failed)?;
    nothing_unfinished(&cache.path().join(UNDER))
}

/// What is large has long to come, but not to say nothing.
#[test]
fn that_stall_end_soon_whatever_their_size() -> Outcome {
    let (made_up, cache) = (large(), tempfile::tempdir().map_err(failed)?);
    let mirror = made_up.mirror(Answer::Stalled)?;
    let access = access(cache.path(), &[&mirror.url]);
    let started = Instant::now();
    let error = match made_up.entry.fetch(&access, &|_| ()) {
        Ok(_) => return Err("it was fetched".into()),
        Err(error) => error.to_string(),
    };
    ensure(error.contains("timeout: per read after"), || error.clone())?;
    ensure(started.elapsed() < Duration::from_secs(8), || {
        format!("it took {:?}", started.elapsed())
    })
}

#[test]
fn by_eight_processes_at_once() -> Outcome {
    let cache = tempfile::tempdir().map_err(failed)?;
    let mirror = large().mirror(Answer::Slowly(16 << 10, Duration::from_millis(2)))?;
    let started = (0..8).map(|_| start(&cache, &mirror));
    let processes = started.collect::<Result<Vec<_>, _>>()?;
    for mut process in processes {
        let status = process.wait().map_err(failed)?;
        ensure(status.success(), || format!("{status}"))?;
    }
    is_complete(&cache)?;
    let asked = mirror.asked();
    ensure(
        asked.len() == 4 && asked.values().all(|&times| times == 1),
        || format!("each file once, but {asked:?}"),
    )
}

/// Killed without warning at fifty moments; whoever comes next is not disturbed
/// by what is left, and nothing that is there under its name is less than whole.
#[test]
fn killed_fifty_times() -> Outcome {
    let mirror = large().mirror(Answer::Slowly(32 << 10, Duration::from_millis(1)))?;
    let (mut random, mut finished, mut cut) = (Random(78), 0, 0);
    let mut cache = tempfile::tempdir().map_err(failed)?;
    for _ in 0..50 {
        let mut process = start(&cache, &mirror)?;
        std::thread::sleep(Duration::from_micros(random.below(70_000)));
        process.kill().map_err(failed)?;
        process.wait().map_err(failed)?;
        match is_whole_or_missing(&cache)? {
            true => {
                finished += 1;
                cache = tempfile::tempdir().map_err(failed)?;
            }
            false => cut += 1,
        }
    }
    ensure(cut >= 10, || {
        format!("{finished} finished and {cut} were cut: not killed in time")
    })?;
    let status = start(&cache, &mirror)?.wait().map_err(failed)?;
    ensure(status.success(), || format!("{status}"))?;
    is_complete(&cache)
}

/// A cache that is complete is enough for who may not write to it: somebody
/// else, where this user may write anywhere.
#[cfg(unix)]
#[test]
fn from_a_cache_that_is_read_only() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    let set = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(failed)
    };
    let cache = tempfile::tempdir().map_err(failed)?;
    let mirror = large().mirror(Answer::Right)?;
    let whole = start(&cache, &mirror)?.wait().map_err(failed)?;
    ensure(whole.success(), || format!("{whole}"))?;
    let asked = mirror.asked();
    // What others may run and read.
    let place = tempfile::tempdir().map_err(failed)?;
    let (program, certificates) = (place.path().join("tests"), place.path().join("pem"));
    std::fs::copy(std::env::current_exe().map_err(failed)?, &program).map_err(failed)?;
    std::fs::copy(authority(), &certificates).map_err(failed)?;
    for (path, mode) in [
        (place.path(), 0o755),
        (&program, 0o755),
        (&certificates, 0o644),
        (cache.path(), 0o555),
        (&cache.path().join(UNDER), 0o555),
    ] {
        set(path, mode)?;
    }
    let as_other = |mirror: &str| -> Result<bool, String> {
        let told = [
            &*cache.path().display().to_string(),
            mirror,
            &certificates.display().to_string(),
        ]
        .join("\n");
        let mut command = alone(&program, AS_TOLD);
        let may_be_anyone = std::fs::write(cache.path().join("probe"), b"").is_ok();
        if may_be_anyone {
            std::fs::remove_file(cache.path().join("probe")).map_err(failed)?;
            command.uid(65_534).gid(65_534);
        }
        command
            .env(TOLD, told)
            .current_dir("/")
            .stderr(Stdio::null())
            .stdout(Stdio::null());
        Ok(command.status().map_err(failed)?.success())
    };
    ensure(as_other("https://localhost:1")?, || {
        "a whole cache was not enough".into()
    })?;
    // What is missing cannot be fetched into it, and nobody is asked for it.
    let folder = cache.path().join(UNDER);
    set(&folder, 0o755)?;
    let first = std::fs::read_dir(&folder).map_err(failed)?.flatten();
    let first = first
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|end| end == "gz"));
    std::fs::remove_file(first.ok_or("nothing is cached")?).map_err(failed)?;
    set(&folder, 0o555)?;
    let fetched = as_other(&mirror.url)?;
    set(cache.path(), 0o755)?;
    set(&folder, 0o755)?;
    ensure(!fetched && mirror.asked() == asked, || {
        "something was written".into()
    })
}

/// Whether all files are there; those that are must be right.
fn is_whole_or_missing(cache: &TempDir) -> Result<bool, String> {
    let made_up = large();
    let mut there = 0;
    for published in made_up.entry.contents.published() {
        let name = format!("{}-{}", &published.sha256[..8], published.name);
        let Ok(found) = std::fs::read(cache.path().join(UNDER).join(&name)) else {
            continue;
        };
        let right = &made_up.files[&format!("{UNDER}/{}", published.name)];
        ensure(&found == right, || format!("{name} is there in part"))?;
        there += 1;
    }
    Ok(there == 4)
}
