//! GPU drivers that crash, hang, print or are not conformant: none takes the answer
//! with it. They are made for each test, with a C compiler.

mod made;

use std::process::Stdio;
use std::time::{Duration, Instant};

use made::{ABORTS, Driver, FINE};

use crate::command_line::{Draw, fail, json, one_line, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

const DATA: [&str; 2] = ["--data", "synthetic:200,40"];

/// `command` on a few digits.
fn on_digits<'a>(command: &[&'a str]) -> Vec<&'a str> {
    [command, &DATA].concat()
}

/// Whether a text, however its lines are wrapped, has this part.
fn contains(text: &str, part: &str) -> Outcome {
    let text = one_line(text);
    ensure(text.contains(part), || format!("no {part:?} in {text}"))
}

/// The CPU answers where a driver dies or hangs, that is said, and `gpu` is an error.
fn does_no_harm(driver: Option<Driver>, says: &str) -> Outcome {
    let Some(driver) = driver else {
        return Ok(());
    };
    for command in [
        &["accuracy"][..],
        &["compare"],
        &["bench", "--images", "50"],
    ] {
        let ran = succeed(&mut driver.ncm(&on_digits(command)))?;
        ensure(!ran.stdout.is_empty(), || "no answer".into())?;
        contains(&ran.stderr, says)?;
        contains(&ran.stderr, "ncm devices --retry")?;
        ensure(ran.stderr.lines().count() == 1, || ran.stderr.clone())?;
    }
    let ran = succeed(&mut driver.ncm(&["devices"]))?;
    contains(&ran.stdout, says)?;
    fail(
        &mut driver.ncm(&on_digits(&["accuracy", "--backend", "gpu"])),
        5,
        says,
    )?;
    fail(
        &mut driver.ncm(&on_digits(&["bench", "--backend", "gpu"])),
        5,
        says,
    )
}

#[test]
fn one_that_aborts_does_no_harm() -> Outcome {
    does_no_harm(Driver::wrong(ABORTS)?, "they crashed (signal 6)")
}

#[test]
fn one_that_crashes_when_it_is_loaded_does_no_harm() -> Outcome {
    does_no_harm(
        Driver::wrong(("LOADING", "*(volatile int *)0 = 1"))?,
        "they crashed (signal 11)",
    )
}

#[test]
fn one_that_ends_the_process_does_no_harm() -> Outcome {
    does_no_harm(
        Driver::wrong(("NEGOTIATE", "_exit(0)"))?,
        "they ended the process",
    )
}

#[test]
fn one_that_hangs_does_no_harm() -> Outcome {
    does_no_harm(
        Driver::hanging("NEGOTIATE")?,
        "they did not answer within 1 second;",
    )
}

#[test]
fn one_that_hangs_when_it_is_loaded_does_no_harm() -> Outcome {
    does_no_harm(
        Driver::hanging("LOADING")?,
        "they did not answer within 1 second;",
    )
}

#[test]
fn one_that_was_passed_by_can_be_tried_again() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    driver.hang(true)?;
    let passed_by = "they did not answer";
    contains(
        &succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?.stderr,
        passed_by,
    )?;
    driver.hang(false)?;
    contains(&succeed(&mut driver.ncm(&["devices"]))?.stdout, passed_by)?;
    contains(
        &succeed(&mut driver.ncm(&["devices", "--retry"]))?.stdout,
        "no GPU adapter found",
    )?;
    contains(
        &succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?.stderr,
        "no GPU adapter found",
    )
}

/// One that has opened well before is opened in the process itself, which does not
/// wait for ever either.
#[test]
fn one_that_hangs_later_does_no_harm() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?;
    driver.hang(true)?;
    let began = Instant::now();
    let ran = succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?;
    contains(
        &ran.stderr,
        "the GPU drivers did not answer within 1 second;",
    )?;
    contains(&ran.stderr, "NCM_GPU_TIMEOUT")?;
    ensure(began.elapsed() < Duration::from_secs(30), || {
        "it took its time".into()
    })
}

#[test]
fn an_interruption_ends_a_run_whose_driver_hangs() -> Outcome {
    for (known, signal) in [
        (true, "-INT"),
        (true, "-TERM"),
        (false, "-INT"),
        (false, "-TERM"),
    ] {
        let Some(driver) = Driver::wrong(FINE)? else {
            return Ok(());
        };
        if known {
            succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?;
        }
        driver.hang(true)?;
        let mut child = driver
            .ncm(&on_digits(&["accuracy"]))
            .env("NCM_GPU_TIMEOUT", "60")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        driver.reached()?;
        signalled(signal, child.id())?;
        let began = Instant::now();
        let status = child.wait().map_err(failed)?;
        ensure(status.code() == Some(130), || format!("{signal}: {status}"))?;
        ensure(began.elapsed() < Duration::from_secs(2), || {
            "it took its time".into()
        })?;
        // An interruption is no crash of the driver.
        ensure(!driver.records().contains("passed by"), || driver.records())?;
    }
    Ok(())
}

#[test]
fn a_run_that_is_killed_leaves_nothing_that_passes_for_a_crash() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    driver.hang(true)?;
    let mut killed = driver
        .ncm(&on_digits(&["accuracy"]))
        .env("NCM_GPU_TIMEOUT", "60")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    driver.reached()?;
    killed.kill().map_err(failed)?;
    killed.wait().map_err(failed)?;
    driver.hang(false)?;
    ensure(driver.records().is_empty(), || driver.records())?;
    let ran = succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?;
    contains(&ran.stderr, "no GPU adapter found")
}

#[test]
fn first_runs_side_by_side_leave_a_good_record() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    let start = || {
        let mut command = driver.ncm(&on_digits(&["accuracy"]));
        command.env("NCM_GPU_TIMEOUT", "60");
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    };
    let runs: Result<Vec<_>, _> = (0..8).map(|_| start()).collect();
    for mut run in runs.map_err(failed)? {
        let status = run.wait().map_err(failed)?;
        ensure(status.success(), || status.to_string())?;
    }
    ensure(driver.records() == "no real GPU: \"auto\"\n", || {
        driver.records()
    })
}

#[test]
fn what_one_prints_does_not_come_before_json() -> Outcome {
    let Some(driver) = Driver::wrong(("LOADING", "puts(\"a driver\"); fflush(stdout)"))? else {
        return Ok(());
    };
    for command in [&["accuracy", "--json"][..], &["compare", "--json"]] {
        let keys = json(&mut driver.ncm(&on_digits(command)))?;
        ensure(keys["command"] == command[0], || keys.to_string())?;
    }
    json(&mut driver.ncm(&["devices", "--json"])).map(|_| ())
}

#[test]
fn one_without_conformance_is_listed_and_taken_where_it_is_named() -> Outcome {
    let Some(driver) = Driver::not_conformant()? else {
        return Ok(());
    };
    // This one does not hang, and on a busy machine it needs its time.
    let patient = |arguments: &[&str]| {
        let mut command = driver.ncm(arguments);
        command.env("NCM_GPU_TIMEOUT", "60");
        command
    };
    let listed = json(&mut patient(&["devices", "--json"]))?;
    ensure(listed["adapters"][0]["conformant"] == false, || {
        listed.to_string()
    })?;
    ensure(listed["auto"]["backend"] == "cpu", || listed.to_string())?;
    contains(
        &succeed(&mut patient(&["devices"]))?.stdout,
        "taken only where --adapter names it",
    )?;
    fail(
        &mut patient(&on_digits(&["accuracy", "--backend", "gpu"])),
        5,
        "name one with --adapter",
    )?;
    let ran = json(&mut patient(&on_digits(&[
        "accuracy",
        "--json",
        "--adapter",
        "0",
    ])))?;
    ensure(ran["backend"]["kind"] == "gpu", || ran.to_string())
}

#[test]
fn none_is_loaded_where_none_is_wanted() -> Outcome {
    let Some(driver) = Driver::wrong(ABORTS)? else {
        return Ok(());
    };
    let ran = succeed(&mut driver.ncm(&["devices", "--no-gpu"]))?;
    contains(&ran.stdout, "no driver was loaded")?;
    let folder = Folder::new();
    let png = folder.at("digit.png");
    image::GrayImage::from_fn(28, 28, |x, y| [(x + 9 * y) as u8].into())
        .save(&png)
        .map_err(failed)?;
    for command in [
        &["accuracy", "--backend", "cpu"][..],
        &["bench", "--images", "50", "--backend", "cpu"],
        &["means"],
        &["show", "--predict"],
        &["distances"],
        &["predict", &png],
    ] {
        let ran = succeed(&mut driver.ncm(&on_digits(command)))?;
        ensure(ran.stderr.is_empty(), || ran.stderr.clone())?;
        ensure(driver.records().is_empty() && !driver.is_loaded(), || {
            format!("{command:?} has loaded the driver")
        })?;
    }
    drop(Draw::of(driver.ncm(&["draw", "--no-open"]))?);
    ensure(driver.records().is_empty() && !driver.is_loaded(), || {
        "ncm draw has loaded the driver".into()
    })?;
    // Who wants one does.
    succeed(&mut driver.ncm(&on_digits(&["accuracy"])))?;
    ensure(driver.is_loaded(), || "the driver is not loaded".into())
}

fn signalled(signal: &str, process: u32) -> Outcome {
    let kill = std::process::Command::new("kill")
        .args([signal, &process.to_string()])
        .status();
    ensure(kill.map_err(failed)?.success(), || {
        "no signal was sent".into()
    })
}

/// One that hung is tried again where it has more time than it had.
#[test]
fn one_that_hung_is_tried_again_with_more_time() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    driver.hang(true)?;
    let accuracy = on_digits(&["accuracy"]);
    contains(
        &succeed(&mut driver.ncm(&accuracy))?.stderr,
        "did not answer",
    )?;
    driver.hang(false)?;
    contains(
        &succeed(&mut driver.ncm(&accuracy))?.stderr,
        "did not answer",
    )?;
    let ran = succeed(driver.ncm(&accuracy).env("NCM_GPU_TIMEOUT", "60"))?;
    contains(&ran.stderr, "no GPU adapter found")
}

/// An adapter's name is kept whatever is in it, and tried once.
#[test]
fn one_that_is_named_oddly_is_tried_once() -> Outcome {
    let Some(driver) = Driver::wrong(FINE)? else {
        return Ok(());
    };
    for _ in 0..2 {
        succeed(&mut driver.ncm(&on_digits(&["accuracy", "--adapter", "a: b\nc"])))?;
        let records = driver.records();
        ensure(records.lines().count() == 1, || records.clone())?;
    }
    Ok(())
}
