//! Models of feature vectors as files, and vectors without labels that they are asked about.

use super::{CLASSES, DIM, RECIPES, TEST, TRAIN, Vectors, names};
use crate::command_line::runner::{fail, json, ncm, parsed, run, succeed};
use crate::datasets::npz::npy;
use crate::support::{Outcome, ensure, failed};

#[test]
fn models_keep_their_recipe() -> Outcome {
    let vectors = Vectors::new();
    let model = vectors.path().join("model.npz");
    let path = model.to_str().expect("a path");
    for recipe in RECIPES {
        let save = ["means", "--recipe", recipe, "--save", path];
        succeed(&mut vectors.on(&save))?;
        let asked = json(&mut vectors.on(&["accuracy", "--json", "--model", path]))?;
        let trained = json(&mut vectors.on(&["accuracy", "--json", "--recipe", recipe]))?;
        let same = asked["correct"] == trained["correct"]
            && asked["confusion"] == trained["confusion"]
            && asked["recipe"] == recipe;
        ensure(same, || format!("{recipe}: {asked}"))?;
        // The same model gives the same bytes.
        let first = std::fs::read(&model).map_err(failed)?;
        succeed(&mut vectors.on(&save))?;
        let again = std::fs::read(&model).map_err(failed)?;
        ensure(first == again, || format!("{recipe}: other bytes"))?;
    }
    // The centre of a model, for samples that it was not made of.
    succeed(&mut vectors.on(&["means", "--recipe", "cl2n", "--save", path]))?;
    let centre = format!("{path}:centre");
    let named = [
        "accuracy", "--json", "--recipe", "cl2n", "--centre", &centre,
    ];
    let named = json(&mut vectors.on(&named))?;
    let found = json(&mut vectors.on(&["accuracy", "--json", "--recipe", "cl2n"]))?;
    ensure(named["confusion"] == found["confusion"], || {
        named.to_string()
    })?;
    let zeros = vectors.path().join("zeros.npy");
    let body = npy("<f4", &format!("({DIM},)"), false, &[0; 4 * DIM]);
    std::fs::write(&zeros, body).map_err(failed)?;
    let zeros = zeros.to_str().expect("a path");
    // Without a shift it is l2n.
    let shifted = ["accuracy", "--json", "--recipe", "cl2n", "--centre", zeros];
    let shifted = json(&mut vectors.on(&shifted))?;
    let found = json(&mut vectors.on(&["accuracy", "--json", "--recipe", "l2n"]))?;
    ensure(shifted["confusion"] == found["confusion"], || {
        shifted.to_string()
    })?;
    let without = ["accuracy", "--recipe", "l2n", "--centre", zeros];
    fail(&mut vectors.on(&without), 2, "for the recipe cl2n alone")?;
    let beside = ["accuracy", "--model", path, "--recipe", "l2n"];
    fail(&mut vectors.on(&beside), 2, "brings its own recipe")?;
    fail(
        &mut vectors.on(&["show"]),
        2,
        "feature vectors, which have no pictures",
    )?;
    fail(
        &mut vectors.on(&["compare", "--recipes", "l2n,l2n"]),
        2,
        "two different",
    )?;
    let picture = vectors.path().join("none.pgm");
    std::fs::write(&picture, "P5 1 1 255\n\0").map_err(failed)?;
    let read = [
        "predict",
        picture.to_str().expect("a path"),
        "--model",
        path,
    ];
    fail(&mut ncm(&read), 3, "a model of 12 values, not of images")
}

#[test]
fn samples_without_labels_are_predicted() -> Outcome {
    let vectors = Vectors::new();
    let (model, csv) = (
        vectors.path().join("model.npz"),
        vectors.path().join("p.csv"),
    );
    let paths = [&model, &csv].map(|path| path.to_str().expect("a path"));
    succeed(&mut vectors.on(&["means", "--recipe", "cl2n", "--save", paths[0]]))?;
    succeed(&mut vectors.on(&["accuracy", "--model", paths[0], "--predictions", paths[1]]))?;
    let features = vectors.file("test", "features");
    let features = features.to_str().expect("a path");
    let found = succeed(&mut ncm(&["predict", features, "--model", paths[0]]))?.stdout;
    let known = std::fs::read_to_string(&csv).map_err(failed)?;
    // All but the label.
    let without = known.lines().map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        [&fields[..1], &fields[2..]].concat().join(",")
    });
    let same = found.lines().eq(without);
    ensure(same, || found.clone())?;
    let as_json = succeed(&mut ncm(&[
        "predict", features, "--model", paths[0], "--json",
    ]))?;
    let found = parsed(&as_json.stdout)?;
    let samples = found["samples"].as_array().map_or(0, Vec::len);
    ensure(samples == TEST && found["recipe"] == "cl2n", || {
        found.to_string()
    })?;
    let explained = ["predict", features, "--model", paths[0], "--explain"];
    fail(&mut ncm(&explained), 2, "--explain is about pictures")?;
    // Of another dim.
    let narrow = vectors.path().join("narrow.npy");
    std::fs::write(&narrow, npy("<f4", "(1, 3)", false, &[0; 12])).map_err(failed)?;
    let narrow = narrow.to_str().expect("a path");
    let ran = run(&mut ncm(&["predict", narrow, "--model", paths[0]]))?;
    ensure(ran.code != Some(0) && ran.stderr.contains("12"), || {
        ran.stderr.clone()
    })
}

/// A class is the place of its name among all, so that a model of other names is of other
/// classes, though there are as many.
#[test]
fn models_know_the_names_of_their_classes() -> Outcome {
    let vectors = Vectors::new();
    let called = |prefix: char| {
        for (set, rows) in [("train", TRAIN), ("test", TEST)] {
            vectors.write(set, "labels", &names(prefix, 0..rows));
        }
    };
    let model = vectors.path().join("model.npz");
    let path = model.to_str().expect("a path");
    called('c');
    succeed(&mut vectors.on(&["means", "--save", path]))?;
    let asked = ["accuracy", "--backend", "cpu", "--json", "--model", path];
    let of_model = json(&mut vectors.on(&asked))?;
    let trained = json(&mut vectors.on(&["accuracy", "--json"]))?;
    ensure(of_model["confusion"] == trained["confusion"], || {
        of_model.to_string()
    })?;
    called('d');
    fail(
        &mut vectors.on(&asked),
        3,
        "found a class called c00; expected classes that",
    )
}

/// Where samples have no class of some names, the others get the model's numbers: in memory, as
/// values in columns always are, and in a file that is read in passing.
#[test]
fn samples_of_some_names_are_of_the_models_classes() -> Outcome {
    let vectors = Vectors::new();
    vectors.write("train", "labels", &names('c', 0..TRAIN));
    vectors.write("test", "labels", &names('c', 0..TEST));
    let model = vectors.path().join("model.npz").display().to_string();
    succeed(&mut vectors.on(&["means", "--save", &model]))?;
    let asked = ["accuracy", "--backend", "cpu", "--json", "--model", &model];
    let mut expected = json(&mut vectors.on(&asked))?["confusion"].clone();
    // Without the first names, the number of each that is left is another.
    let absent = 5;
    for row in expected.as_array_mut().into_iter().flatten().take(absent) {
        *row = vec![0_u64; CLASSES].into();
    }
    let file = std::fs::read(vectors.file("test", "features")).map_err(failed)?;
    let values = &file[file.len() - 4 * DIM * TEST..];
    let kept: Vec<usize> = (0..TEST).filter(|row| row % CLASSES >= absent).collect();
    let row = |&row: &usize| &values[4 * DIM * row..][..4 * DIM];
    let rows: Vec<&[u8]> = kept.iter().map(row).collect();
    let column = |column: usize| rows.iter().flat_map(move |row| &row[4 * column..][..4]);
    let columns: Vec<u8> = (0..DIM).flat_map(column).copied().collect();
    let some = vectors.path().join("some");
    std::fs::create_dir(&some).map_err(failed)?;
    let labels = names('c', kept.iter().copied());
    std::fs::write(some.join("labels.npy"), labels).map_err(failed)?;
    for (in_columns, values) in [(true, columns), (false, rows.concat())] {
        let shape = format!("({}, {DIM})", kept.len());
        let features = npy("<f4", &shape, in_columns, &values);
        std::fs::write(some.join("features.npy"), features).map_err(failed)?;
        let found = json(ncm(&asked).arg("--data").arg(&some))?;
        ensure(found["confusion"] == expected, || {
            format!("in columns: {in_columns}, {found}")
        })?;
    }
    Ok(())
}

/// Of features and of images, and equal in every bit to the one that is found beside them.
#[test]
fn the_centre_is_the_mean_of_a_euclidean_model() -> Outcome {
    let vectors = Vectors::new();
    for data in [vectors.path().to_str().expect("a path"), "synthetic:90,9"] {
        let saved = |name: &str, more: &[&str]| -> Result<(String, Vec<u8>), String> {
            let path = vectors.path().join(name).display().to_string();
            let save = ["means", "--data", data, "--save", &path];
            succeed(&mut ncm(&[&save[..], more].concat()))?;
            let bytes = std::fs::read(&path).map_err(failed)?;
            Ok((path, bytes))
        };
        let (raw, _) = saved("raw.npz", &[])?;
        let (_, found) = saved("found.npz", &["--recipe", "cl2n"])?;
        let (_, named) = saved("named.npz", &["--recipe", "cl2n", "--centre", &raw])?;
        ensure(found == named, || format!("another centre of {data}"))?;
        let (other, _) = saved("other.npz", &["--recipe", "l2n"])?;
        let asked = [
            "means", "--data", data, "--recipe", "cl2n", "--centre", &other,
        ];
        let says = "found a model of l2n samples; expected one of euclidean samples";
        fail(&mut ncm(&asked), 3, says)?;
    }
    Ok(())
}
