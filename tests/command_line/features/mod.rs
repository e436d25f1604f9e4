//! Feature vectors in every command, as a user has them in files.

mod files;
mod models;
mod parts;
mod rows;
mod scores;
mod shards;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::runner::{json, ncm, one_line, succeed};
use crate::datasets::npz::npy;
use crate::support::{Outcome, Random, ensure, failed};

const CLASSES: usize = 24;
const DIM: usize = 12;
const TRAIN: usize = 240;
const TEST: usize = 96;

/// Vectors of 24 classes, in a folder as `numpy.save` leaves them.
struct Vectors {
    folder: TempDir,
}

impl Vectors {
    fn new() -> Self {
        let vectors = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        let mut random = Random(5);
        let mut uniform = move || (random.next() >> 40) as f32 / (1 << 23) as f32 - 1.0;
        let centres: Vec<f32> = (0..CLASSES * DIM).map(|_| uniform()).collect();
        for (set, rows) in [("train", TRAIN), ("test", TEST)] {
            let mut values = Vec::new();
            for row in 0..rows {
                let centre = &centres[row % CLASSES * DIM..][..DIM];
                values.extend(centre.iter().map(|c| 3.0 + c + 2.0 * uniform()));
            }
            let bytes: Vec<u8> = values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            vectors.write(
                set,
                "features",
                &npy("<f4", &format!("({rows}, {DIM})"), false, &bytes),
            );
            let labels = (0..rows).flat_map(|row| ((row % CLASSES) as i64).to_le_bytes());
            let labels: Vec<u8> = labels.collect();
            vectors.write(
                set,
                "labels",
                &npy("<i8", &format!("({rows},)"), false, &labels),
            );
        }
        vectors
    }

    fn write(&self, set: &str, what: &str, bytes: &[u8]) {
        let path = self.file(set, what);
        std::fs::write(path, bytes).expect("a file");
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, set: &str, what: &str) -> PathBuf {
        self.path().join(format!("{set}_{what}.npy"))
    }

    fn on(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = ncm(arguments);
        command.arg("--data").arg(self.path());
        command
    }
}

/// The names of these rows' classes, as NumPy stores texts.
fn names(prefix: char, rows: impl ExactSizeIterator<Item = usize>) -> Vec<u8> {
    let shape = format!("({},)", rows.len());
    let names = rows.map(|row| format!("{prefix}{:02}", row % CLASSES));
    let letters: Vec<u8> = names
        .flat_map(|name| name.into_bytes())
        .flat_map(|letter| [letter, 0, 0, 0])
        .collect();
    npy("<U3", &shape, false, &letters)
}

const RECIPES: [&str; 5] = ["euclidean", "l2n", "cl2n", "cosine", "icarl"];

#[test]
fn accuracy_is_that_of_every_backend_under_every_recipe() -> Outcome {
    let vectors = Vectors::new();
    for recipe in RECIPES {
        let of = |backend: &str| {
            let arguments = [
                "accuracy",
                "--json",
                "--recipe",
                recipe,
                "--backend",
                backend,
            ];
            json(&mut vectors.on(&arguments))
        };
        let (fast, plain) = (of("cpu")?, of("reference")?);
        for key in ["correct", "confusion", "top5_correct", "recipe", "dataset"] {
            ensure(fast[key] == plain[key], || {
                format!("{recipe}: {key} of {fast}")
            })?;
        }
        let dataset = &fast["dataset"];
        let is_told = fast["recipe"] == recipe
            && dataset["values"] == "f32"
            && dataset["rows"].is_null()
            && dataset["dim"] == DIM;
        ensure(is_told, || fast.to_string())?;
        let (right, near) = (fast["correct"].as_u64(), fast["top5_correct"].as_u64());
        let is_between = near > right && near < Some(TEST as u64);
        ensure(is_between && right > Some(TEST as u64 / 8), || {
            fast.to_string()
        })?;
        ensure(fast["settled_in_fractions"].is_u64(), || fast.to_string())?;
    }
    Ok(())
}

/// Numbers in Python: means by `numpy.mean`, distances in float64, no label near a tie.
#[test]
fn labels_are_those_of_the_formula() -> Outcome {
    let vectors = Vectors::new();
    let file = vectors.path().join("predictions.csv");
    let mut command = vectors.on(&["accuracy", "--backend", "cpu", "--recipe", "l2n"]);
    succeed(command.arg("--predictions").arg(&file))?;
    let read = |set: &str| -> Vec<Vec<f64>> {
        let bytes = std::fs::read(vectors.file(set, "features")).expect("a file");
        let values = &bytes[bytes.len() - 4 * DIM * if set == "train" { TRAIN } else { TEST }..];
        let values = values.as_chunks::<4>().0.iter();
        let values: Vec<f64> = values.map(|it| f32::from_le_bytes(*it).into()).collect();
        let scaled = |row: &[f64]| {
            let norm = row.iter().map(|x| x * x).sum::<f64>().sqrt();
            row.iter().map(|x| x / norm).collect()
        };
        values.chunks_exact(DIM).map(scaled).collect()
    };
    let (train, test) = (read("train"), read("test"));
    let mut means = vec![vec![0.0; DIM]; CLASSES];
    for (index, row) in train.iter().enumerate() {
        let mean = means[index % CLASSES].iter_mut();
        mean.zip(row)
            .for_each(|(mean, x)| *mean += x / (TRAIN / CLASSES) as f64);
    }
    let text = std::fs::read_to_string(&file).map_err(failed)?;
    let mut lines = text.lines();
    ensure(
        lines.next() == Some("index,label,predicted,distance,margin"),
        || text.clone(),
    )?;
    for (index, (row, line)) in test.iter().zip(lines).enumerate() {
        let squared = means.iter().map(|mean| {
            let differences = mean.iter().zip(row).map(|(m, x)| (m - x).powi(2));
            differences.sum::<f64>()
        });
        let mut all: Vec<(f64, usize)> = squared.zip(0..).collect();
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let fields: Vec<f64> = line
            .split(',')
            .map(|it| it.parse().unwrap_or(-1.0))
            .collect();
        let expected = [index as f64, (index % CLASSES) as f64, all[0].1 as f64];
        ensure(fields[..3] == expected, || {
            format!("{line}, but {:?}", &all[..2])
        })?;
        // Samples are rounded to float32 when they are prepared.
        let is_near = (fields[3] - all[0].0.sqrt()).abs() < 1e-6
            && (fields[4] - (all[1].0 - all[0].0)).abs() < 1e-6;
        ensure(is_near, || format!("{line}, but {:?}", &all[..2]))?;
    }
    Ok(())
}

#[test]
fn every_command_speaks_of_samples() -> Outcome {
    let vectors = Vectors::new();
    let page = vectors.path().join("page.html");
    let commands: [&[&str]; 10] = [
        &["accuracy", "--recipe", "icarl"],
        &["compare"],
        &["compare", "--recipes", "euclidean,cosine"],
        &["curve", "--repetitions", "12", "--recipe", "cl2n"],
        &["bootstrap", "--models", "50", "--recipe", "l2n"],
        &["means"],
        &["distances", "--index", "3", "--recipe", "cosine"],
        &["report", "--html", page.to_str().expect("a path")],
        &["info", "--index", "2"],
        &["data", "verify"],
    ];
    for arguments in commands {
        let mut command = match arguments {
            ["data", ..] => {
                let mut command = ncm(arguments);
                command.arg(vectors.path());
                command
            }
            _ => vectors.on(arguments),
        };
        let text = one_line(&succeed(&mut command)?.stdout);
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        let about_images = words.filter(|word| word.to_lowercase().starts_with("image"));
        ensure(about_images.count() == 0, || {
            format!("{arguments:?}: {text}")
        })?;
        ensure(
            text.contains("12 values") || text.contains("samples"),
            || text.clone(),
        )?;
    }
    let page = std::fs::read_to_string(page).map_err(failed)?;
    let has_none = !page.contains("<img") && !page.contains("mean image");
    ensure(has_none && page.contains("taken for"), || {
        "a page with pictures".into()
    })
}

/// Names and paths are the user's, whatever words are in them.
#[test]
fn names_stay_as_they_are() -> Outcome {
    let vectors = Vectors::new();
    let folder = vectors.path().join("images");
    std::fs::create_dir(&folder).map_err(failed)?;
    for (set, what) in [
        ("train", "features"),
        ("train", "labels"),
        ("test", "features"),
        ("test", "labels"),
    ] {
        let name = vectors.file(set, what);
        let name = name.file_name().expect("a name");
        std::fs::copy(vectors.path().join(name), folder.join(name)).map_err(failed)?;
    }
    let path = folder.to_str().expect("a path");
    let page = vectors.path().join("page.html");
    let page_path = page.to_str().expect("a path");
    let commands: [&[&str]; 4] = [
        &["accuracy"],
        &["compare"],
        &["info"],
        &["report", "--html", page_path],
    ];
    for arguments in commands {
        let text = succeed(ncm(arguments).arg("--data").arg(path))?.stdout;
        let says = match arguments {
            ["info", ..] => text.contains("images, from /") && text.contains(path),
            ["report", ..] => text.contains("dataset       images: 240 train"),
            _ => text.contains("dataset       images: 240 train") && text.contains(path),
        };
        let hidden = text.contains('\u{2060}');
        ensure(says && !hidden, || format!("{arguments:?}: {text}"))?;
    }
    let page = std::fs::read_to_string(&page).map_err(failed)?;
    let is_whole =
        page.contains(path) && page.contains("ncm report: images") && !page.contains('\u{2060}');
    ensure(is_whole, || "other names on the page".into())
}

#[test]
fn everything_else_is_in_json() -> Outcome {
    let vectors = Vectors::new();
    let commands: [&[&str]; 9] = [
        &["compare"],
        &["compare", "--recipes", "euclidean,cosine"],
        &["curve", "--repetitions", "12"],
        &["bootstrap", "--models", "20"],
        &["means"],
        &["distances"],
        &["report"],
        &["info"],
        &["bench", "--backend", "cpu"],
    ];
    for arguments in commands {
        json(vectors.on(arguments).arg("--json"))?;
    }
    let found = json(
        vectors
            .on(&["compare", "--json"])
            .args(["--recipes", "l2n,cosine"]),
    )?;
    let pair = &found["pairs"][0];
    let names = pair["from"] == "l2n" && pair["to"] == "cosine" && found["leaked"].is_null();
    ensure(names, || found.to_string())?;
    let correct = |recipe: &str| {
        let found = json(
            vectors
                .on(&["accuracy", "--json"])
                .args(["--recipe", recipe]),
        )?;
        found["correct"].as_i64().ok_or_else(|| found.to_string())
    };
    let gained = correct("cosine")? - correct("l2n")?;
    let counts = [&pair["fixed"], &pair["broken"]].map(|it| it.as_i64().unwrap_or(0));
    ensure(counts[0] - counts[1] == gained, || {
        format!("{gained}: {found}")
    })
}

#[test]
fn scores_of_classes_are_a_table() -> Outcome {
    let vectors = Vectors::new();
    let found = json(&mut vectors.on(&["accuracy", "--json"]))?;
    let csv = succeed(&mut vectors.on(&["accuracy", "--classes", "-"]))?.stdout;
    let lines: Vec<&str> = csv.lines().collect();
    ensure(lines.len() == CLASSES + 1, || csv.clone())?;
    ensure(
        lines[0] == "class,name,support,right,precision,recall,f1",
        || csv.clone(),
    )?;
    for (class, line) in lines[1..].iter().enumerate() {
        let fields: Vec<&str> = line.split(',').collect();
        let scores = &found["per_class"][class];
        let same = |field: &str, key: &str| match scores[key].as_f64() {
            Some(value) => field
                .parse()
                .is_ok_and(|found: f64| (found - value).abs() < 1e-15),
            None => field.is_empty(),
        };
        let right = found["confusion"][class][class].to_string();
        let fits = same(fields[4], "precision")
            && same(fields[5], "recall")
            && same(fields[6], "f1")
            && fields[3] == right
            && same(fields[2], "support");
        ensure(fits, || format!("{line} of {scores}"))?;
    }
    Ok(())
}
