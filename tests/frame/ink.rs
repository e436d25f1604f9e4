//! Ink told from its ground.

use ncm::internals::data::picture::Picture;
use ncm::internals::pictures::frame::{Ink, Polarity};

use crate::support::{Outcome, Random, ensure, failed};

/// Three strokes of a 7, of full strength.
fn seven() -> Vec<bool> {
    let on = |at: usize| {
        let (row, column) = (at / 40, at % 40);
        (8..12).contains(&row) && (10..30).contains(&column)
            || (12..32).contains(&row) && (26 - row / 3..30 - row / 3).contains(&column)
    };
    (0..1600).map(on).collect()
}

fn drawn(ground: u8, ink: u8) -> Vec<u8> {
    seven()
        .iter()
        .map(|&on| if on { ink } else { ground })
        .collect()
}

fn of(levels: Vec<u8>) -> Result<Option<Ink>, String> {
    Ok(Ink::of(&Picture::new(40, 40, levels).map_err(failed)?))
}

#[test]
fn is_the_same_on_any_ground() -> Outcome {
    let full: Vec<u8> = drawn(0, 255);
    for (ground, ink, polarity) in [
        (0, 255, Polarity::LightOnDark),
        (255, 0, Polarity::DarkOnLight),
        (0, 253, Polarity::LightOnDark),
        (0, 100, Polarity::LightOnDark),
        (200, 90, Polarity::DarkOnLight),
        (90, 200, Polarity::LightOnDark),
        (128, 96, Polarity::DarkOnLight),
    ] {
        let found = of(drawn(ground, ink))?.ok_or("blank")?;
        ensure(found.levels() == full, || {
            format!("{ink} on {ground}: other ink")
        })?;
        ensure(found.polarity() == polarity, || {
            format!("{ink} on {ground}: {:?}", found.polarity())
        })?;
    }
    // As strong as MNIST's images at the least: not made any stronger.
    let found = of(drawn(0, 254))?.ok_or("blank")?;
    ensure(found.levels() == drawn(0, 254), || "254 was changed".into())
}

/// A bright speck is not what a pen has drawn, however bright.
#[test]
fn is_told_from_a_bright_speck() -> Outcome {
    let mut levels = drawn(120, 20);
    levels[1500] = 255;
    let found = of(levels)?.ok_or("blank")?;
    ensure(found.levels() == drawn(0, 255), || "other ink".into())
}

#[test]
fn is_told_from_noise() -> Outcome {
    let mut random = Random(9);
    let mut levels = drawn(210, 40);
    for level in &mut levels {
        // Triangular, up to 6 grey levels each way.
        let noise = random.below(7) as i16 + random.below(7) as i16 - 6;
        *level = (i16::from(*level) + noise) as u8;
    }
    let found = of(levels)?.ok_or("blank")?;
    let inked: Vec<bool> = found.levels().iter().map(|&level| level > 0).collect();
    ensure(inked == seven(), || "noise was taken for ink".into())
}

#[test]
fn that_is_none_is_blank() -> Outcome {
    let mut random = Random(4);
    let noise: Vec<u8> = (0..1600).map(|_| 120 + random.below(9) as u8).collect();
    for (what, levels) in [
        ("black", vec![0; 1600]),
        ("white", vec![255; 1600]),
        ("grey", vec![77; 1600]),
        ("noise", noise),
        ("faint", drawn(100, 120)),
    ] {
        ensure(of(levels)?.is_none(), || format!("{what} has ink"))?;
    }
    Ok(())
}

/// Cropped to its ink, which touches every edge.
#[test]
fn that_fills_a_picture_is_found() -> Outcome {
    let wide: Vec<u8> = (8..32)
        .flat_map(|row| (10..30).map(move |column| row * 40 + column))
        .map(|at| drawn(255, 0)[at])
        .collect();
    let picture = Picture::new(24, 20, wide).map_err(failed)?;
    let ink = Ink::of(&picture).ok_or("blank")?;
    ensure(ink.polarity() == Polarity::DarkOnLight, || {
        "the ground was taken for ink".into()
    })?;
    let crop = ink.bounds();
    ensure((crop.rows, crop.columns) == (24, 20), || {
        format!("{crop:?}")
    })
}
