//! Margins, what is kept by them, and single images, computed once more in
//! plain floating point.

use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::classifier::settle;
use ncm::internals::data::{Dataset, Memory, Source, Split};
use ncm::internals::evaluation::margins::Margins;
use ncm::internals::pictures::detail::{SampleDetail, details};
use ncm::{Model, Question};

use super::html::{page_at, rows, section};
use crate::command_line::{json, ncm};
use crate::support::{Folder, Outcome, Pictures, ensure, failed, idx, mnist, random_split};

const DIM: usize = 30;
const CLASSES: usize = 5;

/// Training and test images that are hard to tell apart.
fn splits() -> [Split; 2] {
    [(81, 400), (82, 150)].map(|(seed, images)| random_split(seed, images, DIM, CLASSES))
}

/// The squared distance of an image to each mean.
fn squared(train: &Split, image: &[u8]) -> Vec<f64> {
    let mut squared = vec![0.0; CLASSES];
    for (class, squared) in squared.iter_mut().enumerate() {
        let of_class = |&index: &usize| usize::from(train.labels()[index]) == class;
        let members: Vec<usize> = (0..train.len()).filter(of_class).collect();
        for (pixel, &seen) in image.iter().enumerate() {
            let level = |&index: &usize| f64::from(train.pictures().image(index)[pixel]);
            let mean = members.iter().map(level).sum::<f64>() / members.len() as f64;
            *squared += (f64::from(seen) - mean).powi(2);
        }
    }
    squared
}

/// Label, predicted class, margin and relative margin of each image.
fn naive(train: &Split, test: &Split) -> Vec<(u16, u16, f64, f64)> {
    let answer = |index: usize| {
        let mut squared: Vec<_> = (0..)
            .zip(squared(train, test.pictures().image(index)))
            .collect();
        squared.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let [(class, least), (_, second)] = [squared[0], squared[1]];
        (
            test.labels()[index],
            class,
            second - least,
            (second - least) / least,
        )
    };
    (0..test.len()).map(answer).collect()
}

fn model(train: &Split) -> Result<Model, String> {
    let cpu = Cpu::default();
    let resident = cpu.upload(train).map_err(failed)?;
    Model::new("train", resident.class_sums().map_err(failed)?).map_err(failed)
}

#[test]
fn are_those_by_hand() -> Outcome {
    let [train, test] = splits();
    let model = model(&train)?;
    let nearest = settle::nearest_of_all(&test, &Question::plain(&model)).map_err(failed)?;
    let mut margins = Margins::default();
    // In batches, as a split that is not in memory comes.
    for (labels, nearest) in test.labels().chunks(37).zip(nearest.chunks(37)) {
        margins.add(labels, nearest);
    }
    let naive = naive(&train, &test);
    for (index, (found, naive)) in margins.answers().iter().zip(&naive).enumerate() {
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
        let same = (found.label, found.predicted) == (naive.0, naive.1)
            && near(found.margin, naive.2)
            && near(found.relative_margin, naive.3);
        ensure(same, || {
            format!("image {index}: {found:?} is not {naive:?}")
        })?;
    }
    ensure(margins.answers().len() == 150, || {
        "images are missing".into()
    })?;
    let mut sorted = naive.clone();
    sorted.sort_by(|a, b| b.3.total_cmp(&a.3));
    for (kept, images) in margins.kept([100, 81, 33, 1]).iter().zip([150, 122, 50, 2]) {
        let right = sorted[..images]
            .iter()
            .filter(|answer| answer.0 == answer.1);
        let expected = (images as u64, right.count() as u64);
        ensure((kept.images, kept.correct) == expected, || {
            format!("{kept:?} is not {expected:?}")
        })?;
    }
    let wrong = naive.iter().filter(|answer| answer.0 != answer.1);
    let widest = wrong.map(|answer| answer.2).fold(0.0, f64::max);
    let first = margins.widest_errors(1);
    ensure(naive[first[0]].2 == widest, || {
        format!("{first:?} is not the widest")
    })?;
    let right = naive.iter().filter(|answer| answer.0 == answer.1);
    let narrowest = right.map(|answer| answer.2).fold(f64::INFINITY, f64::min);
    let first = margins.narrowest_wins(1);
    ensure(naive[first[0]].2 == narrowest, || {
        format!("{first:?} is not the narrowest")
    })
}

#[test]
fn examples_are_those_by_hand() -> Outcome {
    let [train, test] = splits();
    let model = model(&train)?;
    let source = Source::from(test.clone());
    let found = details(&source, &Question::plain(&model), 0..test.len()).map_err(failed)?;
    ensure(found.len() == test.len(), || "images are missing".into())?;
    for (index, example) in &found {
        let image = test.pictures().image(*index);
        let squared = squared(&train, image);
        let mut order: Vec<u16> = (0..CLASSES as u16).collect();
        order.sort_by(|&a, &b| squared[usize::from(a)].total_cmp(&squared[usize::from(b)]));
        let label = test.labels()[*index];
        let other = if order[0] == label { order[1] } else { label };
        let distance = |class: u16| squared[usize::from(class)].sqrt();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.max(1.0);
        let Some(found) = example.other else {
            return Err(format!("image {index} has no other class"));
        };
        let same = (example.label, example.predicted, found.class) == (label, order[0], other)
            && near(example.distance, distance(order[0]))
            && found
                .distance
                .is_some_and(|found| near(found, distance(other)))
            && example
                .picture
                .as_ref()
                .is_some_and(|picture| picture.pixels() == image);
        ensure(same, || format!("{example:?}"))?;
    }
    Ok(())
}

/// From files that are read batch by batch as from memory.
#[test]
fn examples_are_the_same_in_batches() -> Outcome {
    let folder = Folder::new();
    let [train, test] = splits();
    for (split, images, labels) in [
        (&train, Folder::TRAIN_IMAGES, Folder::TRAIN_LABELS),
        (&test, Folder::TEST_IMAGES, Folder::TEST_LABELS),
    ] {
        let count = split.len() as u32;
        let bytes: Vec<u8> = split.labels().iter().map(|&label| label as u8).collect();
        folder.write(images, &idx(&[count, 5, 6], split.pictures().pixels()));
        folder.write(labels, &idx(&[count], &bytes));
    }
    let model = model(&train)?;
    let some = [149, 3, 77, 3, 0];
    let of = |whole: usize, batch: usize| -> Result<Vec<SampleDetail>, String> {
        let memory = Memory {
            whole,
            batch: batch * DIM,
            reread: false,
        };
        let dataset = Dataset::from_folder_within(folder.path(), memory).map_err(failed)?;
        let found = details(dataset.test(), &Question::plain(&model), some).map_err(failed)?;
        Ok(found.into_values().collect())
    };
    let whole = of(usize::MAX, 1)?;
    let indices: Vec<usize> = whole.iter().map(|example| example.index).collect();
    ensure(indices == [0, 3, 77, 149], || format!("{indices:?}"))?;
    for batch in [1, 7, 150] {
        ensure(of(0, batch)? == whole, || {
            format!("batches of {batch} differ")
        })?;
    }
    Ok(())
}

/// What is known of MNIST from other software.
#[test]
fn on_mnist() -> Outcome {
    let Some(folder) = mnist::needed()? else {
        return Ok(());
    };
    let out = tempfile::tempdir().map_err(failed)?;
    // The command runs elsewhere.
    let folder = folder.canonicalize().map_err(failed)?;
    let mut command = ncm(&["report", "--json", "--backend", "cpu", "--data"]);
    command
        .arg(&folder)
        .arg("--html")
        .arg(out.path().join("page.html"));
    let found = json(&mut command)?;
    let kept = found["kept"].as_array().ok_or("nothing is kept")?;
    let counts: Vec<_> = kept
        .iter()
        .map(|kept| (&kept["percent"], &kept["correct"]))
        .collect();
    // 90.5 % of the widest 80 %, 97.2 % of the widest half.
    let expected = [
        (100, 8_203),
        (95, 8_005),
        (90, 7_782),
        (80, 7_237),
        (70, 6_531),
        (50, 4_860),
    ];
    let same = counts
        .iter()
        .zip(expected)
        .all(|(found, expected)| *found.0 == expected.0 && *found.1 == expected.1);
    ensure(same && counts.len() == 6, || format!("{counts:?}"))?;
    let most = &found["confusions"];
    ensure(
        most[0] == serde_json::json!({"label": 5, "predicted": 3, "images": 118})
            && most[1] == serde_json::json!({"label": 4, "predicted": 9, "images": 116}),
        || most.to_string(),
    )?;
    let path = out.path().join("again.html");
    let page = page_at(&folder.display().to_string(), &path)?;
    let listed = rows(section(&page, "rejecting")?);
    let half = listed.last().ok_or("no rows")?;
    ensure(half[..4] == ["50 %", "5,000", "4,860", "97.20 %"], || {
        format!("{half:?}")
    })
}
