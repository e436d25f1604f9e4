//! Names on the command line, with mirrors that have nothing right to give.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::made_up::nothing_unfinished;
use crate::command_line::{fail, json, ncm, run, succeed};
use crate::support::{Answer, Folder, Mirror, Outcome, authority, ensure, failed};

/// The first file of MNIST in name and length.
fn not_mnist() -> BTreeMap<String, Vec<u8>> {
    let name = "mnist/train-images-idx3-ubyte.gz".to_owned();
    BTreeMap::from([(name, vec![0x1f; 9_912_422])])
}

fn with(mut command: Command, cache: &TempDir, mirrors: &[&str]) -> Command {
    command
        .env("NCM_CACHE_DIR", cache.path())
        .env("NCM_MIRROR", mirrors.join(" "))
        .env("NCM_TIMEOUT", "1")
        .env("SSL_CERT_FILE", authority());
    command
}

/// What stands between is named: who opens TLS, and a proxy that is not there.
#[test]
fn through_a_proxy_that_is_in_the_way() -> Outcome {
    let cache = tempfile::tempdir().map_err(failed)?;
    let mirror = Mirror::start(BTreeMap::new(), Answer::Right)?;
    let fetch = || with(ncm(&["data", "fetch", "mnist"]), &cache, &[&*mirror.url]);
    fail(
        fetch().env_remove("SSL_CERT_FILE"),
        4,
        "set SSL_CERT_FILE to a file",
    )?;
    for (variable, proxy) in [
        ("HTTPS_PROXY", "http://127.0.0.1:3"),
        ("https_proxy", "nonsense"),
    ] {
        let says = format!("check the proxy that {variable} names");
        fail(fetch().env(variable, proxy), 4, &says)?;
    }
    Ok(())
}

#[test]
fn by_command_fail_with_4() -> Outcome {
    let cache = tempfile::tempdir().map_err(failed)?;
    let wrong = Mirror::start(not_mnist(), Answer::Right)?;
    let none = Mirror::start(BTreeMap::new(), Answer::Right)?;
    let mirrors = [&*wrong.url, &none.url];
    for arguments in [
        &["accuracy", "--data", "mnist"][..],
        &["compare", "--data", "mnist", "--json"],
        &["data", "fetch", "mnist"],
        &["data", "export", "/no/such/folder", "--data", "mnist"],
    ] {
        for says in ["another file, SHA-256", "404", &wrong.url, &none.url] {
            fail(&mut with(ncm(arguments), &cache, &mirrors), 4, says)?;
        }
    }
    let asked = wrong.asked().len();
    for arguments in [
        &["accuracy", "--offline", "--data", "fashion-mnist"][..],
        &["data", "verify", "fashion-mnist"],
    ] {
        let says = "ncm data fetch fashion-mnist";
        fail(&mut with(ncm(arguments), &cache, &mirrors), 4, says)?;
    }
    ensure(wrong.asked().len() == asked, || {
        "asked though offline".into()
    })?;
    // Who has a folder of that name may have meant it.
    let here = tempfile::tempdir().map_err(failed)?;
    std::fs::create_dir(here.path().join("mnist")).map_err(failed)?;
    let mut named = with(ncm(&["accuracy", "--data", "mnist"]), &cache, &mirrors);
    let says = "for the folder say ./mnist";
    fail(named.current_dir(here.path()), 4, says)?;
    fail(
        &mut ncm(&["data", "fetch", "imagenet"]),
        2,
        "there are mnist",
    )?;
    fail(
        &mut ncm(&["accuracy", "--data", "mnits"]),
        3,
        "neither a path nor a dataset's name",
    )?;
    let timeout = ncm(&["accuracy"]).env("NCM_TIMEOUT", "soon").output();
    ensure(timeout.map_err(failed)?.status.code() == Some(2), || {
        "NCM_TIMEOUT=soon was understood".into()
    })
}

/// What is said where nothing is named and nothing is to be had: what it is
/// instead, and which command gets MNIST or says why it cannot.
pub const INSTEAD: &str =
    "ncm: these are synthetic digits, not MNIST; `ncm data fetch mnist` gets it\n";

/// With nothing named and nothing to be had there are digits; `--offline` asks
/// nobody.
#[test]
fn that_nobody_asked_for_give_way_to_digits() -> Outcome {
    let cache = tempfile::tempdir().map_err(failed)?;
    let mirror = Mirror::start(not_mnist(), Answer::WrongBit)?;
    let arguments = ["accuracy", "--backend", "cpu", "--json"];
    let empty = tempfile::tempdir().map_err(failed)?;
    let mut command = with(ncm(&arguments), &cache, &[&mirror.url]);
    let ran = succeed(command.current_dir(empty.path()))?;
    ensure(ran.stderr == INSTEAD && INSTEAD.len() <= 80, || {
        ran.stderr.clone()
    })?;
    let fetch = ncm(&["data", "fetch", "mnist"]);
    let ran = run(&mut with(fetch, &cache, &[&mirror.url]))?;
    let says = ["localhost", "another file"].map(|says| ran.stderr.contains(says));
    ensure(ran.code == Some(4) && says == [true; 2], || {
        format!("{:?}: {}", ran.code, ran.stderr)
    })?;
    let asked = mirror.asked();
    let offline = [&arguments[..], &["--offline"]].concat();
    let mut command = with(ncm(&offline), &cache, &[&mirror.url]);
    let ran = succeed(command.current_dir(empty.path()))?;
    ensure(ran.stderr == INSTEAD, || ran.stderr.clone())?;
    ensure(mirror.asked() == asked, || "asked though offline".into())?;
    let mut command = with(ncm(&offline), &cache, &[&mirror.url]);
    let found = json(command.current_dir(empty.path()))?;
    ensure(found["dataset"]["name"] == "synthetic", || {
        found.to_string()
    })?;
    nothing_unfinished(&cache.path().join("v1/mnist"))?;
    // What others have left unfinished is passed over.
    let raw = empty.path().join("MNIST/raw");
    let keras = empty.path().join("datasets");
    for folder in [&raw, &keras] {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let images = Folder::new().read(Folder::TRAIN_IMAGES);
    std::fs::write(raw.join(Folder::TRAIN_IMAGES), images).map_err(failed)?;
    std::fs::write(keras.join("mnist.npz"), b"PK\x03\x04 and no more").map_err(failed)?;
    let mut command = with(ncm(&offline), &cache, &[&mirror.url]);
    command.env("KERAS_HOME", empty.path());
    let found = json(command.current_dir(empty.path()))?;
    ensure(found["dataset"]["name"] == "synthetic", || {
        found.to_string()
    })?;
    // Where nobody answers it is over soon.
    let silent = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let url = format!("https://{}", silent.local_addr().map_err(failed)?);
    let started = Instant::now();
    let mut command = with(ncm(&arguments), &cache, &[&url, &url]);
    let command = command.env("NCM_TIMEOUT", "60").current_dir(empty.path());
    let ran = succeed(command)?;
    ensure(ran.stderr == INSTEAD, || ran.stderr.clone())?;
    ensure(started.elapsed() < Duration::from_secs(10), || {
        format!("it took {:?}", started.elapsed())
    })
}

/// Told to end in the middle of a download.
#[test]
#[cfg_attr(not(unix), ignore = "processes are told to end on Unix alone")]
fn interrupted_leave_nothing_unfinished() -> Outcome {
    let cache = tempfile::tempdir().map_err(failed)?;
    let mirror = Mirror::start(not_mnist(), Answer::Stalled)?;
    let mut command = with(ncm(&["data", "fetch", "mnist"]), &cache, &[&mirror.url]);
    command.env("NCM_TIMEOUT", "50").stderr(Stdio::piped());
    let process = command.spawn().map_err(failed)?;
    let folder = cache.path().join("v1/mnist");
    let begun = Instant::now();
    while nothing_unfinished(&folder).is_ok() {
        ensure(begun.elapsed() < Duration::from_secs(20), || {
            "nothing was begun".into()
        })?;
        std::thread::sleep(Duration::from_millis(5));
    }
    let told = Instant::now();
    let signal = ["-INT", &process.id().to_string()].map(str::to_owned);
    Command::new("kill").args(signal).status().map_err(failed)?;
    let output = process.wait_with_output().map_err(failed)?;
    ensure(output.status.code() == Some(130), || {
        format!("{}", output.status)
    })?;
    ensure(told.elapsed() < Duration::from_secs(1), || {
        format!("it took {:?}", told.elapsed())
    })?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure(stderr.trim() == "ncm: interrupted", || stderr)?;
    nothing_unfinished(&folder)
}

/// A folder below what is no folder cannot be made, by anyone.
#[test]
fn into_a_cache_that_cannot_be_written() -> Outcome {
    let below = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml/cache");
    let cache = tempfile::tempdir().map_err(failed)?;
    let mut command = with(
        ncm(&["data", "fetch", "mnist"]),
        &cache,
        &["https://localhost:1"],
    );
    fail(
        command.env("NCM_CACHE_DIR", &below),
        1,
        "could not be written",
    )?;
    // Who did not ask for MNIST gets digits.
    let mut command = with(
        ncm(&["compare", "--backend", "cpu"]),
        &cache,
        &["https://localhost:1"],
    );
    let ran = succeed(command.env("NCM_CACHE_DIR", &below))?;
    ensure(ran.stderr == INSTEAD, || ran.stderr.clone())
}

/// `$NCM_CACHE_DIR`, else `$XDG_CACHE_HOME`, else the home folder; what is not
/// absolute does not count.
#[test]
fn go_where_the_environment_says() -> Outcome {
    let told = |settings: &[(&str, &str)], arguments: &[&str]| -> Result<String, String> {
        let mut command = ncm(arguments);
        for name in ["NCM_CACHE_DIR", "XDG_CACHE_HOME", "HOME"] {
            command.env_remove(name);
        }
        let ran = run(command.envs(settings.iter().copied()))?;
        ensure(ran.code == Some(0), || ran.stderr)?;
        Ok(ran.stdout.trim().to_owned())
    };
    let path = ["data", "path"];
    let all = [
        ("HOME", "/home/of"),
        ("XDG_CACHE_HOME", "/xdg"),
        ("NCM_CACHE_DIR", "/named"),
    ];
    for (settings, arguments, expected) in [
        (&all[..], &path[..], "/named/v1"),
        (
            &all,
            &["data", "path", "emnist-letters"],
            "/named/v1/emnist",
        ),
        (&all, &["data", "path", "kmnist"], "/named/v1/kmnist"),
        #[cfg(unix)]
        (&all[..2], &path, "/xdg/ncm/v1"),
        #[cfg(unix)]
        (&all[..1], &path, "/home/of/.cache/ncm/v1"),
        #[cfg(unix)]
        (
            &[("HOME", "/home/of"), ("XDG_CACHE_HOME", "relative")],
            &path,
            "/home/of/.cache/ncm/v1",
        ),
    ] {
        let found = told(settings, arguments)?;
        // As paths, since Windows has other separators.
        ensure(Path::new(&found) == Path::new(expected), || {
            format!("{settings:?}: {found}")
        })?;
    }
    // Without any of them a dataset that is named by its path is read all the same.
    let folder = crate::support::Folder::new();
    let path = folder.path().display().to_string();
    told(&[], &["accuracy", "--backend", "cpu", "--data", &path]).map(|_| ())
}

/// A cache that somebody else alone may look into: an error for who asked for
/// MNIST, and digits for who did not.
#[cfg(unix)]
#[test]
fn into_a_cache_that_cannot_be_read() -> Outcome {
    use crate::command_line::as_other;
    use std::os::unix::fs::PermissionsExt;

    let place = tempfile::tempdir().map_err(failed)?;
    let program = place.path().join("ncm");
    std::fs::copy(env!("CARGO_BIN_EXE_ncm"), &program).map_err(failed)?;
    let cache = place.path().join("cache");
    std::fs::create_dir(&cache).map_err(failed)?;
    let set = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).map_err(failed)
    };
    set(place.path(), 0o755)?;
    set(&cache, 0o000)?;
    let with_closed = |arguments: &[&str]| {
        let mut command = as_other(&program, &cache);
        command.args(arguments).env("NCM_CACHE_DIR", &cache);
        command
    };
    let says = "the cache cannot be read";
    fail(&mut with_closed(&["data", "fetch", "mnist"]), 3, says)?;
    let ran = succeed(&mut with_closed(&["accuracy", "--backend", "cpu"]))?;
    set(&cache, 0o755)?;
    ensure(ran.stderr == INSTEAD, || ran.stderr.clone())
}
