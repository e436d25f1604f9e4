//! Where data is looked for, and what is said of names that lead nowhere.

use std::fs;
use std::path::{Path, PathBuf};

use super::runner::{fail, json, ncm, run, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

const ACCURACY: [&str; 4] = ["accuracy", "--backend", "cpu", "--json"];

/// A folder of Keras's below `place`, with a small dataset in place of MNIST.
fn with_keras(place: &Path) -> Result<PathBuf, String> {
    let keras = place.join("keras");
    fs::create_dir_all(keras.join("datasets")).map_err(failed)?;
    let numpy = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/npz/stored.npz");
    fs::copy(numpy, keras.join("datasets/mnist.npz")).map_err(failed)?;
    Ok(keras)
}

/// Without `--data` it is MNIST: another dataset in `./data` is passed over,
/// which is said.
#[test]
fn other_datasets_are_not_evaluated_unasked() -> Outcome {
    for (below, prefixes) in [
        ("FashionMNIST/raw", &[""][..]),
        ("KMNIST/raw", &[""]),
        ("QMNIST/raw", &["qmnist-"]),
        ("EMNIST/raw", &["emnist-digits-"]),
        (
            "EMNIST/raw",
            &["emnist-digits-", "emnist-balanced-", "emnist-mnist-"],
        ),
        ("", &["emnist-digits-"]),
    ] {
        let here = tempfile::tempdir().map_err(failed)?;
        let data = here.path().join("data");
        for prefix in prefixes {
            Folder::new().copy(&data.join(below), prefix)?;
        }
        // Keras has MNIST, which spares the drawing of digits.
        let keras = with_keras(here.path())?;
        let mut command = ncm(&ACCURACY);
        let ran = succeed(command.current_dir(here.path()).env("KERAS_HOME", &keras))?;
        let says = "holds another dataset than MNIST and was passed over; to use it say --data ";
        ensure(ran.stderr.contains(says), || {
            format!("{below}: {}", ran.stderr)
        })?;
        ensure(ran.stdout.contains("\"name\": \"mnist\""), || {
            ran.stdout.clone()
        })?;
        if prefixes.len() > 1 {
            continue;
        }
        // What the line says leads to the dataset.
        let (_, rest) = ran
            .stderr
            .split_once("to use it say --data ")
            .ok_or("no advice")?;
        let named = rest.lines().next().ok_or("no name")?;
        let mut command = ncm(&ACCURACY);
        let found = json(command.args(["--data", named]).current_dir(here.path()))?;
        ensure(found["dataset"]["train"] == 6, || found.to_string())?;
    }
    // MNIST beside others is taken without a word.
    let here = tempfile::tempdir().map_err(failed)?;
    Folder::new().copy(&here.path().join("data/FashionMNIST/raw"), "")?;
    Folder::new().copy(&here.path().join("data/MNIST/raw"), "")?;
    let mut command = ncm(&ACCURACY);
    let ran = succeed(command.current_dir(here.path()))?;
    ensure(
        ran.stderr.is_empty() && ran.stdout.contains("data/MNIST/raw"),
        || format!("{}{}", ran.stderr, ran.stdout),
    )
}

/// What lacks something is an error only where nothing else has MNIST.
#[test]
fn incomplete_data_gives_way_to_a_whole_one() -> Outcome {
    let here = tempfile::tempdir().map_err(failed)?;
    let raw = here.path().join("data/MNIST/raw");
    Folder::new().copy(&raw, "")?;
    fs::remove_file(raw.join(Folder::TEST_LABELS)).map_err(failed)?;
    let mut alone = ncm(&ACCURACY);
    fail(alone.current_dir(here.path()), 3, "no file of t10k labels")?;
    let keras = with_keras(here.path())?;
    let mut command = ncm(&ACCURACY);
    let ran = succeed(command.current_dir(here.path()).env("KERAS_HOME", &keras))?;
    ensure(ran.stdout.contains("mnist.npz"), || ran.stdout.clone())?;
    ensure(
        ran.stderr.contains("not complete and was passed over"),
        || ran.stderr.clone(),
    )
}

/// `~` that a shell left alone is the home folder, and never becomes a folder.
#[test]
fn at_home_are_found_and_written_there() -> Outcome {
    let home = tempfile::tempdir().map_err(failed)?;
    let here = tempfile::tempdir().map_err(failed)?;
    Folder::new().copy(&home.path().join("digits"), "")?;
    let in_home = |arguments: &[&str]| {
        let mut command = ncm(arguments);
        command.env("HOME", home.path()).current_dir(here.path());
        command
    };
    for named in ["~/digits", "$HOME/digits", "${HOME}/digits"] {
        let equal = format!("--data={named}");
        for arguments in [
            &[&ACCURACY[..], &[&equal]].concat()[..],
            &[&ACCURACY[..], &["--data", named]].concat(),
        ] {
            let found = json(&mut in_home(arguments))?;
            ensure(found["dataset"]["train"] == 6, || found.to_string())?;
        }
        let found = json(in_home(&ACCURACY).env("NCM_DATA", named))?;
        ensure(found["dataset"]["train"] == 6, || found.to_string())?;
        succeed(&mut in_home(&["data", "verify", named]))?;
    }
    succeed(&mut in_home(&[
        "data",
        "export",
        "~/out",
        "--data=~/digits",
    ]))?;
    succeed(&mut in_home(&[
        "accuracy",
        "--backend=cpu",
        "--data=~/digits",
        "--predictions=~/p.csv",
    ]))?;
    succeed(&mut in_home(&[
        "means",
        "--backend=cpu",
        "--data=~/digits",
        "--save",
        "~/m.npz",
    ]))?;
    let mut fetch = in_home(&["data", "fetch", "mnist"]);
    run(fetch.env("NCM_CACHE_DIR", "~/cache"))?;
    for made in ["out/train-images-idx3-ubyte", "p.csv", "m.npz", "cache"] {
        ensure(home.path().join(made).exists(), || format!("no {made}"))?;
    }
    let left = fs::read_dir(here.path()).map_err(failed)?.count();
    ensure(left == 0, || {
        format!("{left} files are where they do not belong")
    })
}

#[test]
fn names_that_lead_nowhere_are_guessed() -> Outcome {
    let here = tempfile::tempdir().map_err(failed)?;
    Folder::new().copy(&here.path().join("base"), "")?;
    for (named, meant) in [
        ("MNIST", "mnist"),
        ("Fashion-MNIST", "fashion-mnist"),
        ("emnist_letters", "emnist-letters"),
        ("mnits", "mnist"),
        ("base ", "base"),
        ("\"base\"", "base"),
        ("./base\"", "./base"),
        ("Base", "base"),
        ("./basse", "./base"),
    ] {
        let mut command = ncm(&["accuracy", "--data", named]);
        let says = format!("did you mean {meant}?");
        fail(command.current_dir(here.path()), 3, &says)?;
    }
    let mut command = ncm(&["accuracy", "--data", "imagenet"]);
    let ran = run(command.current_dir(here.path()))?;
    ensure(!ran.stderr.contains("did you mean"), || ran.stderr.clone())
}

/// Permission is called permission, for who may not read the data: somebody else,
/// where this user may read anything.
#[cfg(unix)]
#[test]
fn without_permission_say_so() -> Outcome {
    use super::runner::as_other;
    use std::os::unix::fs::PermissionsExt;

    let place = tempfile::tempdir().map_err(failed)?;
    let mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed)
    };
    let closed = place.path().join("closed");
    Folder::new().copy(&closed.join("inner"), "")?;
    Folder::new().copy(&closed, "")?;
    let program = place.path().join("ncm");
    fs::copy(env!("CARGO_BIN_EXE_ncm"), &program).map_err(failed)?;
    mode(place.path(), 0o755)?;
    let accuracy = |named: &Path| {
        let mut command = as_other(&program, &closed);
        command
            .args(["accuracy", "--backend", "cpu", "--data"])
            .arg(named);
        command
    };
    mode(&closed, 0)?;
    for named in [
        closed.clone(),
        closed.join("inner"),
        closed.join(Folder::TRAIN_IMAGES),
    ] {
        fail(&mut accuracy(&named), 3, "found what may not be read")?;
    }
    // Whoever knows the names may read what cannot be listed.
    mode(&closed, 0o311)?;
    succeed(&mut accuracy(&closed))?;
    mode(&closed, 0o755)
}

/// An archive under Keras's name that has no arrays is nobody's MNIST.
#[test]
fn archives_without_arrays_are_passed_over() -> Outcome {
    let here = tempfile::tempdir().map_err(failed)?;
    let keras = with_keras(here.path())?;
    fs::create_dir(here.path().join("data")).map_err(failed)?;
    let archive = fs::File::create(here.path().join("data/mnist.npz")).map_err(failed)?;
    let mut zip = zip::ZipWriter::new(archive);
    zip.start_file("a.txt", zip::write::SimpleFileOptions::default())
        .map_err(failed)?;
    zip.finish().map_err(failed)?;
    let mut command = ncm(&ACCURACY);
    let found = json(command.current_dir(here.path()).env("KERAS_HOME", &keras))?;
    ensure(found["dataset"]["train"] == 6, || found.to_string())
}
