//! The report's numbers, against those of the other commands.

use serde_json::Value;

use super::SMALL;
use super::html::{rows, section, small_page};
use crate::command_line::{json, ncm, one_line, succeed};
use crate::support::{Outcome, ensure, failed};

/// The same numbers as `ncm accuracy --json`.
#[test]
fn page_says_what_accuracy_says() -> Outcome {
    let page = small_page()?;
    let found = json(&mut ncm(&[
        "accuracy",
        "--json",
        "--backend",
        "cpu",
        "--data",
        SMALL,
    ]))?;
    let percent = |share: &Value| format!("{:.2}", 100.0 * share.as_f64().unwrap_or(f64::NAN));
    let headline = format!(
        "<strong>{} %</strong> of the test images are right: {} of {}, 95 % interval {}–{} %",
        percent(&found["accuracy"]),
        found["correct"],
        found["total"],
        percent(&found["interval95"][0]),
        percent(&found["interval95"][1])
    );
    ensure(page.contains(&headline), || format!("no {headline}"))?;
    let matrix = rows(section(&page, "confusion")?);
    ensure(matrix.len() == 11, || format!("{matrix:?}"))?;
    for (class, row) in matrix[1..].iter().enumerate() {
        let counts = found["confusion"][class].as_array().ok_or("no row")?;
        let head = [class.to_string()].into_iter();
        let expected: Vec<String> = head.chain(counts.iter().map(Value::to_string)).collect();
        ensure(*row == expected, || format!("{row:?} is not {expected:?}"))?;
    }
    let classes = rows(section(&page, "classes")?);
    for (class, row) in classes[1..].iter().enumerate() {
        let scores = &found["per_class"][class];
        let share = |name: &str| format!("{:.4}", scores[name].as_f64().unwrap_or(f64::NAN));
        let [precision, recall, f1] = ["precision", "recall", "f1"].map(share);
        let support = scores["support"].to_string();
        let expected = [class.to_string(), precision, recall, f1, support];
        ensure(*row == expected, || format!("{row:?} is not {expected:?}"))?;
    }
    ensure(classes.len() == 11, || format!("{} rows", classes.len()))
}

/// The same numbers as `ncm compare --json`.
#[test]
fn page_says_what_compare_says() -> Outcome {
    let page = small_page()?;
    let found = json(&mut ncm(&[
        "compare",
        "--json",
        "--backend",
        "cpu",
        "--data",
        SMALL,
    ]))?;
    let part = section(&page, "comparison")?;
    let verdict = found["verdict"].as_str().ok_or("no verdict")?;
    ensure(part.contains(verdict), || format!("no {verdict}"))?;
    let rows = rows(part);
    ensure(rows.len() == 8, || format!("{rows:?}"))?;
    for place in 0..3 {
        let (model, pair) = (&found["rows"][place], &found["pairs"][place]);
        let [images, correct] = ["images", "correct"].map(|name| model[name].to_string());
        let right =
            rows[1 + place][0] == model["model"] && rows[1 + place][1..3] == [images, correct];
        ensure(right, || format!("{:?} is not {model}", rows[1 + place]))?;
        let names = format!("{} → {}", pair["from"], pair["to"]).replace('"', "");
        let names = names.replace("train+test leave-one-out", "leave-one-out");
        let counts = ["fixed", "broken", "changed"].map(|name| pair[name].to_string());
        let p = ["mcnemar_exact_p", "mcnemar_mid_p"].map(|name| match &pair["from"] {
            // Leave-one-out can only break, so that its p would mean nothing.
            from if from == "train+test" => "–".to_owned(),
            _ => format!("{:.4}", pair[name].as_f64().unwrap_or(f64::NAN)),
        });
        let expected = [&[names][..], &counts, &p].concat();
        ensure(rows[5 + place] == expected, || {
            format!("{:?} is not {expected:?}", rows[5 + place])
        })?;
    }
    Ok(())
}

#[test]
fn in_json_and_in_text() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let (html, png) = (folder.path().join("page.html"), folder.path().join("a/b"));
    let command = |options: &[&str]| {
        let mut command = ncm(&["report", "--backend", "cpu", "--data", SMALL]);
        command
            .args(options)
            .arg("--html")
            .arg(&html)
            .arg("--png")
            .arg(&png);
        command
    };
    let found = json(&mut command(&["--json"]))?;
    let pictures = ["confusion.png", "means.png"].map(|name| png.join(name));
    let named = found["html"] == html.display().to_string()
        && found["png"]
            == serde_json::json!(pictures.each_ref().map(|path| path.display().to_string()));
    ensure(named && found["command"] == "report", || found.to_string())?;
    ensure(
        html.is_file() && pictures.iter().all(|path| path.is_file()),
        || "not all was written".into(),
    )?;
    let text = succeed(&mut command(&[]))?.stdout;
    let verdict = found["verdict"].as_str().unwrap_or_default();
    let paths = [&html, &pictures[0], &pictures[1]].map(|path| path.display().to_string());
    let says = ["165 of 200 test images right: 82.50 %", verdict];
    for says in says.into_iter().chain(paths.iter().map(String::as_str)) {
        ensure(one_line(&text).contains(says), || {
            format!("{says:?} is not in {text}")
        })?;
    }
    ensure(text.lines().count() < 20, || text.clone())
}
