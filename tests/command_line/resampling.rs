//! What `ncm curve` and `ncm bootstrap` say and write.

use serde_json::Value;

use super::looking::digits;
use super::runner::{fail, json, ncm, on, succeed};
use crate::support::mnist::needed;
use crate::support::{Folder, Outcome, ensure, failed};

/// The verdict of MNIST's curve with the defaults, as the statistics define it.
const VERDICT: &str = "No gain of the last doubling can be told from none: from 30,000 to all \
    60,000 images +0.04 points (−0.06 to +0.15); from 5,000 images on, all the others add at \
    most 0.45 points, less than the ±0.75 to which 10,000 test images know the accuracy.";

#[test]
fn curves_say_what_they_know() -> Outcome {
    let Some(folder) = needed()? else {
        return Ok(());
    };
    let arguments = ["curve", "--backend", "cpu", "--json", "--data"];
    let found = json(ncm(&arguments).arg(&folder))?;
    ensure(found["verdict"] == VERDICT, || found["verdict"].to_string())?;
    ensure(found["full"]["correct"] == 8203, || {
        found["full"].to_string()
    })?;
    let points = found["points"].as_array().ok_or("points")?;
    let last = points.last().ok_or("a point")?;
    ensure(
        last["gain_to_full"].is_null() && last["images"] == 60_000 && points.len() == 13,
        || last.to_string(),
    )?;
    // Few repetitions have no middle, and no verdict.
    let few = json(ncm(&arguments).arg(&folder).args(["--repetitions", "9"]))?;
    ensure(
        few["verdict"].is_null() && few["points"][0]["middle95"].is_null(),
        || few["verdict"].to_string(),
    )?;
    // The first repetitions of a longer run are those of a shorter one.
    let correct = |found: &Value| found["points"][3]["correct"].clone();
    let (long, short) = (correct(&found), correct(&few));
    let begins = long.as_array().zip(short.as_array());
    ensure(
        begins.is_some_and(|(long, short)| short.len() == 9 && long.starts_with(short)),
        || format!("{short}, {long}"),
    )
}

/// What NumPy finds of the same right answers, models and images.
#[test]
fn bootstraps_tell_two_variances_apart() -> Outcome {
    let Some(folder) = needed()? else {
        return Ok(());
    };
    let found = json(ncm(&["bootstrap", "--backend", "cpu", "--json", "--data"]).arg(&folder))?;
    let near = |key: &str, expected: f64, within: f64| {
        let value = found[key].as_f64().unwrap_or(f64::NAN);
        ensure((value - expected).abs() <= within, || {
            format!("{key}: {value}")
        })
    };
    near("accuracy", 0.8197, 5e-5)?;
    near("training_standard_deviation", 0.001_08, 5e-6)?;
    let both = [&found["interval95_both"][0], &found["interval95_both"][1]];
    let both = both.map(|bound| format!("{:.4}", bound.as_f64().unwrap_or(f64::NAN)));
    ensure(both == ["0.8123", "0.8280"], || format!("{both:?}"))?;
    let unstable = found["unstable"].as_array().ok_or("unstable")?;
    let least: Vec<f64> = unstable
        .iter()
        .map(|image| image["shares"][0]["share"].as_f64().unwrap_or(f64::NAN))
        .collect();
    ensure(least.len() == 20 && least.is_sorted(), || {
        format!("{least:?}")
    })
}

#[test]
fn curves_are_written_in_every_form() -> Outcome {
    let folder = Folder::new();
    let path = |name: &str| folder.path().join(name);
    let names = ["curve.png", "curve.svg", "curve.csv", "orders.npz"];
    let mut command = digits(&["curve", "--backend", "cpu", "--repetitions", "12"]);
    for (option, name) in ["--png", "--svg", "--csv", "--orders"].iter().zip(names) {
        command.arg(option).arg(path(name));
    }
    let text = succeed(&mut command)?.stdout;
    for name in names {
        ensure(text.contains(name), || {
            format!("{name} is not named in {text}")
        })?;
    }
    let read = |name: &str| std::fs::read(path(name)).map_err(failed);
    ensure(read("curve.png")?.starts_with(b"\x89PNG"), || {
        "no PNG".into()
    })?;
    let svg = String::from_utf8(read("curve.svg")?).map_err(failed)?;
    ensure(
        svg.starts_with("<svg") && svg.contains("<polyline") && !svg.contains("NaN"),
        || svg.clone(),
    )?;
    let csv = String::from_utf8(read("curve.csv")?).map_err(failed)?;
    let found = json(&mut digits(&[
        "curve",
        "--backend",
        "cpu",
        "--repetitions",
        "12",
        "--json",
    ]))?;
    let points = found["points"].as_array().ok_or("points")?;
    ensure(csv.lines().count() == 1 + 12 * points.len(), || csv.clone())?;
    let first = format!("{},0,{},", points[0]["images"], points[0]["correct"][0]);
    ensure(
        csv.lines()
            .nth(1)
            .is_some_and(|line| line.starts_with(&first)),
        || format!("{first} is not in {csv}"),
    )?;
    let mut archive =
        zip::ZipArchive::new(std::io::Cursor::new(read("orders.npz")?)).map_err(failed)?;
    for (name, begins) in [("seeds.npy", "'<u8'"), ("orders.npy", "'<u4'")] {
        let mut bytes = Vec::new();
        let mut entry = archive.by_name(name).map_err(failed)?;
        std::io::Read::read_to_end(&mut entry, &mut bytes).map_err(failed)?;
        let header = String::from_utf8_lossy(&bytes[..128]).into_owned();
        ensure(header.contains(begins) && header.contains("(12,"), || {
            header.clone()
        })?;
    }
    Ok(())
}

#[test]
fn sizes_that_cannot_be_are_refused() -> Outcome {
    let folder = Folder::new();
    let refused = |arguments: &[&str], says: &str| -> Outcome {
        let arguments = [&["curve", "--backend", "cpu"], arguments].concat();
        fail(&mut on(&folder, &arguments), 2, says)
    };
    refused(&["--sizes", "0,3"], "0 images")?;
    refused(&["--sizes", "7"], "there are 6 training images")?;
    refused(&["--sizes", "9", "--per-class"], "the largest class has")?;
    refused(&["--sizes", "x"], "--sizes")?;
    refused(&["--repetitions", "0"], "--repetitions")?;
    refused(&["--svg", "curve.png"], "call it curve.svg")?;
    refused(&["--png", "curve.svg"], "call it curve.png")?;
    // In any order, and twice.
    let arguments = ["curve", "--backend", "cpu", "--sizes", "6,2,2", "--json"];
    let found = json(&mut on(&folder, &arguments))?;
    let sizes = [&found["points"][0]["images"], &found["points"][1]["images"]];
    ensure(
        *sizes[0] == 2 && *sizes[1] == 6 && found["points"][2].is_null(),
        || found["points"].to_string(),
    )
}

/// The same numbers from every backend.
#[test]
fn draws_do_not_depend_on_where_they_are_computed() -> Outcome {
    let folder = Folder::new();
    for command in ["curve", "bootstrap"] {
        let numbers = |backend: &str| -> Result<Value, String> {
            let mut found = json(&mut on(
                &folder,
                &[command, "--backend", backend, "--json", "--seed", "3"],
            ))?;
            for key in ["backend", "milliseconds", "settled"] {
                found[key] = Value::Null;
            }
            Ok(found)
        };
        let (cpu, reference) = (numbers("cpu")?, numbers("reference")?);
        ensure(cpu == reference, || format!("{cpu}, {reference}"))?;
    }
    Ok(())
}
