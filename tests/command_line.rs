//! The command as its users run it: exit codes, messages, JSON keys, pipes.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::support::{
    Folder, Outcome, Subjects, ensure, failed, idx, mnist_folder, skipped, trial,
};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = vec![
        trial("command line accuracy in text", accuracy_text),
        trial("command line accuracy in JSON", accuracy_json),
        trial(
            "command line accuracy of every combination",
            accuracy_combinations,
        ),
        trial("command line compare in text and JSON", compare),
        trial("command line devices in text and JSON", devices),
        trial("command line data verify in text and JSON", data_verify),
        trial(
            "command line predictions are the same from every backend",
            predictions,
        ),
        trial(
            "command line predictions appear whole or not at all",
            predictions_files,
        ),
        trial("command line usage errors exit with 2", usage),
        trial("command line bad data exits with 3 and one line", bad_data),
        trial("command line without data says how to get it", no_data),
        trial(
            "command line finds data by --data, $NCM_DATA and ./data",
            finds_data,
        ),
        trial(
            "command line without a GPU exits with 5 or falls back",
            no_gpu,
        ),
        trial("command line closed pipe is success", closed_pipe),
        trial("command line full disk is failure", full_disk),
        trial("command line has colour only where wanted", colour),
    ];
    let names: Vec<_> = subjects
        .adapters
        .iter()
        .map(|found| found.description().name.clone())
        .collect();
    match names.is_empty() {
        true => trials.push(skipped(
            "command line chooses adapters",
            "gpu",
            "no GPU adapter found",
        )),
        false => trials.push(trial("command line chooses adapters", move || {
            adapters(&names)
        })),
    }
    match mnist_folder() {
        None => trials.push(skipped(
            "command line on MNIST",
            "mnist",
            "no MNIST in $NCM_DATA or ./data",
        )),
        Some(folder) => trials.push(trial("command line on MNIST", move || on_mnist(&folder))),
    }
    trials
}

/// The command in an empty folder with nothing of the caller's settings.
fn ncm(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ncm"));
    for name in ["NCM_DATA", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(std::env::temp_dir());
    command
}

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(command: &mut Command) -> Result<Ran, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command.stdin(Stdio::null()).output().map_err(failed)?;
    let text = |bytes| String::from_utf8(bytes).map_err(failed);
    let ran = Ran {
        code: status.code(),
        stdout: text(stdout)?,
        stderr: text(stderr)?,
    };
    ensure(!ran.stderr.contains("panicked"), || ran.stderr.clone())?;
    Ok(ran)
}

fn succeed(command: &mut Command) -> Result<Ran, String> {
    let ran = run(command)?;
    ensure(ran.code == Some(0), || {
        format!("exit code {:?}: {}", ran.code, ran.stderr)
    })?;
    Ok(ran)
}

/// Runs what must fail: nothing on standard output, one line on standard error.
fn fail(command: &mut Command, code: i32, says: &str) -> Outcome {
    let ran = run(command)?;
    let one_line =
        ran.stderr.trim_end().lines().count() == 1 && ran.stderr.starts_with("ncm: error: ");
    ensure(ran.code == Some(code), || {
        format!("exit code {:?}, not {code}: {}", ran.code, ran.stderr)
    })?;
    ensure(ran.stdout.is_empty() && (one_line || code == 2), || {
        format!("{}{}", ran.stdout, ran.stderr)
    })?;
    ensure(ran.stderr.contains(says), || {
        format!("{:?} does not say {says:?}", ran.stderr)
    })
}

fn on(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = ncm(arguments);
    command.arg("--data").arg(folder.path());
    command
}

fn json(command: &mut Command) -> Result<Value, String> {
    serde_json::from_str(&succeed(command)?.stdout).map_err(failed)
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

fn has_keys(value: &Value, expected: &[&str]) -> Outcome {
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    let mut found = keys(value);
    found.sort_unstable();
    ensure(found == expected, || {
        format!("keys {found:?}, expected {expected:?}")
    })
}

fn accuracy_text() -> Outcome {
    let ran = succeed(&mut on(&Folder::new(), &["accuracy", "--backend", "cpu"]))?;
    ensure(ran.stderr.is_empty(), || ran.stderr.clone())?;
    let says = [
        "3 of 4 test images right: 75.00 %",
        "6 train, 4 test, 2 × 3 pixels, 3 classes",
        "95 % interval",
    ];
    for says in says.into_iter().chain([
        "Confusion",
        "precision",
        "support",
        "milliseconds",
        "settled",
    ]) {
        ensure(ran.stdout.contains(says), || {
            format!("{says:?} is not in {}", ran.stdout)
        })?;
    }
    Ok(())
}

fn accuracy_json() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(
        &folder,
        &["accuracy", "--backend", "reference", "--json"],
    ))?;
    has_keys(
        &found,
        &[
            "schema",
            "command",
            "dataset",
            "backend",
            "model",
            "evaluated_on",
            "correct",
            "total",
            "accuracy",
            "interval95",
            "confusion",
            "per_class",
            "settled",
            "milliseconds",
        ],
    )?;
    has_keys(
        &found["dataset"],
        &[
            "name", "source", "train", "test", "rows", "columns", "classes",
        ],
    )?;
    has_keys(&found["backend"], &["kind", "software", "adapter"])?;
    has_keys(
        &found["per_class"][0],
        &["class", "precision", "recall", "f1", "support"],
    )?;
    ensure(
        found["schema"] == "ncm/1" && found["command"] == "accuracy",
        || found.to_string(),
    )?;
    ensure(
        found["backend"]
            == serde_json::json!({"kind": "reference", "software": false, "adapter": null}),
        || found["backend"].to_string(),
    )?;
    ensure(
        found["confusion"] == serde_json::json!([[1, 0, 0], [0, 1, 0], [1, 0, 1]]),
        || found["confusion"].to_string(),
    )?;
    ensure(
        found["milliseconds"]["total"]
            .as_f64()
            .is_some_and(|total| total > 0.0),
        || "no total".into(),
    )?;
    // By hand: class 0 is given to two images, one of them its own.
    let class = &found["per_class"][0];
    ensure(
        class["precision"] == 0.5 && class["recall"] == 1.0 && class["support"] == 1,
        || class.to_string(),
    )?;
    ensure(
        class["f1"]
            .as_f64()
            .is_some_and(|f1| (f1 - 2.0 / 3.0).abs() < 1e-15),
        || class.to_string(),
    )
}

fn accuracy_combinations() -> Outcome {
    let folder = Folder::new();
    for (options, images, evaluated, total) in [
        (
            &["--train-on", "train", "--evaluate-on", "train"][..],
            6,
            "train",
            6,
        ),
        (&["--train-on", "train+test"], 10, "test", 4),
        (
            &["--train-on", "train+test", "--evaluate-on", "train"],
            10,
            "train",
            6,
        ),
        (
            &["--train-on", "train+test", "--leave-one-out"],
            10,
            "test",
            4,
        ),
        (
            &["--evaluate-on", "train", "--leave-one-out"],
            6,
            "train",
            6,
        ),
    ] {
        let arguments = [&["accuracy", "--json", "--backend", "cpu"], options].concat();
        let found = json(&mut on(&folder, &arguments))?;
        let left_out = options.contains(&"--leave-one-out");
        let right = found["model"]["images"] == images
            && found["model"]["leave_one_out"] == left_out
            && found["evaluated_on"] == evaluated
            && found["total"] == total;
        ensure(right, || format!("{options:?}: {found}"))?;
    }
    Ok(())
}

fn compare() -> Outcome {
    let folder = Folder::new();
    let found = json(&mut on(&folder, &["compare", "--backend", "cpu", "--json"]))?;
    has_keys(
        &found,
        &[
            "schema",
            "command",
            "dataset",
            "backend",
            "rows",
            "pairs",
            "leaked",
            "verdict",
            "milliseconds",
        ],
    )?;
    let names: Vec<_> = found["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| row["model"].clone())
        .collect();
    ensure(
        names == ["train", "train+test", "train+test leave-one-out"],
        || format!("{names:?}"),
    )?;
    has_keys(
        &found["rows"][0],
        &[
            "model",
            "images",
            "correct",
            "total",
            "accuracy",
            "interval95",
            "settled",
        ],
    )?;
    has_keys(
        &found["pairs"][0],
        &[
            "from",
            "to",
            "fixed",
            "broken",
            "changed",
            "mcnemar_exact_p",
            "mcnemar_mid_p",
        ],
    )?;
    let text = succeed(&mut on(&folder, &["compare", "--backend", "cpu"]))?.stdout;
    let verdict = found["verdict"].as_str().unwrap_or("-");
    ensure(
        text.contains(verdict) && text.contains("exact p") && text.contains("fixed"),
        || text.clone(),
    )
}

fn devices() -> Outcome {
    let found = json(&mut ncm(&["devices", "--json"]))?;
    has_keys(&found, &["schema", "command", "adapters", "cpu", "auto"])?;
    has_keys(&found["auto"], &["backend", "adapter", "reason"])?;
    for adapter in found["adapters"].as_array().into_iter().flatten() {
        for key in [
            "index",
            "name",
            "type",
            "api",
            "driver",
            "software",
            "max_storage_binding_bytes",
            "timestamps",
        ] {
            ensure(!adapter[key].is_null(), || format!("no {key} in {adapter}"))?;
        }
    }
    let text = succeed(&mut ncm(&["devices"]))?.stdout;
    ensure(
        text.contains("auto takes")
            && text.contains(found["auto"]["reason"].as_str().unwrap_or("-")),
        || text.clone(),
    )
}

fn data_verify() -> Outcome {
    let folder = Folder::new();
    let found = json(ncm(&["data", "verify", "--json"]).arg(folder.path()))?;
    has_keys(&found, &["schema", "command", "dataset", "compared_bytes"])?;
    ensure(
        found["compared_bytes"].is_null() && found["dataset"]["train"] == 6,
        || found.to_string(),
    )?;
    let text = succeed(ncm(&["data", "verify"]).arg(folder.path()))?.stdout;
    ensure(
        text.contains("is valid") && text.contains("6 train, 4 test"),
        || text.clone(),
    )?;
    folder.write(Folder::TEST_LABELS, b"broken");
    fail(
        ncm(&["data", "verify"]).arg(folder.path()),
        3,
        Folder::TEST_LABELS,
    )
}

/// Byte for byte, and what they are by hand.
fn predictions() -> Outcome {
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

fn predictions_files() -> Outcome {
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

fn usage() -> Outcome {
    let folder = Folder::new();
    for arguments in [
        &["accuracy", "--backend", "cuda"][..],
        &["accuracy", "--train-on", "test"],
        &["accuracy", "--leave-one-out"],
        &["accuracy", "--backend", "cpu", "--adapter", "0"],
        &["compare", "--nonsense"],
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

fn bad_data() -> Outcome {
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

fn no_data() -> Outcome {
    let empty = tempfile::tempdir().map_err(failed)?;
    let mut command = ncm(&["accuracy"]);
    fail(
        command.current_dir(empty.path()),
        3,
        "name their folder with --data DIR",
    )?;
    // An empty variable is as good as none.
    fail(command.env("NCM_DATA", ""), 3, "no dataset")
}

fn finds_data() -> Outcome {
    let (folder, other) = (Folder::new(), Folder::new());
    let place = tempfile::tempdir().map_err(failed)?;
    let data = place.path().join("data");
    std::fs::create_dir(&data).map_err(failed)?;
    for file in std::fs::read_dir(folder.path()).map_err(failed)?.flatten() {
        std::fs::copy(file.path(), data.join(file.file_name())).map_err(failed)?;
    }
    let source = |command: &mut Command| -> Result<String, String> {
        let found = json(command.current_dir(place.path()))?;
        Ok(found["dataset"]["source"]
            .as_str()
            .unwrap_or("-")
            .to_owned())
    };
    let arguments = ["accuracy", "--json", "--backend", "cpu"];
    let default = source(&mut ncm(&arguments))?;
    ensure(default == "data", || default.clone())?;
    let variable = source(ncm(&arguments).env("NCM_DATA", folder.path()))?;
    ensure(Path::new(&variable) == folder.path(), || variable.clone())?;
    let named = source(on(&other, &arguments).env("NCM_DATA", folder.path()))?;
    ensure(Path::new(&named) == other.path(), || named.clone())
}

/// With every Vulkan driver hidden from the loader.
fn no_gpu() -> Outcome {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
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

fn adapters(names: &[String]) -> Outcome {
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
    fail(
        &mut on(&folder, &["accuracy", "--adapter", "no such card"]),
        5,
        &names[0],
    )?;
    fail(
        &mut on(&folder, &["accuracy", "--adapter", "99"]),
        5,
        "\"99\"",
    )
}

/// `ncm … | head -c1`
fn closed_pipe() -> Outcome {
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

fn full_disk() -> Outcome {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return Ok(());
    };
    let folder = Folder::new();
    let mut command = on(&folder, &["accuracy", "--backend", "cpu"]);
    let output = command.stdout(full).output().map_err(failed)?;
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure(
        output.status.code() == Some(1) && stderr.contains("standard output"),
        || stderr.clone(),
    )
}

fn colour() -> Outcome {
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

fn on_mnist(folder: &Path) -> Outcome {
    let command = |arguments: &[&str]| {
        let mut command = ncm(arguments);
        command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .arg("--data")
            .arg(folder);
        command
    };
    let found = json(&mut command(&["accuracy", "--json"]))?;
    ensure(found["correct"] == 8203 && found["total"] == 10_000, || {
        found.to_string()
    })?;
    let found = json(&mut command(&["compare", "--json"]))?;
    ensure(
        found["leaked"] == 3 && found["pairs"][0]["fixed"] == 34,
        || found.to_string(),
    )?;
    let mut verify = ncm(&["data", "verify"]);
    let text = succeed(verify.current_dir(env!("CARGO_MANIFEST_DIR")).arg(folder))?.stdout;
    ensure(
        text.contains("the mnist crate reads the same 54,950,000 bytes"),
        || text.clone(),
    )
}
