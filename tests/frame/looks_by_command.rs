//! Pictures of a dataset's own images, given to the command.

use std::path::Path;

use ncm::Model;
use ncm::internals::classifier::model::ModelFile;

use super::looks::{enlarged, moved, texture};
use crate::command_line::{fail, json, ncm, succeed};
use crate::support::{Folder, Outcome, ensure, failed, idx};

/// Photographs have no ground to find ink on.
#[test]
fn without_a_ground_are_refused_in_another_size() -> Outcome {
    let folder = Folder::new();
    let images: Vec<u8> = (0..4).flat_map(texture).collect();
    for name in [Folder::TRAIN_IMAGES, Folder::TEST_IMAGES] {
        folder.write(name, &idx(&[4, 28, 28], &images));
    }
    for name in [Folder::TRAIN_LABELS, Folder::TEST_LABELS] {
        folder.write(name, &idx(&[4], &[0, 1, 2, 3]));
    }
    let (side, large) = enlarged(&images[..784], 28);
    write_png(&folder, "own.png", 28, &images[2 * 784..3 * 784])?;
    write_png(&folder, "large.png", side, &large)?;
    let at = |name: &str| folder.at(name);
    let data = folder.path().display().to_string();
    let read = json(&mut ncm(&[
        "predict",
        "--json",
        "--data",
        &data,
        &at("own.png"),
    ]))?;
    ensure(read["predictions"][0]["predicted"] == 2, || {
        read.to_string()
    })?;
    let refused = ["predict", "--data", &data, &at("large.png")];
    fail(
        &mut ncm(&refused),
        3,
        "found a picture of 112 × 112 pixels; expected one of 28 × 28",
    )?;
    succeed(ncm(&refused).args(["--resize", "plain"]))?;
    Ok(())
}

fn save_model(data: &str, file: &str) -> Outcome {
    succeed(&mut ncm(&["means", "--data", data, "--save", file])).map(|_| ())
}

fn write_png(folder: &Folder, name: &str, side: usize, levels: &[u8]) -> Outcome {
    let side = side as u32;
    let picture = image::GrayImage::from_raw(side, side, levels.to_vec()).ok_or("a square")?;
    picture.save(folder.path().join(name)).map_err(failed)
}

/// Three images that are training and test set, in five looks, by every command
/// that reads pictures, with a dataset and with a model.
#[test]
fn of_own_images_are_read_by_the_command() -> Outcome {
    let bar = |left: usize, wide: usize| {
        (0..784).map(move |at| {
            let inked = (4..24).contains(&(at / 28)) && (left..left + wide).contains(&(at % 28));
            if inked { 255_u8 } else { 0 }
        })
    };
    let images: Vec<u8> = bar(12, 4).chain(bar(14, 4)).chain(bar(4, 20)).collect();
    for look in [
        |level| level,
        |level| level / 2,
        |level| level / 16,
        |level| level / 255,
        |level: u8| 255 - level,
    ] {
        let folder = Folder::new();
        let looking: Vec<u8> = images.iter().map(|&level| look(level)).collect();
        for name in [Folder::TRAIN_IMAGES, Folder::TEST_IMAGES] {
            folder.write(name, &idx(&[3, 28, 28], &looking));
        }
        for name in [Folder::TRAIN_LABELS, Folder::TEST_LABELS] {
            folder.write(name, &idx(&[3], &[1, 1, 0]));
        }
        let at = |name: &str| folder.at(name);
        let names: Vec<String> = (0..3).map(|index| at(&format!("{index}.png"))).collect();
        for (index, image) in looking.chunks_exact(784).enumerate() {
            write_png(&folder, &format!("{index}.png"), 28, image)?;
        }
        let (data, saved) = (folder.path().display().to_string(), at("model.npz"));
        save_model(&data, &saved)?;
        for from in [["--data", &data], ["--model", &saved]] {
            let read = json(ncm(&["predict", "--json"]).args(&names).args(from))?;
            let classes: Vec<Option<u64>> = (0..3)
                .map(|at| read["predictions"][at]["predicted"].as_u64())
                .collect();
            ensure(classes == [Some(1), Some(1), Some(0)], || {
                format!("{} is read as {classes:?} by {from:?}", look(255))
            })?;
            let of_file = ["distances", "--json", "--file", &names[2]];
            let read = json(ncm(&of_file).args(from))?;
            ensure(
                read["predicted"] == 0 && read["distances"][0] == 0.0,
                || read.to_string(),
            )?;
        }
    }
    Ok(())
}

/// Models of other levels answer, and that is said; older files say what they lack.
#[test]
fn that_cannot_be_compared_are_said_to() -> Outcome {
    let folder = Folder::new();
    let at = |name: &str| folder.at(name);
    let data = folder.path().display().to_string();
    let saved = at("model.npz");
    save_model(&data, &saved)?;
    let accuracy = [
        "accuracy",
        "--json",
        "--backend",
        "cpu",
        "--data",
        &data,
        "--model",
        &saved,
    ];
    let read = json(&mut ncm(&accuracy))?;
    ensure(read["notes"] == serde_json::json!([]), || {
        read["notes"].to_string()
    })?;
    let images = folder.read(Folder::TEST_IMAGES);
    let faint: Vec<u8> = images[16..].iter().map(|level| level / 16).collect();
    folder.write(Folder::TEST_IMAGES, &[&images[..16], &faint].concat());
    let read = json(&mut ncm(&accuracy))?;
    let note = read["notes"][0].as_str().unwrap_or_default();
    ensure(note.contains("the distances say little"), || {
        read["notes"].to_string()
    })?;

    let mut older = ModelFile::read(Path::new(&saved)).map_err(failed)?;
    ensure(older.model.look().is_some(), || {
        "nothing is known of the levels".into()
    })?;
    older.model = Model::new("train", older.model.sums().clone()).map_err(failed)?;
    folder.write("older.npz", &older.bytes().map_err(failed)?);
    write_png(&folder, "seven.png", 28, &moved(&[255; 784], 28, 10))?;
    let read = json(&mut ncm(&[
        "predict",
        "--json",
        "--model",
        &at("older.npz"),
        &at("seven.png"),
    ]))?;
    let note = read["notes"][0].as_str().unwrap_or_default();
    ensure(note.contains("made to look like MNIST's"), || {
        read["notes"].to_string()
    })
}
