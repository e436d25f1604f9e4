//! Bad usage, bad data, nowhere to read from or write to.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use ncm::internals::backends::gpu::adapters::adapters;

use super::runner::{fail, json, ncm, on, succeed};
#[cfg(unix)]
use super::runner::{limited, run};
use crate::support::{Folder, Outcome, ensure, failed, idx, skips};

#[test]
fn usage_errors_exit_with_2() -> Outcome {
    let folder = Folder::new();
    for arguments in [
        &["accuracy", "--backend", "cuda"][..],
        &["accuracy", "--train-on", "test"],
        &["accuracy", "--leave-one-out"],
        &["accuracy", "--backend", "cpu", "--adapter", "0"],
        &["compare", "--nonsense"],
        &["accuracy", "--adapter", ""],
    ] {
        fail(&mut on(&folder, arguments), 2, "--")?;
    }
    fail(&mut ncm(&[]), 2, "Usage: ncm <COMMAND>")?;
    fail(&mut ncm(&["train"]), 2, "unrecognized subcommand")?;
    for arguments in [
        &["--help"][..],
        &["accuracy", "--help"],
        &["data", "verify", "--help"],
        &["--version"],
    ] {
        let text = succeed(&mut ncm(arguments))?.stdout;
        ensure(
            text.contains("ncm") && text.lines().all(|line| line.chars().count() <= 100),
            || text.clone(),
        )?;
    }
    Ok(())
}

/// Every command explains itself, and the version says what it is a version of.
#[test]
fn explains_itself() -> Outcome {
    let version = succeed(&mut ncm(&["--version"]))?.stdout;
    for says in [
        concat!("ncm ", env!("CARGO_PKG_VERSION"), "\n"),
        std::env::consts::ARCH,
        "backends: reference, cpu, gpu through ",
    ] {
        ensure(version.contains(says), || version.clone())?;
    }
    let short = succeed(&mut ncm(&["-V"]))?.stdout;
    ensure(short.lines().count() == 1, || short.clone())?;
    let help = succeed(&mut ncm(&["--help"]))?.stdout;
    for command in [
        "accuracy",
        "compare",
        "bench",
        "devices",
        "data",
        "info",
        "distances",
    ] {
        ensure(help.contains(command), || help.clone())?;
        let text = succeed(&mut ncm(&[command, "--help"]))?.stdout;
        ensure(text.contains("Usage: ncm"), || text.clone())?;
    }
    for says in ["Exit codes: 0 success", "NCM_CACHE_DIR", "schema"] {
        ensure(help.contains(says), || help.clone())?;
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = succeed(&mut ncm(&["completions", shell]))?.stdout;
        for word in ["accuracy", "train-on", "offline", "schema"] {
            ensure(script.contains(word), || format!("{shell}: no {word}"))?;
        }
    }
    let page = succeed(&mut ncm(&["man"]))?.stdout;
    ensure(
        page.contains(".TH ncm 1") && page.contains("Exit codes"),
        || page.clone(),
    )?;
    let page = succeed(&mut ncm(&["man", "compare"]))?.stdout;
    ensure(
        page.contains(".TH ncm-compare 1") && page.contains("McNemar"),
        || page.clone(),
    )?;
    let page = succeed(&mut ncm(&["man", "data", "fetch"]))?.stdout;
    ensure(page.contains(".TH ncm-data-fetch 1"), || page.clone())?;
    fail(
        &mut ncm(&["schema", "draw"]),
        2,
        "no command \"draw\" has --json",
    )?;
    fail(
        &mut ncm(&["man", "nothing"]),
        2,
        "there is no command \"nothing\"",
    )
}

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

/// With every Vulkan driver hidden from the loader.
#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "drivers are hidden from the loader on Linux alone"
)]
fn without_a_gpu_exits_with_5_or_falls_back() -> Outcome {
    let folder = Folder::new();
    let hidden = |mut command: Command| {
        command
            .env("VK_DRIVER_FILES", "/nonexistent")
            .env("VK_ICD_FILENAMES", "/nonexistent");
        command
    };
    fail(
        &mut hidden(on(&folder, &["accuracy", "--backend", "gpu"])),
        5,
        "install a Vulkan driver",
    )?;
    let ran = succeed(&mut hidden(on(&folder, &["accuracy", "--json"])))?;
    ensure(
        ran.stderr.trim() == "ncm: no GPU adapter found; using the cpu backend",
        || ran.stderr.clone(),
    )?;
    ensure(ran.stdout.contains("\"kind\": \"cpu\""), || {
        ran.stdout.clone()
    })?;
    let found = json(&mut hidden(ncm(&["devices", "--json"])))?;
    ensure(
        found["adapters"] == serde_json::json!([]) && found["auto"]["backend"] == "cpu",
        || found.to_string(),
    )
}

#[test]
fn chooses_adapters() -> Outcome {
    let found = adapters();
    let names: Vec<_> = found
        .iter()
        .map(|found| &*found.description().name)
        .collect();
    if skips("gpu", names.is_empty().then_some("no GPU adapter found"))? {
        return Ok(());
    }
    let folder = Folder::new();
    let chosen = |arguments: &[&str]| -> Result<String, String> {
        let found = json(&mut on(
            &folder,
            &[&["accuracy", "--json"], arguments].concat(),
        ))?;
        Ok(found["backend"]["adapter"]["name"]
            .as_str()
            .unwrap_or("-")
            .to_owned())
    };
    let part = names[0][1..].to_uppercase();
    for arguments in [
        &["--backend", "gpu"][..],
        &["--adapter", "0"],
        &["--backend", "gpu", "--adapter", &part],
    ] {
        let found = chosen(arguments)?;
        ensure(found == names[0], || format!("{arguments:?} chose {found}"))?;
    }
    for (wrong, says) in [("no such card", names[0]), ("99", "\"99\"")] {
        let adapter = ["accuracy", "--json", "--adapter", wrong];
        let asked = [&adapter[..], &["--backend", "gpu"]].concat();
        fail(&mut on(&folder, &asked), 5, says)?;
        // Left to us, the answer comes all the same.
        let ran = succeed(&mut on(&folder, &adapter))?;
        let one_line = ran.stderr.lines().count() == 1;
        ensure(one_line && ran.stderr.contains(says), || ran.stderr.clone())?;
        ensure(ran.stderr.contains("; using the cpu backend"), || {
            ran.stderr.clone()
        })?;
        ensure(ran.stdout.contains("\"kind\": \"cpu\""), || {
            ran.stdout.clone()
        })?;
    }
    Ok(())
}

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

#[test]
fn full_disk_is_failure() -> Outcome {
    if skips("everything", no_full_disk())? {
        return Ok(());
    }
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open(FULL_DISK)
        .map_err(failed)?;
    let folder = Folder::new();
    let mut command = on(&folder, &["accuracy", "--backend", "cpu"]);
    let output = command.stdout(full).output().map_err(failed)?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure(
        output.status.code() == Some(1) && stderr.contains("standard output"),
        || stderr.clone(),
    )
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
                    ensure(says && ran.stdout.is_empty(), || ran.stderr.clone())?;
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

/// Where a file is asked for that takes nothing.
#[test]
fn full_disk_under_a_result_file() -> Outcome {
    if skips("everything", no_full_disk())? {
        return Ok(());
    }
    let arguments = ["accuracy", "--backend", "cpu", "--predictions", FULL_DISK];
    fail(
        &mut on(&Folder::new(), &arguments),
        1,
        "could not be written",
    )
}

#[test]
fn has_colour_only_where_wanted() -> Outcome {
    let folder = Folder::new();
    let escapes = |setting: &[(&str, &str)], arguments: &[&str]| -> Result<bool, String> {
        let ran = succeed(on(&folder, arguments).envs(setting.iter().copied()))?;
        Ok(ran.stdout.contains('\u{1b}') || ran.stderr.contains('\u{1b}'))
    };
    let text = ["accuracy", "--backend", "cpu"];
    ensure(!escapes(&[], &text)?, || "escape codes in a pipe".into())?;
    ensure(!escapes(&[("NO_COLOR", "1")], &text)?, || {
        "escape codes with NO_COLOR".into()
    })?;
    ensure(escapes(&[("CLICOLOR_FORCE", "1")], &text)?, || {
        "no colour where it was forced".into()
    })?;
    let json = ["accuracy", "--backend", "cpu", "--json"];
    ensure(!escapes(&[("CLICOLOR_FORCE", "1")], &json)?, || {
        "escape codes in JSON".into()
    })
}
