//! What models read in a drawing, and what `ncm draw` serves of it.

use std::net::TcpListener;

use ncm::internals::app::exit_code;
use ncm::internals::classifier::model::{Inside, ModelFile, inside};
use ncm::internals::data::Memory;
use ncm::internals::data::synthetic::Synthetic;
use ncm::internals::pictures::drawing::{CANVAS, Reader};
use ncm::{Dataset, LevelSums, Model, Shape};
use serde_json::Value;

use crate::command_line::{Draw, fail, ncm, succeed};
use crate::support::{Folder, Outcome, ensure, failed};

fn digits() -> Result<Dataset, String> {
    let digits = Synthetic {
        train: 10,
        test: 30,
        seed: 2,
    };
    Dataset::synthetic(digits, Memory::default()).map_err(failed)
}

fn reader() -> Result<Reader, String> {
    Reader::new(Inside::ALL.map(inside).into(), Some(digits()?)).map_err(failed)
}

/// A 1 in a corner.
fn canvas() -> Vec<u8> {
    let inked = |at: usize| (20..40).contains(&(at % CANVAS)) && (10..150).contains(&(at / CANVAS));
    (0..CANVAS * CANVAS)
        .map(|at| u8::from(inked(at)) * 255)
        .collect()
}

#[test]
fn are_read_in_both_frames() -> Outcome {
    let reader = reader()?;
    let readings = reader.read(&canvas()).map_err(failed)?;
    let frames: Vec<&str> = readings
        .iter()
        .map(|reading| reading.frame.name())
        .collect();
    ensure(frames == ["canonical", "plain"], || format!("{frames:?}"))?;
    for (reading, expected) in readings.iter().zip([Some(1), None]) {
        ensure(reading.answers.len() == 2, || {
            reading.answers.len().to_string()
        })?;
        for answer in &reading.answers {
            let squared = naive(answer.model, &reading.framed.pixels);
            let least = (0..10).min_by(|&a, &b| squared[a].total_cmp(&squared[b]));
            let class = usize::from(answer.measured.nearest.class);
            ensure(Some(class) == least, || format!("{class}, not {least:?}"))?;
            ensure(expected.is_none_or(|expected| expected == class), || {
                format!("a 1 is read as {class}")
            })?;
            for (found, expected) in answer.measured.squared.iter().zip(squared) {
                let found = found
                    .map(ncm::internals::classifier::exact::SquaredDistance::to_f64)
                    .unwrap_or_default();
                ensure((found - expected).abs() < 1e-9 * expected, || {
                    format!("{found}, not {expected}")
                })?;
            }
        }
    }
    let blank = reader.read(&vec![0; CANVAS * CANVAS]).map_err(failed)?;
    ensure(blank.is_empty(), || "nothing is read as something".into())?;
    ensure(reader.read(&[255; 784]).is_err(), || {
        "a small canvas is read".into()
    })
}

/// Squared distances in floating point.
fn naive(file: &ModelFile, image: &[u8]) -> Vec<f64> {
    let sums = file.model.sums();
    let squared = |class| {
        let mean = sums.mean(class).unwrap_or_default();
        let squares = mean
            .iter()
            .zip(image)
            .map(|(mean, &x)| (f64::from(x) - mean).powi(2));
        squares.sum()
    };
    (0..sums.classes()).map(squared).collect()
}

#[test]
fn are_explained_pixel_by_pixel() -> Outcome {
    let reader = reader()?;
    let readings = reader.read(&canvas()).map_err(failed)?;
    let image = &readings[0].framed.pixels;
    for model in 0..2 {
        let squared = naive(&reader.models()[model], image);
        for (a, b) in [(1, 7), (7, 1), (3, 3)] {
            let found = reader.difference(model, [a, b], image).map_err(failed)?;
            let expected = squared[b] - squared[a];
            let sum: f64 = found.pixels.iter().sum();
            for value in [found.total, sum] {
                ensure((value - expected).abs() < 1e-6, || {
                    format!("{a} against {b}: {value}, not {expected}")
                })?;
            }
            ensure(found.classes == [a, b], || format!("{:?}", found.classes))?;
        }
    }
    let nowhere = [
        reader.difference(2, [0, 1], image),
        reader.difference(0, [10, 1], image),
        reader.difference(0, [1, 10], image),
        reader.difference(0, [0, 1], &image[1..]),
    ];
    let all = nowhere
        .iter()
        .all(|found| found.as_ref().is_err_and(|error| exit_code(error) == 2));
    ensure(all, || "something is said of nothing".into())
}

fn model(rows: usize, columns: usize, classes: usize) -> Result<ModelFile, String> {
    let dim = rows * columns;
    let sums = LevelSums::new(dim, vec![1; classes], vec![7; classes * dim]).map_err(failed)?;
    let model = Model::new("train", sums).map_err(failed)?;
    Ok(ModelFile::new(
        "some",
        Shape::Image { rows, columns },
        model,
    ))
}

#[test]
fn need_models_that_fit_them() -> Outcome {
    let refused = |models: Vec<ModelFile>| Reader::new(models, None).is_err();
    ensure(refused(vec![]), || "no model is enough".into())?;
    ensure(refused(vec![model(2, 3, 2)?]), || {
        "a canvas is not 2 × 3".into()
    })?;
    ensure(refused(vec![model(281, 281, 1)?]), || {
        "a canvas is not that large".into()
    })?;
    let differ = [model(28, 28, 10)?, model(14, 14, 10)?];
    ensure(refused(differ.into()), || "two shapes are one".into())?;
    let differ = [model(28, 28, 10)?, model(28, 28, 9)?];
    ensure(refused(differ.into()), || "nine classes are ten".into())?;
    let other = Reader::new(vec![model(14, 14, 3)?], Some(digits()?)).map_err(failed)?;
    ensure(other.dataset().is_none() && other.dim() == 196, || {
        "images of another shape are shown".into()
    })?;
    ensure(other.gallery(0, 1).is_err(), || "nothing is shown".into())
}

#[test]
fn have_a_gallery_beside_them() -> Outcome {
    let reader = reader()?;
    let images = reader.gallery(25, 20).map_err(failed)?;
    ensure(images.len() == 5, || format!("{} images", images.len()))?;
    let expected = digits()?.test().at(25).map_err(failed)?;
    ensure(images[0] == expected, || "another image".into())?;
    for (from, count) in [(0, 0), (30, 1), (usize::MAX, 100)] {
        let is_refused = reader
            .gallery(from, count)
            .is_err_and(|error| exit_code(&error) == 2);
        ensure(is_refused, || format!("{count} images from {from}"))?;
    }
    Ok(())
}

/// What the models are, of a running `ncm draw`.
fn models(arguments: &[&str]) -> Result<Value, String> {
    let draw = Draw::start(arguments)?;
    let (origin, key) = draw.origin_and_key()?;
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let mut answer = agent
        .get(format!("{origin}api/models"))
        .header("ncm-token", key)
        .call()
        .map_err(failed)?;
    let text = answer.body_mut().read_to_string().map_err(failed)?;
    serde_json::from_str(&text).map_err(failed)
}

#[test]
fn are_served_with_the_models_asked_for() -> Outcome {
    let images = |models: &Value| -> Vec<Option<u64>> {
        let models = models["models"].as_array().into_iter().flatten();
        models.map(|model| model["images"].as_u64()).collect()
    };
    let inside = models(&[])?;
    ensure(images(&inside) == [Some(60_000), Some(70_000)], || {
        format!("{:?}", images(&inside))
    })?;
    let small = ["--backend", "cpu", "--data", "synthetic:300,40"];
    let made = models(&small)?;
    ensure(images(&made) == [Some(300), Some(340)], || {
        format!("{:?}", images(&made))
    })?;
    ensure(
        made["gallery"]["images"] == 40 && made["dataset"] == "synthetic",
        || made["gallery"].to_string(),
    )?;
    let folder = Folder::new();
    let path = folder.path().join("model.npz").display().to_string();
    succeed(ncm(&["means", "--save", &path]).args(small))?;
    let file = models(&["--model", &path])?;
    ensure(images(&file) == [Some(300)], || {
        format!("{:?}", images(&file))
    })?;
    let means = |models: &Value| models["models"][0]["means"].clone();
    ensure(means(&file) == means(&made), || "other means".into())?;
    // Nothing is here, so digits are drawn to be looked at.
    ensure(file["gallery"]["images"] == 1_000, || {
        file["gallery"].to_string()
    })
}

#[test]
fn are_not_served_where_that_cannot_be() -> Outcome {
    let folder = Folder::new();
    let data = folder.path().display().to_string();
    let draw = ["draw", "--no-open", "--backend", "cpu", "--data", &data];
    fail(
        &mut ncm(&draw),
        3,
        "2 × 3 pixels cannot read a square canvas",
    )?;
    let taken = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let port = taken.local_addr().map_err(failed)?.port().to_string();
    let draw = ["draw", "--no-open", "--port", &port];
    fail(&mut ncm(&draw), 1, "cannot be had")?;
    let missing = ["draw", "--no-open", "--model", "/nowhere.npz"];
    fail(&mut ncm(&missing), 3, "found nothing")
}
