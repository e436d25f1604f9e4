//! What is written where, and what when it cannot be.

#[cfg(unix)]
use crate::command_line::{FULL_DISK, limited, no_full_disk, run};
use crate::command_line::{fail, ncm, succeed};
#[cfg(unix)]
use crate::support::skips;
use crate::support::{Folder, Outcome, ensure, failed, idx};

use super::SMALL;

#[test]
fn usage_errors_exit_with_2() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let mut twice = ncm(&["report", "--backend", "cpu", "--data", SMALL, "--png"]);
    twice.arg(folder.path()).arg("--html");
    twice.arg(folder.path().join("./means.png"));
    fail(&mut twice, 2, "two results would be written there")?;
    let new = folder.path().join("new");
    let mut both = ncm(&["report", "--backend", "cpu", "--data", SMALL, "--png"]);
    succeed(both.arg(&new).arg("--html").arg(new.join("page.html")))?;
    fail(
        &mut ncm(&["report", "--data", SMALL, "--html"]),
        2,
        "--html",
    )
}

/// Without a word on where to, the page is in the folder where the command runs.
#[test]
fn writes_a_page_unasked() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let arguments = ["report", "--backend", "cpu", "--data", "synthetic:50,20"];
    let ran = succeed(ncm(&arguments).current_dir(folder.path()))?;
    let says = ran.stdout.contains("written       ncm-report.html\n");
    ensure(says, || ran.stdout.clone())?;
    let page = std::fs::read_to_string(folder.path().join("ncm-report.html")).map_err(failed)?;
    ensure(page.contains("--html ncm-report.html"), || {
        "no command".into()
    })?;
    let json = [&arguments[..], &["--json"]].concat();
    std::fs::remove_file(folder.path().join("ncm-report.html")).map_err(failed)?;
    succeed(ncm(&json).current_dir(folder.path()))?;
    let files = std::fs::read_dir(folder.path()).map_err(failed)?.count();
    ensure(files == 0, || format!("{files} files"))
}

/// What was there before is there still when anything goes wrong.
#[test]
fn appears_whole_or_not_at_all() -> Outcome {
    let folder = Folder::new();
    let out = tempfile::tempdir().map_err(failed)?;
    let (html, file) = (out.path().join("page.html"), out.path().join("file"));
    std::fs::write(&html, "old").map_err(failed)?;
    std::fs::write(&file, "").map_err(failed)?;
    let report = || {
        let mut command = ncm(&["report", "--backend", "cpu", "--data"]);
        command.arg(folder.path()).arg("--html").arg(&html);
        command
    };
    let untouched = || {
        let old = std::fs::read_to_string(&html).map_err(failed)? == "old";
        let files = std::fs::read_dir(out.path()).map_err(failed)?.count();
        ensure(old && files == 2, || format!("{files} files, old: {old}"))
    };
    fail(report().arg("--png").arg(&file), 1, "could not be written")?;
    untouched()?;
    let nowhere = out.path().join("nowhere/page.html");
    let mut command = ncm(&["report", "--backend", "cpu", "--data", SMALL, "--html"]);
    fail(command.arg(&nowhere), 1, "there is no such folder")?;
    untouched()?;
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0, 1, 2]));
    fail(
        report().arg("--png").arg(out.path().join("pictures")),
        3,
        Folder::TEST_LABELS,
    )?;
    untouched()
}

/// A disk with room for one file and not for the next has none of them.
#[cfg(unix)]
#[test]
fn on_a_disk_that_fills_up() -> Outcome {
    let out = tempfile::tempdir().map_err(failed)?;
    let (html, png) = (out.path().join("page.html"), out.path().join("png"));
    std::fs::write(&html, "old").map_err(failed)?;
    let mut codes = Vec::new();
    for blocks in [0, 1, 8, 16, 24, 32, 64, 1_024] {
        let mut command = ncm(&["report", "--backend", "cpu", "--data", "synthetic:50,20"]);
        command.arg("--html").arg(&html).arg("--png").arg(&png);
        // Else the signal, not the error, would end it.
        let room = format!("trap '' XFSZ; ulimit -f {blocks}");
        let ran = run(&mut limited(&room, command))?;
        codes.push(ran.code);
        if ran.code == Some(0) {
            break;
        }
        let says = ran.code == Some(1) && ran.stderr.contains("could not be written");
        ensure(says, || {
            format!("{blocks} blocks: {:?}: {}", ran.code, ran.stderr)
        })?;
        let old = std::fs::read_to_string(&html).map_err(failed)? == "old";
        let pictures = std::fs::read_dir(&png).map_or(0, Iterator::count);
        let files = std::fs::read_dir(out.path()).map_err(failed)?.count();
        ensure(old && pictures == 0 && files <= 2, || {
            format!("{blocks} blocks: {files} files, {pictures} pictures, old: {old}")
        })?;
    }
    ensure(codes.len() > 2 && codes.ends_with(&[Some(0)]), || {
        format!("{codes:?}")
    })
}

/// A disk that turns out to be full with the last picture: the page is not there either.
#[cfg(unix)]
#[test]
fn on_a_full_disk() -> Outcome {
    if skips("everything", no_full_disk())? {
        return Ok(());
    }
    let folder = Folder::new();
    let out = tempfile::tempdir().map_err(failed)?;
    let html = out.path().join("page.html");
    std::os::unix::fs::symlink(FULL_DISK, out.path().join("means.png")).map_err(failed)?;
    let mut command = ncm(&["report", "--backend", "cpu", "--data"]);
    command.arg(folder.path()).arg("--html").arg(&html);
    fail(command.arg("--png").arg(out.path()), 1, "means.png")?;
    let files = std::fs::read_dir(out.path()).map_err(failed)?.count();
    ensure(files == 1, || format!("{files} files"))
}
