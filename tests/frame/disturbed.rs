//! Digits on pictures with more on them: dust, lines, frames, noise, shadows.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat};
use ncm::internals::classifier::exact;
use ncm::internals::classifier::model::{Inside, inside};
use ncm::internals::data::Memory;
use ncm::internals::data::picture::Picture;
use ncm::internals::data::synthetic::Synthetic;
use ncm::internals::pictures::frame::{Frame, Ink};
use ncm::{ClassSums, Dataset, Model, Question};
use rayon::prelude::*;

use crate::support::{Outcome, Pictures, Random, ensure, failed, mnist};

/// The side of a sheet, and by how much digits are enlarged on it.
const SIDE: usize = 280;
const TIMES: usize = 4;

/// Digits that are read.
const DIGITS: usize = 300;

type Sheet = Vec<u8>;
type Disturbance = (&'static str, fn(&mut Sheet, &mut Random));

/// What people's pictures have beside the digit.
const DISTURBANCES: [Disturbance; 27] = [
    ("a speck of 254", |sheet, random| dot(sheet, random, 1, 254)),
    ("a speck of 0", |sheet, random| dot(sheet, random, 1, 0)),
    ("three dots of 128", |sheet, random| {
        (0..3).for_each(|_| dot(sheet, random, 2, 128));
    }),
    ("dots of all sizes", |sheet, random| {
        (1..7).for_each(|size| dot(sheet, random, size, 100));
    }),
    ("a frame of 254", |sheet, _| frame(sheet, 0, 1, 254)),
    ("a frame of 230", |sheet, _| frame(sheet, 0, 1, 230)),
    ("a frame of 200", |sheet, _| frame(sheet, 0, 1, 200)),
    ("a frame of 128", |sheet, _| frame(sheet, 0, 1, 128)),
    ("a frame of 0", |sheet, _| frame(sheet, 0, 1, 0)),
    ("a frame inside of 0", |sheet, _| frame(sheet, 5, 1, 0)),
    ("a thick frame", |sheet, _| frame(sheet, 0, 5, 0)),
    ("a black margin", |sheet, _| {
        darken(sheet, |_, column| if column < 14 { 255 } else { 0 });
    }),
    ("noise of 0.3", |sheet, random| noise(sheet, random, 0.3)),
    ("noise of 1", |sheet, random| noise(sheet, random, 1.0)),
    ("noise of 4", |sheet, random| noise(sheet, random, 4.0)),
    ("noise of 20", |sheet, random| noise(sheet, random, 20.0)),
    ("pepper", |sheet, random| {
        for level in sheet {
            *level = if random.below(1_000) == 0 { 0 } else { *level };
        }
    }),
    ("JPEG", |sheet, _| jpeg(sheet, 60)),
    ("JPEG of noise", |sheet, random| {
        noise(sheet, random, 4.0);
        jpeg(sheet, 60);
    }),
    ("JPEG of dots", |sheet, random| {
        (0..3).for_each(|_| dot(sheet, random, 2, 128));
        jpeg(sheet, 60);
    }),
    ("lines of 230", |sheet, _| lines(sheet, 230, false)),
    ("lines of 128", |sheet, _| lines(sheet, 128, false)),
    ("lines of 60", |sheet, _| lines(sheet, 60, false)),
    ("squares of 200", |sheet, _| lines(sheet, 200, true)),
    ("a darker corner", |sheet, _| {
        darken(sheet, |row, column| {
            40 * 140_usize.saturating_sub(row + column) / 140
        });
    }),
    ("a gradient", |sheet, _| {
        darken(sheet, |_, column| 80 * column / SIDE);
    }),
    ("a cursor", |sheet, random| {
        let [top, left] = beside(sheet, random, 16);
        for row in 0..16 {
            let columns = left..left + row.min(10) + 1;
            sheet[(top + row) * SIDE..][..SIDE][columns].fill(0);
        }
    }),
];

/// Digits that the program draws.
fn drawn(train: usize) -> Result<Dataset, String> {
    let drawn = Synthetic {
        train,
        test: DIGITS,
        seed: 4,
    };
    Dataset::synthetic(drawn, Memory::default()).map_err(failed)
}

/// MNIST's digits; where it is missing, some that the program draws.
fn digits() -> Result<Dataset, String> {
    match mnist::folder() {
        Some(folder) => Dataset::from_folder(&folder).map_err(failed),
        None => drawn(10),
    }
}

/// What reads these digits.
fn model() -> Result<Model, String> {
    if mnist::folder().is_some() {
        return Ok(inside(Inside::Train).model);
    }
    let drawn = drawn(2_000)?;
    let train = drawn.train().whole().ok_or("not in memory")?;
    Model::new("train", ClassSums::of(train).map_err(failed)?).map_err(failed)
}

/// The first test images on sheets.
fn sheets(dataset: &Dataset) -> Result<Vec<(Sheet, u16)>, String> {
    let test = dataset.test().whole().ok_or("not in memory")?;
    let mut random = Random(6);
    let sheets = (0..DIGITS).map(|index| {
        let image = test.pictures().image(index);
        (sheet(image, &mut random), test.labels()[index])
    });
    Ok(sheets.collect())
}

/// An image in pen on white paper, enlarged, somewhere.
fn sheet(image: &[u8], random: &mut Random) -> Sheet {
    let mut sheet = vec![255; SIDE * SIDE];
    let [top, left] = [(); 2].map(|()| random.below((SIDE - 28 * TIMES) as u64) as usize);
    for row in 0..28 * TIMES {
        for column in 0..28 * TIMES {
            let level = image[row / TIMES * 28 + column / TIMES];
            sheet[(top + row) * SIDE + left + column] = 255 - level;
        }
    }
    sheet
}

/// Where a square of white paper is, away from all ink.
fn beside(sheet: &Sheet, random: &mut Random, size: usize) -> [usize; 2] {
    loop {
        let [top, left] = [(); 2].map(|()| random.below((SIDE - size) as u64) as usize);
        let around = |at: usize| at.saturating_sub(8)..(at + size + 8).min(SIDE);
        let mut rows = around(top).map(|row| &sheet[row * SIDE..][..SIDE][around(left)]);
        if rows.all(|row| row.iter().all(|&level| level == 255)) {
            return [top, left];
        }
    }
}

fn dot(sheet: &mut Sheet, random: &mut Random, size: usize, level: u8) {
    let [top, left] = beside(sheet, random, size);
    for row in top..top + size {
        sheet[row * SIDE..][..SIDE][left..left + size].fill(level);
    }
}

fn darken(sheet: &mut Sheet, by: impl Fn(usize, usize) -> usize) {
    for (at, level) in sheet.iter_mut().enumerate() {
        *level = level.saturating_sub(by(at / SIDE, at % SIDE) as u8);
    }
}

fn frame(sheet: &mut Sheet, inside: usize, thick: usize, level: u8) {
    for (at, found) in sheet.iter_mut().enumerate() {
        let (row, column) = (at / SIDE, at % SIDE);
        let depth = row.min(column).min(SIDE - 1 - row).min(SIDE - 1 - column);
        if (inside..inside + thick).contains(&depth) {
            *found = level.min(*found);
        }
    }
}

fn lines(sheet: &mut Sheet, level: u8, squared: bool) {
    for (at, found) in sheet.iter_mut().enumerate() {
        if at / SIDE % 20 == 7 || squared && at % SIDE % 20 == 7 {
            *found = level.min(*found);
        }
    }
}

/// Normally distributed noise, clipped where paper is white.
fn noise(sheet: &mut Sheet, random: &mut Random, deviation: f64) {
    for level in sheet {
        let sum: f64 = (0..12)
            .map(|_| random.below(1 << 20) as f64 / f64::from(1 << 20))
            .sum();
        *level = (f64::from(*level) + deviation * (sum - 6.0)).round() as u8;
    }
}

/// What is left of it in a JPEG, saved in a format that loses nothing.
fn jpeg(sheet: &mut Sheet, quality: u8) {
    let mut bytes = Vec::new();
    let side = SIDE as u32;
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(sheet, side, side, ExtendedColorType::L8)
        .expect("memory");
    let read = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).expect("a JPEG");
    *sheet = read.into_luma8().into_raw();
}

fn right(model: &Model, sheets: &[(Sheet, u16)], disturb: fn(&mut Sheet, &mut Random)) -> usize {
    let question = Question::plain(model).of_levels();
    let question = question.expect("a model of images");
    let is_right = |(index, (sheet, label)): (usize, &(Sheet, u16))| {
        let mut sheet = sheet.clone();
        disturb(&mut sheet, &mut Random(index as u64));
        let picture = Picture::new(SIDE, SIDE, sheet).expect("as many levels as pixels");
        let framed = Frame::Canonical.of_picture(&picture, 28, 28);
        framed.is_some_and(|framed| exact::nearest(&framed.pixels, 0, &question).class == *label)
    };
    sheets
        .par_iter()
        .enumerate()
        .filter(|&it| is_right(it))
        .count()
}

/// As many digits are read as on clean paper, or nearly so.
#[test]
fn are_read_whatever_else_is_on_the_picture() -> Outcome {
    let (model, sheets) = (model()?, sheets(&digits()?)?);
    let clean = right(&model, &sheets, |_, _| ());
    let least = mnist::folder().map_or(200, |_| 239);
    ensure(clean >= least, || {
        format!("{clean} of {DIGITS} are read on clean paper")
    })?;
    let mut poor = Vec::new();
    for (what, disturb) in DISTURBANCES {
        let read = right(&model, &sheets, disturb);
        if read < clean - 14 {
            poor.push(format!("{read} with {what}"));
        }
    }
    ensure(poor.is_empty(), || {
        format!("{clean} are read on clean paper, but {}", poor.join(", "))
    })
}

/// An image of the model's size with a speck in it is read like one without.
#[test]
fn are_read_in_small_pictures_as_well() -> Outcome {
    let sheets = sheets(&digits()?)?;
    for (sheet, _) in &sheets[..50] {
        let small: Vec<u8> = (0..70 * 70)
            .map(|at| sheet[at / 70 * TIMES * SIDE + at % 70 * TIMES])
            .collect();
        let framed = |levels: Vec<u8>| -> Result<Vec<u8>, String> {
            let picture = Picture::new(70, 70, levels).map_err(failed)?;
            let framed = Frame::Canonical.of_picture(&picture, 28, 28);
            Ok(framed.ok_or("a blank picture")?.pixels)
        };
        let clean = framed(small.clone())?;
        for level in [254, 128, 0] {
            let mut dusty = small.clone();
            let corner = [0_usize, 69, 69 * 70, 70 * 70 - 1];
            let paper = corner.into_iter().max_by_key(|&at| {
                let ink = (0..70 * 70_usize).filter(|&ink| small[ink] < 255);
                ink.map(|ink| {
                    (at / 70)
                        .abs_diff(ink / 70)
                        .max((at % 70).abs_diff(ink % 70))
                })
                .min()
            });
            dusty[paper.ok_or("four corners")?] = level;
            ensure(framed(dusty)? == clean, || {
                format!("a speck of {level} is ink")
            })?;
        }
    }
    Ok(())
}

/// What looks like two digits is said to, and nothing else is.
#[test]
fn are_said_to_be_several_where_they_are() -> Outcome {
    let sheets = sheets(&digits()?)?;
    let several = |sheet: &Sheet, columns: usize| -> Result<bool, String> {
        let picture = Picture::new(SIDE, columns, sheet.clone()).map_err(failed)?;
        Ok(Ink::of(&picture).is_some_and(|ink| ink.is_several()))
    };
    let (mut taken_for_one, mut taken_for_several) = (0, 0);
    for pair in sheets.chunks_exact(2) {
        let [(one, _), (other, _)] = pair else {
            continue;
        };
        let beside = (0..SIDE).flat_map(|row| {
            [one, other]
                .into_iter()
                .flat_map(move |sheet| &sheet[row * SIDE..][..SIDE])
        });
        taken_for_one += usize::from(!several(&beside.copied().collect(), 2 * SIDE)?);
        taken_for_several += usize::from(several(one, SIDE)?);
    }
    ensure(taken_for_one <= 6 && taken_for_several <= 1, || {
        format!(
            "{taken_for_one} of 150 pairs are one digit, {taken_for_several} digits are several"
        )
    })
}
