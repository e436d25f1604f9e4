//! Feature vectors in files that are named one by one, and in bad ones.

use std::path::{Path, PathBuf};

use super::{DIM, TEST, TRAIN, Vectors};
use crate::command_line::runner::{fail, json, ncm};
use crate::datasets::digits::zipped;
use crate::datasets::npz::npy;
use crate::support::{Outcome, ensure, failed};

#[test]
fn files_are_named_one_by_one_as_well() -> Outcome {
    let vectors = Vectors::new();
    let whole = json(&mut vectors.on(&["accuracy", "--json", "--backend", "cpu"]))?;
    let named = |files: [&Path; 4]| {
        let mut command = ncm(&["accuracy", "--json", "--backend", "cpu", "--train"]);
        command.args(&files[..2]).arg("--test").args(&files[2..]);
        json(&mut command)
    };
    let files = [
        ("train", "features"),
        ("train", "labels"),
        ("test", "features"),
        ("test", "labels"),
    ];
    let paths = files.map(|(set, what)| vectors.file(set, what));
    let found = named(paths.each_ref().map(PathBuf::as_path))?;
    ensure(found["confusion"] == whole["confusion"], || {
        found.to_string()
    })?;
    // The arrays of one archive, whose names say nothing.
    let arrays: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).expect("a file"))
        .collect();
    let names = ["a.npy", "b.npy", "c.npy", "d.npy"];
    let archive = vectors.path().join("some.npz");
    let entries: Vec<(&str, Vec<u8>)> = names.into_iter().zip(arrays).collect();
    zipped(&archive, &entries);
    let at =
        ["a", "b", "c", "d"].map(|name| PathBuf::from(format!("{}:{name}", archive.display())));
    let found = named(at.each_ref().map(PathBuf::as_path))?;
    ensure(found["confusion"] == whole["confusion"], || {
        found.to_string()
    })?;
    // One set, of which every sixth sample of each class is set apart.
    let mut command = ncm(&["accuracy", "--json", "--backend", "cpu", "--train"]);
    let found = json(command.args(&paths[..2]))?;
    let divided =
        found["dataset"]["test"] == TRAIN / 10 && found["notes"].to_string().contains("6th");
    ensure(divided, || found.to_string())
}

#[test]
fn what_is_wrong_is_said_and_where() -> Outcome {
    let vectors = Vectors::new();
    let good = std::fs::read(vectors.file("test", "features")).map_err(failed)?;
    let mut bad = good.clone();
    let place = good.len() - 4 * DIM * TEST + 4 * (DIM * 7 + 5);
    bad[place..place + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    vectors.write("test", "features", &bad);
    for backend in ["cpu", "reference"] {
        let asked = ["accuracy", "--backend", backend];
        fail(&mut vectors.on(&asked), 3, "row 7, column 5 is NaN")?;
    }
    vectors.write("test", "features", &good[..good.len() - 1]);
    fail(&mut vectors.on(&["accuracy"]), 3, "test_features.npy")?;
    vectors.write("test", "features", &good);
    let labels = npy("<i8", "(3,)", false, &[0; 24]);
    vectors.write("test", "labels", &labels);
    fail(&mut vectors.on(&["accuracy"]), 3, "labels")
}
