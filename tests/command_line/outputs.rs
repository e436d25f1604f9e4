//! Where results go: standard output, and files that nothing else is written to.

#[cfg(unix)]
use std::path::Path;
use std::process::Command;

use super::looking::digits;
use super::runner::{fail, ncm, on};
use crate::support::{Folder, Outcome, ensure, failed};

/// Runs a command in an empty folder and returns its two streams.
fn streams(command: &mut Command) -> Result<(Vec<u8>, String), String> {
    let folder = tempfile::tempdir().map_err(failed)?;
    let output = command
        .current_dir(folder.path())
        .output()
        .map_err(failed)?;
    let stderr = String::from_utf8(output.stderr).map_err(failed)?;
    ensure(output.status.code() == Some(0), || {
        format!("{command:?}: {stderr}")
    })?;
    let files = std::fs::read_dir(folder.path()).map_err(failed)?.count();
    ensure(files == 0, || {
        format!("{command:?} has written {files} files")
    })?;
    Ok((output.stdout, stderr))
}

/// `-` is standard output; what a person reads is on standard error then.
#[test]
fn minus_is_standard_output() -> Outcome {
    let cpu = ["--backend", "cpu"];
    for (arguments, begins, says) in [
        (
            &["accuracy", "--predictions", "-"][..],
            &b"index,label,"[..],
            "images right",
        ),
        (&["means", "--save", "-"], b"PK", "Class means of"),
        (&["means", "--png", "-"], b"\x89PNG", "Class means of"),
        (&["show", "--png", "-"], b"\x89PNG", "Image 0 of train"),
        (
            &["report", "--html", "-"],
            b"<!DOCTYPE html>",
            "images right",
        ),
    ] {
        let (stdout, stderr) = streams(&mut digits(&[arguments, &cpu].concat()))?;
        ensure(stdout.starts_with(begins), || {
            format!("{arguments:?}: {:?}", &stdout[..stdout.len().min(20)])
        })?;
        ensure(stderr.contains(says), || format!("{arguments:?}: {stderr}"))?;
        let json = [arguments, &cpu, &["--json"]].concat();
        fail(
            &mut digits(&json),
            2,
            "- and --json both write to standard output",
        )?;
    }
    let both = ["means", "--save", "-", "--png", "-"];
    fail(&mut digits(&both), 2, "two results would be written there")?;
    for folder in [&["report", "--png", "-"][..], &["data", "export", "-"]] {
        fail(
            &mut digits(folder),
            2,
            "- is standard output, which takes one file",
        )?;
    }
    Ok(())
}

/// The same bytes as in a file.
#[test]
fn standard_output_takes_what_a_file_would() -> Outcome {
    let folder = Folder::new();
    let path = folder.path().join("predictions.csv");
    let arguments = ["accuracy", "--backend", "cpu"];
    streams(on(&folder, &arguments).arg("--predictions").arg(&path))?;
    let (stdout, _) = streams(on(&folder, &arguments).args(["--predictions", "-"]))?;
    ensure(stdout == folder.read("predictions.csv"), || {
        "other bytes".into()
    })
}

/// Two results to one file: said before the dataset is even looked for.
#[test]
fn two_results_never_share_a_file() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let of = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(folder.path().join("below")).map_err(failed)?;
    let mut pairs = vec![("both", "both"), ("./both", "below/../both")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("both", folder.path().join("link")).map_err(failed)?;
        pairs.push(("both", "link"));
    }
    for (save, png) in pairs {
        let means = [
            "means",
            "--data",
            "/nowhere",
            "--save",
            &of(save),
            "--png",
            &of(png),
        ];
        fail(&mut ncm(&means), 2, "two results would be written there")?;
    }
    let files = std::fs::read_dir(folder.path()).map_err(failed)?;
    let files = files
        .filter_map(Result::ok)
        .filter(|file| file.path().is_file());
    ensure(files.count() == 0, || "something was written".into())
}

/// A model needs no dataset and no backend, and says so where one is given.
#[test]
fn means_of_a_model_take_nothing_else() -> Outcome {
    let folder = Folder::new();
    let model = folder.path().join("model.npz");
    let model = model.to_str().ok_or("a path")?;
    streams(&mut on(
        &folder,
        &["means", "--backend", "cpu", "--save", model],
    ))?;
    let of = ["means", "--model", model];
    streams(&mut ncm(&of))?;
    fail(
        &mut on(&folder, &of),
        2,
        "both say where the means are from",
    )?;
    for ignored in [["--backend", "gpu"], ["--adapter", "nosuch"]] {
        fail(
            &mut ncm(&[&of[..], &ignored].concat()),
            2,
            "cannot be used with",
        )?;
    }
    Ok(())
}

#[test]
fn pictures_are_called_what_they_are() -> Outcome {
    for name in ["x.jpg", "x.JPEG", "x.gif", "x.tiff"] {
        let says = "a PNG file is written, whatever its name; call it x.png";
        fail(&mut digits(&["show", "--png", name]), 2, says)?;
        fail(&mut digits(&["means", "--png", name]), 2, says)?;
    }
    Ok(())
}

/// A link stays one, also where its target is not there yet.
#[cfg(unix)]
#[test]
fn links_are_followed() -> Outcome {
    let folder = Folder::new();
    let below = folder.path().join("below");
    std::fs::create_dir(&below).map_err(failed)?;
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("below/target.csv", &link).map_err(failed)?;
    for _ in 0..2 {
        let arguments = ["accuracy", "--backend", "cpu"];
        streams(on(&folder, &arguments).arg("--predictions").arg(&link))?;
        let written = std::fs::read(below.join("target.csv")).map_err(failed)?;
        ensure(link.is_symlink() && written.starts_with(b"index,"), || {
            "the link is gone, or its target is the old one".into()
        })?;
        std::fs::write(below.join("target.csv"), "old").map_err(failed)?;
    }
    std::fs::remove_file(&link).map_err(failed)?;
    std::os::unix::fs::symlink("link", &link).map_err(failed)?;
    let arguments = ["accuracy", "--backend", "cpu"];
    fail(
        on(&folder, &arguments).arg("--predictions").arg(&link),
        1,
        "a link that leads to itself",
    )
}

/// What replaces a file may be read and written by whom the file could; a new one
/// by whom any new file can.
#[cfg(unix)]
#[test]
fn permissions_stay() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.path().join("predictions.csv");
    let write = || {
        let arguments = ["accuracy", "--backend", "cpu"];
        streams(on(&folder, &arguments).arg("--predictions").arg(&path))
    };
    let mode = |path: &Path| -> Result<u32, String> {
        Ok(path.metadata().map_err(failed)?.permissions().mode() & 0o777)
    };
    write()?;
    folder.write("usual", b"");
    let same = mode(&path)? == mode(&folder.path().join("usual"))?;
    ensure(same, || "a new file has unusual permissions".into())?;
    for old in [0o664, 0o600, 0o666, 0o640] {
        std::fs::write(&path, "old").map_err(failed)?;
        std::fs::set_permissions(&path, PermissionsExt::from_mode(old)).map_err(failed)?;
        write()?;
        let found = mode(&path)?;
        ensure(found == old, || format!("{old:o} became {found:o}"))?;
    }
    Ok(())
}

/// What a killed run has left is removed by the next one in that folder; what
/// another run is writing is not.
#[cfg(unix)]
#[test]
fn what_killed_runs_leave_is_removed() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let unfinished = || -> Result<usize, String> {
        let files = std::fs::read_dir(folder.path()).map_err(failed)?;
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        Ok(names
            .filter(|name| name.starts_with(".ncm-unfinished-"))
            .count())
    };
    let mut killed = ncm(&["data", "export", "--data", "synthetic:60000,10000"]);
    let mut child = killed.arg(folder.path()).spawn().map_err(failed)?;
    while unfinished()? == 0 {
        let running = child.try_wait().map_err(failed)?.is_none();
        ensure(running, || "it was finished too soon".into())?;
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().map_err(failed)?;
    child.wait().map_err(failed)?;
    let left = unfinished()?;
    ensure(left > 0, || "nothing was left".into())?;
    let owned = folder.path().join(".ncm-unfinished-owned");
    let file = std::fs::File::create(&owned).map_err(failed)?;
    file.lock().map_err(failed)?;
    let csv = folder.path().join("predictions.csv");
    let arguments = ["accuracy", "--backend", "cpu"];
    streams(
        on(&Folder::new(), &arguments)
            .arg("--predictions")
            .arg(&csv),
    )?;
    let left = unfinished()?;
    ensure(left == 1 && owned.exists(), || format!("{left} are left"))
}

/// Pipes that have a name of no file, as a shell makes them.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_of_the_shell_takes_predictions() -> Outcome {
    let folder = Folder::new();
    let script = format!(
        "'{}' accuracy --backend cpu --data '{}' --predictions /dev/fd/9 9>&1 >/dev/null | cat",
        env!("CARGO_BIN_EXE_ncm"),
        folder.path().display()
    );
    let ran = std::process::Command::new("sh")
        .args(["-c", &script])
        .output()
        .map_err(failed)?;
    let written = String::from_utf8_lossy(&ran.stdout);
    ensure(written.starts_with("index,label,predicted"), || {
        format!("{written}{}", String::from_utf8_lossy(&ran.stderr))
    })
}
