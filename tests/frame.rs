//! Drawn digits in MNIST's frame.

mod disturbed;
mod drawn;
mod ink;
mod looks;
mod looks_by_command;

use ncm::Dataset;
use ncm::internals::data::picture::Picture;
use ncm::internals::data::synthetic::Synthetic;
use ncm::internals::data::{Images, Memory, Source};
use ncm::internals::pictures::frame::{Crop, Frame, Framed, Polarity, resized};

use crate::support::{Outcome, Pictures, Random, ensure, failed, mnist};

#[test]
fn leaves_centred_synthetic_digits() -> Outcome {
    let digits = Synthetic {
        train: 1,
        test: 1_000,
        seed: 3,
    };
    let digits = Dataset::synthetic(digits, Memory::default()).map_err(failed)?;
    leaves(digits.test(), 0, 0)
}

#[test]
fn leaves_mnists_digits_where_they_are() -> Outcome {
    let Some(folder) = mnist::needed()? else {
        return Ok(());
    };
    let mnist = Dataset::from_folder(&folder).map_err(failed)?;
    // Of the others all but one have a longest side of 19 pixels, since ink
    // fell off when they were made.
    leaves(mnist.test(), 3, 0)?;
    leaves(mnist.train(), 14, 2)
}

pub fn picture(images: &Images, index: usize) -> Result<Picture, String> {
    let pixels = images.image(index).to_vec();
    Picture::new(images.rows(), images.columns(), pixels).map_err(failed)
}

pub fn canonical(picture: &Picture) -> Result<Framed, String> {
    let framed = Frame::Canonical.of_picture(picture, 28, 28);
    framed.ok_or_else(|| "a blank picture".into())
}

/// All but so many images of a split come out as they are, and all but so many
/// had their centre of mass at (14, 14) to begin with.
fn leaves(source: &Source, changed: usize, elsewhere: usize) -> Outcome {
    let split = source.whole().ok_or("not in memory")?;
    let images = split.pictures();
    let mut found = [0, 0];
    for index in 0..images.len() {
        let image = images.image(index);
        let framed = canonical(&picture(images, index)?)?;
        found[0] += usize::from(framed.pixels != image);
        found[1] += usize::from(centre(image, 28) != [14, 14]);
    }
    ensure(found == [changed, elsewhere], || {
        format!("{} were changed, {} centred elsewhere", found[0], found[1])
    })
}

/// Where the centre of mass is, rounded half up, in floating point.
fn centre(pixels: &[u8], columns: usize) -> [i64; 2] {
    let mass: f64 = pixels.iter().map(|&level| f64::from(level)).sum();
    let along = |place: fn(usize, usize) -> usize| {
        let moments = pixels.iter().enumerate();
        let moments = moments.map(|(at, &level)| place(at, columns) as f64 * f64::from(level));
        (moments.sum::<f64>() / mass + 0.5).floor() as i64
    };
    [
        along(|at, columns| at / columns),
        along(|at, columns| at % columns),
    ]
}

/// Ink of any shape, from one pixel to a canvas full of them.
#[test]
fn of_any_ink_is_centred_and_whole() -> Outcome {
    let mut random = Random(11);
    for round in 0..2_000 {
        let [rows, columns] = [(); 2].map(|()| 1 + random.below(60) as usize);
        let mut levels = vec![0; rows * columns];
        for _ in 0..1 + random.below(20) {
            let place = random.below(levels.len() as u64) as usize;
            levels[place] = 128 + random.below(128) as u8;
        }
        let picture = Picture::new(rows, columns, levels).map_err(failed)?;
        // So much ink that it is the ground.
        let Some(framed) = Frame::Canonical.of_picture(&picture, 28, 28) else {
            continue;
        };
        let Crop {
            rows: high,
            columns: wide,
            ..
        } = framed.crop;
        let longest = high.max(wide);
        let side = |size: usize| ((20 * size) as f64 / longest as f64).round().max(1.0) as usize;
        let inked: Vec<usize> = (0..784).filter(|&at| framed.pixels[at] > 0).collect();
        let span = |places: Vec<usize>| {
            let least = places.iter().min().copied().unwrap_or(0);
            places.iter().max().map_or(0, |most| most + 1 - least)
        };
        let found = [
            span(inked.iter().map(|at| at / 28).collect()),
            span(inked.iter().map(|at| at % 28).collect()),
        ];
        ensure(found[0] <= side(high) && found[1] <= side(wide), || {
            format!("{round}: {found:?} of {high} × {wide}")
        })?;
        // Ink at the edge of what fits cannot be moved any further.
        let centre = centre(&framed.pixels, 28);
        let touches =
            |place: fn(usize) -> usize| inked.iter().any(|&at| [0, 27].contains(&place(at)));
        let held = [touches(|at| at / 28), touches(|at| at % 28)];
        let fine = (0..2).all(|axis| centre[axis] == 14 || held[axis]);
        ensure(fine, || format!("{round}: the centre is at {centre:?}"))?;
    }
    Ok(())
}

#[test]
fn in_other_sizes_is_in_proportion() -> Outcome {
    // A square of ink in a corner.
    let levels = (0..400).map(|at| if at / 20 < 4 && at % 20 < 4 { 255 } else { 0 });
    let picture = Picture::new(20, 20, levels.collect()).map_err(failed)?;
    for (rows, columns, side) in [
        (28, 28, 20),
        (14, 14, 10),
        (56, 70, 40),
        (7, 9, 5),
        (1, 1, 1),
    ] {
        let framed = Frame::Canonical.of_picture(&picture, rows, columns);
        let framed = framed.ok_or("a blank picture")?;
        let full = framed.pixels.iter().filter(|&&level| level == 255).count();
        ensure(full == side * side, || {
            format!(
                "{full} pixels of {rows} × {columns} are inked, not {}",
                side * side
            )
        })?;
        ensure(framed.polarity == Polarity::LightOnDark, || {
            format!("{:?}", framed.polarity)
        })?;
    }
    Ok(())
}

#[test]
fn plain_is_the_whole_picture() -> Outcome {
    let mut random = Random(5);
    let image: Vec<u8> = (0..784).map(|_| random.below(2) as u8 * 255).collect();
    let mut image = image;
    // A ground to stand out from.
    (0..784)
        .filter(|at| at / 28 == 0 || at / 28 == 27 || at % 28 == 0 || at % 28 == 27)
        .for_each(|at| image[at] = 0);
    let large: Vec<u8> = (0..280 * 280)
        .map(|at| image[at / 280 / 10 * 28 + at % 280 / 10])
        .collect();
    let picture = Picture::new(280, 280, large).map_err(failed)?;
    let framed = Frame::Plain.of_picture(&picture, 28, 28).ok_or("blank")?;
    ensure(framed.pixels == image, || "another image".into())?;
    let crop = Crop {
        top: 0,
        left: 0,
        rows: 280,
        columns: 280,
    };
    ensure(framed.crop == crop && framed.shift == [0, 0], || {
        format!("{framed:?}")
    })?;
    ensure((framed.scale - 0.1).abs() < 1e-12, || {
        framed.scale.to_string()
    })
}

/// Against a resize in floating point that integrates over what is covered.
#[test]
fn resizes_as_a_plain_mean_does() -> Outcome {
    let mut random = Random(17);
    for _ in 0..300 {
        let [from, to] = [(); 2].map(|()| [(); 2].map(|()| 1 + random.below(30) as usize));
        let levels: Vec<u8> = (0..from[0] * from[1])
            .map(|_| random.next() as u8)
            .collect();
        let found = resized(&levels, from, to);
        let weights = |place: usize, axis: usize| {
            let scale = from[axis] as f64 / to[axis] as f64;
            let middle = (place as f64 + 0.5) * scale;
            let half = scale.max(1.0) / 2.0;
            // A pixel of a picture goes on for ever where it is the outermost.
            let covered = move |pixel: usize| {
                let left = if pixel == 0 { f64::MIN } else { pixel as f64 };
                let right = if pixel + 1 == from[axis] {
                    f64::MAX
                } else {
                    pixel as f64 + 1.0
                };
                let width = right.min(middle + half) - left.max(middle - half);
                width.max(0.0) / (2.0 * half)
            };
            (0..from[axis]).map(covered).collect::<Vec<f64>>()
        };
        for (place, &found) in found.iter().enumerate() {
            let down = weights(place / to[1], 0);
            let right = weights(place % to[1], 1);
            let sum: f64 = (0..levels.len())
                .map(|at| down[at / from[1]] * right[at % from[1]] * f64::from(levels[at]))
                .sum();
            ensure((sum - f64::from(found)).abs() <= 0.5 + 1e-6, || {
                format!("{found} where {sum} was expected, {from:?} to {to:?}")
            })?;
        }
    }
    Ok(())
}
