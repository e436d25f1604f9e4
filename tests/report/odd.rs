//! Datasets that are not ten digits.

use std::path::Path;

use super::html::{attribute, page_at, rows, section, tags};
use crate::command_line::{json, ncm};
use crate::support::{Folder, Outcome, ensure, failed, idx};

/// The page about a folder, and its size in a browser's eyes.
fn page(folder: &Folder) -> Result<String, String> {
    let path = folder.path().join("page.html");
    let page = page_at(&folder.path().display().to_string(), &path)?;
    for nothing in ["NaN", ">inf"] {
        ensure(!page.contains(nothing), || nothing.into())?;
    }
    ensure(page.len() < 1_000_000, || format!("{} bytes", page.len()))?;
    Ok(page)
}

/// Width and height of a picture that was made of a folder.
fn picture(folder: &Folder, name: &str) -> Result<[u32; 2], String> {
    let out = folder.path().join("pictures");
    let mut command = ncm(&["report", "--json", "--backend", "cpu", "--data"]);
    let found = json(command.arg(folder.path()).arg("--png").arg(&out))?;
    ensure(found["html"].is_null(), || found["html"].to_string())?;
    let decoded = image::open(Path::new(&out).join(name)).map_err(failed)?;
    Ok([decoded.width(), decoded.height()])
}

/// Labels as large as there are: no matrix, a hundred means, small pictures.
#[test]
fn of_many_classes_stays_small() -> Outcome {
    let folder = Folder::new();
    let header = [0, 0, 0x0c, 1, 0, 0, 0, 4];
    let labels = [
        &header[..],
        &[0; 4],
        &[0, 0, 0, 1],
        &[0, 0, 255, 255],
        &[0, 0, 0, 2],
    ];
    folder.write(Folder::TEST_LABELS, &labels.concat());
    let page = page(&folder)?;
    // Of classes that occur alone: four labels and what they were taken for.
    let matrix = rows(section(&page, "confusion")?);
    ensure(matrix.len() == 5, || format!("{matrix:?}"))?;
    let means = section(&page, "means")?;
    let shown = [tags(means, "figure").len(), tags(means, "img").len()];
    let says = "65,533 of 65,536 classes have no images";
    ensure(shown == [3, 3] && means.contains(says), || means.into())?;
    let tested = rows(section(&page, "classes")?);
    ensure(tested.len() == 5, || format!("{tested:?}"))?;
    for name in ["confusion.png", "means.png"] {
        let size = picture(&folder, name)?;
        ensure(size.iter().all(|&side| side <= 1_000), || {
            format!("{name}: {size:?}")
        })?;
    }
    Ok(())
}

/// Class 1 has no training image, class 2 no test image.
#[test]
fn of_classes_without_images() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TRAIN_LABELS, &idx(&[6], &[0, 0, 0, 0, 2, 2]));
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0, 1, 1, 0]));
    let page = page(&folder)?;
    let means = section(&page, "means")?;
    ensure(
        means.contains("1 of 3 classes has no images") && !means.contains("no mean"),
        || means.into(),
    )?;
    let errors = section(&page, "errors")?;
    ensure(
        errors.contains("<dt>to 1</dt><dd>not trained on</dd>"),
        || errors.into(),
    )?;
    let classes = rows(section(&page, "classes")?);
    let first: Vec<&str> = classes.iter().map(|row| row[0].as_str()).collect();
    // Nobody is of class 2, but some are given it.
    ensure(first == ["class", "0", "1", "2"], || format!("{classes:?}"))?;
    ensure(classes[2][1] == "–", || format!("{classes:?}"))
}

/// One mean, to which all images are nearest: no second class, no mistake.
#[test]
fn of_one_class() -> Outcome {
    let folder = Folder::new();
    folder.write(Folder::TRAIN_LABELS, &idx(&[6], &[0; 6]));
    folder.write(Folder::TEST_LABELS, &idx(&[4], &[0; 4]));
    let page = page(&folder)?;
    for says in [
        "No test image is wrong.",
        "No right answer had a second class to lose to.",
        "no second class",
        "100.00 %",
    ] {
        ensure(page.contains(says), || format!("no {says}"))?;
    }
    Ok(())
}

/// Strips stay visible and large images become small.
#[test]
fn of_large_and_narrow_images() -> Outcome {
    for (rows, columns, expected) in [(1, 300, [100, 1]), (400, 200, [50, 100])] {
        let folder = Folder::new();
        let dim = rows * columns;
        let images = |count: usize| -> Vec<u8> {
            (0..count * dim)
                .map(|place| (place / dim * 40) as u8)
                .collect()
        };
        let head = |count: u32| [count, rows as u32, columns as u32];
        folder.write(Folder::TRAIN_IMAGES, &idx(&head(6), &images(6)));
        folder.write(Folder::TEST_IMAGES, &idx(&head(4), &images(4)));
        let page = page(&folder)?;
        let pictures = tags(&page, "img");
        ensure(!pictures.is_empty(), || "no picture".into())?;
        for tag in pictures {
            let size = ["width", "height"]
                .map(|name| attribute(tag, name).and_then(|side| side.parse().ok()));
            ensure(size == expected.map(Some), || {
                format!("{rows} × {columns} became {size:?}")
            })?;
        }
        let size = picture(&folder, "means.png")?;
        ensure(size.iter().all(|&side| side < 800), || format!("{size:?}"))?;
    }
    Ok(())
}
