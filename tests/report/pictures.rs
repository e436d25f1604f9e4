//! Pictures against stored ones, pixel by pixel.

use ncm::internals::app::report::confusion_picture::confusion_picture;
use ncm::internals::app::report::montage::means_montage;
use ncm::internals::evaluation::Evaluation;
use ncm::{LevelSums, Predictions, Question};

use super::SMALL;
use crate::command_line::{ncm, succeed};
use crate::support::{Outcome, failed, same_picture, split};

/// Of synthetic digits, which are the same everywhere.
#[test]
fn are_the_stored_ones() -> Outcome {
    let folder = tempfile::tempdir().map_err(failed)?;
    let mut command = ncm(&["report", "--backend", "cpu", "--data", SMALL, "--png"]);
    succeed(command.arg(folder.path()))?;
    for name in ["confusion.png", "means.png"] {
        let file = std::fs::read(folder.path().join(name)).map_err(failed)?;
        same_picture(name, &file)?;
    }
    Ok(())
}

/// Twelve classes of images higher than wide, one without any.
#[test]
fn means_with_a_gap_are_the_stored_ones() -> Outcome {
    let dim = 5 * 3;
    let counts: Vec<u64> = (0..12)
        .map(|class| if class == 7 { 0 } else { class + 1 })
        .collect();
    let sum =
        |class: usize, pixel: usize| counts[class] * ((class * 16 + pixel * 5) as u64).min(255);
    let sums = (0..12 * dim)
        .map(|place| sum(place / dim, place % dim))
        .collect();
    let sums = LevelSums::new(dim, counts.clone(), sums).map_err(failed)?;
    let montage = means_montage(&sums, 5, 3).png().map_err(failed)?;
    same_picture("means-with-gap.png", &montage)
}

/// Forty classes: shades alone.
#[test]
fn confusions_of_many_classes_are_the_stored_ones() -> Outcome {
    let classes = 40;
    // Images of one pixel, in training with other labels.
    let labels: Vec<u16> = (0..classes as u16).collect();
    let pixels: Vec<u8> = (0..classes).map(|class| (class * 6) as u8).collect();
    let shifted = labels.iter().map(|label| (label * 3 + 2) % 40).collect();
    let train = split(1, pixels.clone(), shifted, classes);
    let test = split(1, pixels, labels, classes);
    let predictions = predictions(&train, &test)?;
    let mut evaluation = Evaluation::new(classes);
    evaluation
        .add(test.labels(), &predictions)
        .map_err(failed)?;
    let picture = confusion_picture(evaluation.confusion());
    same_picture("confusion-many.png", &picture.png().map_err(failed)?)
}

fn predictions(
    train: &ncm::internals::data::Split,
    test: &ncm::internals::data::Split,
) -> Result<Predictions, String> {
    use ncm::internals::backends::Backend;

    let cpu = ncm::internals::backends::cpu::Cpu::default();
    let sums = cpu
        .upload(train)
        .and_then(|resident| resident.class_sums())
        .map_err(failed)?;
    let model = ncm::Model::new("train", sums).map_err(failed)?;
    let resident = cpu.upload(test).map_err(failed)?;
    let mut predictions = resident
        .predictions(&[Question::plain(&model)])
        .map_err(failed)?;
    predictions.pop().ok_or_else(|| "no predictions".to_owned())
}
