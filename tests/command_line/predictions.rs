//! The file of predictions.

#[cfg(unix)]
use std::path::Path;

use super::runner::{fail, json, ncm, on, succeed};
use crate::support::{Folder, Outcome, ensure, failed, skips};

/// Byte for byte, and what they are by hand.
#[test]
fn are_the_same_from_every_backend() -> Outcome {
    let folder = Folder::new();
    let file = folder.path().join("predictions.csv");
    let mut backends = vec!["reference", "cpu"];
    let devices = json(&mut ncm(&["devices", "--json"]))?;
    if devices["adapters"]
        .as_array()
        .is_some_and(|adapters| !adapters.is_empty())
    {
        backends.push("gpu");
    }
    // Means 5, 105, 205 in three pixels; images 4, 104, 211, 40.
    let distance = |off: f64| (3.0 * off * off).sqrt();
    let margin = |near: f64, far: f64| 3.0 * (far * far - near * near);
    let expected = format!(
        "index,label,predicted,distance,margin\n\
         0,0,0,{},{}\n1,1,1,{},{}\n2,2,2,{},{}\n3,2,0,{},{}\n",
        distance(1.0),
        margin(1.0, 101.0),
        distance(1.0),
        margin(1.0, 99.0),
        distance(6.0),
        margin(6.0, 106.0),
        distance(35.0),
        margin(35.0, 65.0)
    );
    for backend in backends {
        succeed(
            on(&folder, &["accuracy", "--backend", backend])
                .arg("--predictions")
                .arg(&file),
        )?;
        let found = std::fs::read_to_string(&file).map_err(failed)?;
        ensure(found == expected, || format!("{backend}: {found}"))?;
    }
    Ok(())
}

#[test]
fn appear_whole_or_not_at_all() -> Outcome {
    let folder = Folder::new();
    let arguments = ["accuracy", "--backend", "cpu"];
    let missing = folder.path().join("no such folder").join("file.csv");
    fail(
        on(&folder, &arguments).arg("--predictions").arg(&missing),
        1,
        "file.csv: could not be written",
    )?;
    // A run that fails leaves the file as it was.
    let file = folder.path().join("kept.csv");
    std::fs::write(&file, "kept").map_err(failed)?;
    folder.write(Folder::TEST_LABELS, b"broken");
    fail(
        on(&folder, &arguments).arg("--predictions").arg(&file),
        3,
        Folder::TEST_LABELS,
    )?;
    ensure(std::fs::read(&file).map_err(failed)? == b"kept", || {
        "the file was touched".into()
    })?;
    let left = std::fs::read_dir(folder.path()).map_err(failed)?.count();
    ensure(left == 5, || format!("{left} files in the folder"))?;
    #[cfg(unix)]
    {
        let folder = Folder::new();
        succeed(
            on(&folder, &arguments)
                .arg("--predictions")
                .arg("/dev/null"),
        )?;
        ensure(!Path::new("/dev/null").is_file(), || {
            "/dev/null was replaced".into()
        })?;
    }
    Ok(())
}

/// Interrupted while it writes, a run leaves the old file and nothing else.
#[cfg(unix)]
#[test]
fn interrupted_leaves_nothing_unfinished() -> Outcome {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = folder.path().join("predictions.csv");
        std::fs::write(&file, "old").map_err(failed)?;
        let mut command = ncm(&[
            "accuracy",
            "--backend",
            "cpu",
            "--data",
            "synthetic:1000,900000000",
        ]);
        let mut child = command
            .arg("--predictions")
            .arg(&file)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let files = || std::fs::read_dir(folder.path()).map_or(0, Iterator::count);
        let began = std::time::Instant::now();
        while files() < 2 && began.elapsed().as_secs() < 60 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let begun = files() == 2;
        let id = child.id().to_string();
        std::process::Command::new("kill")
            .args([signal, &id])
            .status()
            .map_err(failed)?;
        let ended = std::time::Instant::now();
        let status = child.wait().map_err(failed)?;
        ensure(begun, || "nothing was begun".into())?;
        ensure(status.code() == Some(130), || format!("{signal}: {status}"))?;
        ensure(ended.elapsed().as_secs() < 2, || "it took its time".into())?;
        let kept = std::fs::read_to_string(&file).map_err(failed)? == "old";
        ensure(kept && files() == 1, || {
            format!("{signal} left {} files", files())
        })?;
    }
    Ok(())
}

/// What a run reads it does not write over, by whatever name.
#[cfg(unix)]
#[test]
fn writes_over_nothing_that_it_reads() -> Outcome {
    let folder = Folder::new();
    let saved = folder.path().join("model.npz");
    let cpu = ["--backend", "cpu"];
    let mut save = on(&folder, &["means"]);
    succeed(save.args(cpu).arg("--save").arg(&saved))?;
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path().join(Folder::TEST_IMAGES), &link).map_err(failed)?;
    let before: Vec<Vec<u8>> = everything(&folder)?;
    let of = |name: &str| folder.path().join(name).display().to_string();
    let model = saved.display().to_string();
    for (arguments, target) in [
        (&["accuracy", "--predictions"][..], of(Folder::TRAIN_LABELS)),
        (&["accuracy", "--predictions"], of("link")),
        (
            &["accuracy", "--model", &model, "--predictions"],
            model.clone(),
        ),
        (&["means", "--save"], of(Folder::TRAIN_IMAGES)),
        (&["show", "--grid", "2x2", "--png"], of(Folder::TEST_IMAGES)),
        (&["report", "--html"], of(Folder::TEST_LABELS)),
    ] {
        let mut command = on(&folder, &arguments[..1]);
        command.args(&arguments[1..]).arg(&target);
        if arguments[0] != "show" {
            command.args(cpu);
        }
        fail(&mut command, 2, "this file is read")?;
        ensure(everything(&folder)? == before, || {
            format!("{arguments:?} has changed {target}")
        })?;
    }
    let mut onto_itself = ncm(&["means", "--model", &model, "--save", &model]);
    fail(&mut onto_itself, 2, "this file is read")?;
    ensure(everything(&folder)? == before, || {
        "the model has changed".into()
    })
}

/// The content of every file.
#[cfg(unix)]
fn everything(folder: &Folder) -> Result<Vec<Vec<u8>>, String> {
    let files = std::fs::read_dir(folder.path()).map_err(failed)?;
    let mut paths = Vec::new();
    for file in files {
        paths.push(file.map_err(failed)?.path());
    }
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).map_err(failed))
        .collect()
}

/// Whether permissions mean nothing to this user.
#[cfg(unix)]
fn may_write_anything() -> bool {
    let folder = Folder::new();
    read_only(&folder).is_ok_and(|path| std::fs::File::options().write(true).open(path).is_ok())
}

#[cfg(unix)]
fn read_only(folder: &Folder) -> Result<std::path::PathBuf, String> {
    use std::os::unix::fs::PermissionsExt;

    folder.write("kept", b"kept");
    let path = folder.path().join("kept");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o444)).map_err(failed)?;
    Ok(path)
}

#[cfg(unix)]
#[test]
fn writes_over_nothing_read_only() -> Outcome {
    let anywhere = may_write_anything().then_some("this user may write anywhere");
    if skips("everything", anywhere)? {
        return Ok(());
    }
    let folder = Folder::new();
    let kept = read_only(&folder)?;
    let mut save = on(&folder, &["means", "--backend", "cpu"]);
    fail(save.arg("--save").arg(&kept), 1, "could not be written")?;
    ensure(folder.read("kept") == b"kept", || {
        "it is written over".into()
    })
}

/// A leftover that may not be opened is no reason to leave the others.
#[cfg(target_os = "linux")]
#[test]
fn leftovers_are_swept_beside_one_that_is_in_use() -> Outcome {
    let (folder, out) = (Folder::new(), tempfile::tempdir().map_err(failed)?);
    let left = |name: usize| out.path().join(format!(".ncm-unfinished-{name:02}"));
    for name in 0..40 {
        std::fs::write(left(name), "bytes").map_err(failed)?;
    }
    // A program that runs may not be opened for writing, not even by root.
    std::fs::copy("/bin/sleep", left(20)).map_err(failed)?;
    let mut busy = std::process::Command::new(left(20))
        .arg("60")
        .spawn()
        .map_err(failed)?;
    let file = out.path().join("predictions.csv");
    let arguments = ["accuracy", "--backend", "cpu"];
    let ran = succeed(on(&folder, &arguments).arg("--predictions").arg(&file));
    let swept = (0..40).filter(|&name| !left(name).exists()).count();
    busy.kill().map_err(failed)?;
    busy.wait().map_err(failed)?;
    ran?;
    // Where programs in use may be written to, all are gone.
    ensure(swept >= 39 && file.exists(), || {
        format!("{swept} are swept")
    })
}
