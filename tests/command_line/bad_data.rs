//! Bad data, and files with odd names.

#[cfg(unix)]
use super::runner::succeed;
use super::runner::{fail, ncm, on};
use crate::support::{Folder, Outcome, idx};
#[cfg(unix)]
use crate::support::{ensure, failed};

#[test]
fn bad_data_exits_with_3_and_one_line() -> Outcome {
    for command in ["accuracy", "compare"] {
        let folder = Folder::new();
        folder.write(Folder::TRAIN_IMAGES, &idx(&[6, 2, 3], &[1; 35]));
        fail(
            &mut on(&folder, &[command, "--json"]),
            3,
            "found 35 bytes after the header; expected 36 bytes",
        )?;
        folder.remove(Folder::TRAIN_IMAGES);
        fail(
            &mut on(&folder, &[command]),
            3,
            "found no file of train images",
        )?;
        fail(
            &mut ncm(&[command, "--data", "/no/such/folder"]),
            3,
            "/no/such/folder: found nothing",
        )?;
    }
    Ok(())
}

/// Names that would break a line or colour a terminal do neither.
#[cfg(unix)]
#[test]
fn shows_odd_names_as_one_line() -> Outcome {
    let place = tempfile::tempdir().map_err(failed)?;
    let odd = place.path().join("a\nb\u{1b}[31m");
    fail(
        ncm(&["accuracy", "--data"]).arg(&odd),
        3,
        r"a\nb\u{1b}[31m: found nothing",
    )?;
    std::fs::rename(Folder::new().path(), &odd).map_err(failed)?;
    let read = succeed(ncm(&["accuracy", "--backend", "cpu", "--data"]).arg(&odd))?;
    ensure(
        read.stdout
            .contains(r"dataset       a\nb\u{1b}[31m: 6 train"),
        || read.stdout.clone(),
    )?;
    let verified = succeed(ncm(&["data", "verify"]).arg(&odd))?;
    ensure(verified.stdout.contains(r"a\nb\u{1b}[31m is valid"), || {
        verified.stdout.clone()
    })?;
    let digit = odd.join("digit\r.png");
    let show = ["show", "--data", "synthetic:20,4", "--png"];
    succeed(ncm(&show).arg(&digit))?;
    for command in [
        &["predict"][..],
        &["predict", "--explain"],
        &["distances", "--backend", "cpu", "--file"],
    ] {
        let read = succeed(ncm(command).arg(&digit))?;
        ensure(read.stdout.contains(r"digit\r.png"), || read.stdout.clone())?;
    }
    Ok(())
}
