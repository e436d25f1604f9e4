//! Pictures of a dataset's own images, in whatever look that has.

use ncm::internals::classifier::exact;
use ncm::internals::classifier::look::Look;
use ncm::internals::classifier::model::ModelFile;
use ncm::internals::data::picture::Picture;
use ncm::internals::data::synthetic::Synthetic;
use ncm::internals::data::{Images, Memory, Source, Split};
use ncm::internals::pictures::frame::{Frame, Target, resized};
use ncm::{ClassSums, Dataset, Model, Question};

use crate::support::{Outcome, Pictures, ensure, failed, mnist};

const TRAIN: usize = 2_000;
const TEST: usize = 200;

type Change = fn(&[u8]) -> Vec<u8>;

/// A look: its name, the side of an image, what becomes of an image, and how
/// levels are stretched to 0 to 255.
type Changed = (&'static str, usize, Change, fn(u8) -> u8);

const LOOKS: [Changed; 11] = [
    ("0 to 255", 28, <[u8]>::to_vec, |level| level),
    (
        "0 to 127",
        28,
        |image| image.iter().map(|level| level / 2).collect(),
        |level| level * 2,
    ),
    (
        "0 to 15",
        28,
        |image| image.iter().map(|level| level / 16).collect(),
        |level| level * 17,
    ),
    (
        "0 to 1",
        28,
        |image| image.iter().map(|level| level / 128).collect(),
        |level| level * 255,
    ),
    (
        "inverted",
        28,
        |image| image.iter().map(|level| 255 - level).collect(),
        |level| 255 - level,
    ),
    (
        "20 to 120",
        28,
        |image| image.iter().map(|level| 20 + level / 4).collect(),
        |level| (level - 20) * 4,
    ),
    (
        "8 × 8 of 0 to 15",
        8,
        |image| {
            let small = resized(image, [28, 28], [8, 8]);
            small.iter().map(|level| level / 16).collect()
        },
        |level| level * 17,
    ),
    ("32 × 32", 32, |image| moved(image, 32, 2), |level| level),
    ("shifted", 28, |image| moved(image, 28, 4), |level| level),
    (
        "filled",
        28,
        |image| {
            let ink = moved(image, 20, -4);
            resized(&ink, [20, 20], [28, 28])
        },
        |level| level,
    ),
    (
        "filled and inverted, of 0 to 15",
        28,
        |image| {
            let ink = moved(image, 20, -4);
            resized(&ink, [20, 20], [28, 28])
                .iter()
                .map(|level| 15 - level / 16)
                .collect()
        },
        |level| level * 17,
    ),
];

/// An image on another of `side` rows and columns, so many pixels down and right.
pub(super) fn moved(image: &[u8], side: usize, by: i64) -> Vec<u8> {
    let from = |to: usize| usize::try_from(to as i64 - by).ok().filter(|&at| at < 28);
    let level = |at: usize| match (from(at / side), from(at % side)) {
        (Some(row), Some(column)) => image[row * 28 + column],
        _ => 0,
    };
    (0..side * side).map(level).collect()
}

/// MNIST's first images, or drawn ones where it is missing.
fn digits() -> Result<[Split; 2], String> {
    let dataset = match mnist::folder() {
        Some(folder) => Dataset::from_folder(&folder).map_err(failed)?,
        None => {
            let drawn = Synthetic {
                train: TRAIN,
                test: TEST,
                seed: 4,
            };
            Dataset::synthetic(drawn, Memory::default()).map_err(failed)?
        }
    };
    let first = |source: &Source, count: usize| -> Result<Split, String> {
        let split = source.whole().ok_or("not in memory")?;
        let pixels = (0..count)
            .flat_map(|at| split.pictures().image(at))
            .copied();
        let images = Images::new(28, 28, pixels.collect()).map_err(failed)?;
        let labels = split.labels()[..count].to_vec();
        Split::new(images, labels, split.classes()).map_err(failed)
    };
    Ok([first(dataset.train(), TRAIN)?, first(dataset.test(), TEST)?])
}

fn changed(split: &Split, side: usize, change: Change) -> Result<Split, String> {
    let images = (0..split.len()).flat_map(|at| change(split.pictures().image(at)));
    let images = Images::new(side, side, images.collect()).map_err(failed)?;
    Split::new(images, split.labels().to_vec(), split.classes()).map_err(failed)
}

fn model(train: &Split) -> Result<ModelFile, String> {
    let sums = ClassSums::of(train).map_err(failed)?;
    let look = Look::of(&train.clone().into()).map_err(failed)?;
    let model = Model::new("train", sums).and_then(|model| model.with_look(look));
    let model = model.map_err(failed)?;
    Ok(ModelFile::new("some", train.shape(), model))
}

/// How many pictures are read as the images are that they were made of.
fn same(
    file: &ModelFile,
    test: &Split,
    picture: impl Fn(&[u8], usize) -> (usize, Vec<u8>),
) -> Result<usize, String> {
    let question = Question::plain(&file.model).of_levels().map_err(failed)?;
    let [_, columns] = file.image_size().map_err(failed)?;
    let nearest = |pixels: &[u8]| exact::nearest(pixels, 0, &question).class;
    let target = Target::of(file).map_err(failed)?;
    let mut same = 0;
    for index in 0..test.len() {
        let image = test.pictures().image(index);
        let (side, levels) = picture(image, columns);
        let picture = Picture::new(side, side, levels).map_err(failed)?;
        let framed = target.framed(Frame::Canonical, &picture);
        same += usize::from(framed.is_some_and(|framed| nearest(&framed.pixels) == nearest(image)));
    }
    Ok(same)
}

/// Each pixel as a square of four.
pub(super) fn enlarged(image: &[u8], side: usize) -> (usize, Vec<u8>) {
    let large = 4 * side;
    let level = |at: usize| image[at / large / 4 * side + at % large / 4];
    (large, (0..large * large).map(level).collect())
}

/// Enlarged, on a canvas that is larger still, of the level in the image's corner.
fn displaced(image: &[u8], side: usize) -> (usize, Vec<u8>) {
    let (large, pixels) = enlarged(image, side);
    let canvas = large + 50;
    let level = |at: usize| {
        let inside = |at: usize| at.checked_sub(33).filter(|&at| at < large);
        match (inside(at / canvas), inside(at % canvas)) {
            (Some(row), Some(column)) => pixels[row * large + column],
            _ => image[0],
        }
    };
    (canvas, (0..canvas * canvas).map(level).collect())
}

/// As they are, stretched to all levels, enlarged, and displaced.
#[test]
fn of_own_images_are_read_like_those_in_any_look() -> Outcome {
    let [train, test] = digits()?;
    let mut poor = Vec::new();
    for (what, side, change, stretch) in LOOKS {
        let file = model(&changed(&train, side, change)?)?;
        let test = changed(&test, side, change)?;
        let own = same(&file, &test, |image, side| (side, image.to_vec()))?;
        let stretched = same(&file, &test, |image, side| {
            (side, image.iter().map(|&level| stretch(level)).collect())
        })?;
        let large = same(&file, &test, enlarged)?;
        let drawn = same(&file, &test, displaced)?;
        let enough = TEST * 95 / 100;
        // What is so coarse depends on where its pixels begin.
        let is_coarse = side < 20;
        if own.min(stretched).min(large) < enough || drawn < TEST * 3 / 4 && !is_coarse {
            poor.push(format!(
                "{what}: {own}, stretched {stretched}, enlarged {large}, displaced {drawn}"
            ));
        }
    }
    ensure(poor.is_empty(), || {
        format!("of {TEST} are read alike {}", poor.join("; "))
    })
}

/// A photograph, of which there are many.
pub(super) fn texture(seed: usize) -> impl Iterator<Item = u8> {
    (0..784).map(move |at| (at * (7 + seed * 2) % 251) as u8)
}

/// Photographs have no ground to find ink on.
#[test]
fn without_a_ground_are_taken_in_their_own_size_alone() -> Outcome {
    let images = Images::new(28, 28, (0..4).flat_map(texture).collect()).map_err(failed)?;
    let train = Split::new(images, vec![0, 1, 2, 3], 4).map_err(failed)?;
    let file = model(&train)?;
    let target = Target::of(&file).map_err(failed)?;
    ensure(!target.has_ground(), || "a texture has a ground".into())?;
    let own = same(&file, &train, |image, side| (side, image.to_vec()))?;
    ensure(own == 4, || format!("{own} of 4 are read"))?;
    let (side, large) = enlarged(train.pictures().image(0), 28);
    let large = Picture::new(side, side, large).map_err(failed)?;
    ensure(target.framed(Frame::Canonical, &large).is_none(), || {
        "a guess".into()
    })?;
    ensure(target.framed(Frame::Plain, &large).is_some(), || {
        "plain is refused".into()
    })?;
    Ok(())
}
