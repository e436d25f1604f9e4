//! Pipes that are closed and disks that are full.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use super::runner::{limited, ncm, on, run};
use crate::support::{Folder, Outcome, ensure, failed, skips};

/// `ncm … | head -c1`
#[test]
fn closed_pipe_is_success() -> Outcome {
    let folder = Folder::new();
    let mut command = on(&folder, &["accuracy", "--backend", "cpu", "--json"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .ok_or("no stderr")?
        .read_to_string(&mut stderr)
        .map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    ensure(status.code() == Some(0) && stderr.is_empty(), || {
        format!("{status}: {stderr}")
    })
}

/// Where every write says that the disk is full.
pub const FULL_DISK: &str = "/dev/full";

/// Why there is no such file, if so.
pub fn no_full_disk() -> Option<&'static str> {
    (!Path::new(FULL_DISK).exists()).then_some("there is no /dev/full")
}

/// A disk that is full after one block, after two, and so on until there is
/// room: an error every time, and what was there before is there still.
#[cfg(unix)]
#[test]
fn disk_that_fills_up_at_any_block() -> Outcome {
    let out = tempfile::tempdir().map_err(failed)?;
    let (file, exported) = (
        out.path().join("predictions.csv"),
        out.path().join("exported"),
    );
    let (csv, images) = (file.display().to_string(), exported.display().to_string());
    let large = "synthetic:20,20";
    let predicted = [
        "accuracy",
        "--backend",
        "cpu",
        "--data",
        large,
        "--predictions",
        &csv,
    ];
    let written = ["data", "export", &images, "--data", large];
    for (arguments, there) in [(&predicted[..], &file), (&written[..], &exported)] {
        let mut succeeded_at = None;
        for blocks in 0..64 {
            std::fs::write(&file, "old").map_err(failed)?;
            // Else the signal, not the error, would end it.
            let room = format!("trap '' XFSZ; ulimit -f {blocks}");
            let ran = run(&mut limited(&room, ncm(arguments)))?;
            match ran.code {
                Some(0) => {
                    succeeded_at = Some(blocks);
                    break;
                }
                Some(1) => {
                    let says = ran.stderr.contains("could not be written");
                    // The accuracy is there all the same.
                    let result = ran.stdout.contains("images right");
                    let result = result == (arguments[0] == "accuracy");
                    ensure(says && result, || ran.stderr.clone())?;
                }
                code => return Err(format!("{blocks} blocks: {code:?}: {}", ran.stderr)),
            }
            let old = std::fs::read_to_string(&file).map_err(failed)? == "old";
            let files = std::fs::read_dir(&exported).map_or(0, Iterator::count);
            ensure(old && files == 0, || {
                format!("{blocks} blocks: {files} files, old: {old}")
            })?;
        }
        ensure(
            succeeded_at.is_some_and(|blocks| blocks > 0) && there.exists(),
            || format!("{arguments:?} succeeded at {succeeded_at:?}"),
        )?;
    }
    Ok(())
}

/// Where a file is asked for that takes nothing: an error, and the accuracy.
#[test]
fn full_disk_under_a_result_file() -> Outcome {
    if skips("everything", no_full_disk())? {
        return Ok(());
    }
    let arguments = ["accuracy", "--backend", "cpu", "--predictions", FULL_DISK];
    let ran = run(&mut on(&Folder::new(), &arguments))?;
    let says = ran.stderr.contains("could not be written") && ran.stdout.contains("images right");
    ensure(ran.code == Some(1) && says, || {
        format!("{:?}: {}", ran.code, ran.stderr)
    })
}

/// What is not printed whole is an error; helps and versions are results as well.
#[test]
fn full_disk_is_failure() -> Outcome {
    if skips("everything", no_full_disk())? {
        return Ok(());
    }
    let folder = Folder::new();
    let path = folder.path().to_str().ok_or("a path that is not text")?;
    for arguments in [
        &["accuracy", "--backend", "cpu", "--data", path][..],
        &["--help"],
        &["--version"],
        &["accuracy", "--help"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open(FULL_DISK);
        let output = ncm(arguments).stdout(full.map_err(failed)?).output();
        let output = output.map_err(failed)?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure(
            output.status.code() == Some(1) && stderr.contains("standard output"),
            || format!("{arguments:?}: {}: {stderr}", output.status),
        )?;
    }
    Ok(())
}
