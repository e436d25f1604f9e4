//! The answers, computed once more in the plainest way: class sums by
//! counting, distances as fractions of 128-bit integers, leave-one-out by
//! taking the image away. Shares nothing with the library but its data types.
//!
//! Every check returns what is wrong; `controls` shows that each can fail.

mod conforms;
pub mod hard;

use std::borrow::Cow;

use ncm::internals::classifier::predictions::Decision;
use ncm::internals::data::Split;
use ncm::{ClassSums, Distances, Predictions, Question};

use crate::support::{Outcome, Pictures, ensure, failed};

pub use conforms::conforms;

/// Counts and sums of each class.
#[derive(Clone)]
pub struct Sums {
    pub counts: Vec<i128>,
    pub sums: Vec<Vec<i128>>,
}

/// Sums over several splits.
pub fn sums(splits: &[&Split]) -> Sums {
    let (classes, dim) = (splits[0].classes(), splits[0].pictures().dim());
    let mut sums = Sums {
        counts: vec![0; classes],
        sums: vec![vec![0; dim]; classes],
    };
    for split in splits {
        for index in 0..split.len() {
            let class = usize::from(split.labels()[index]);
            sums.counts[class] += 1;
            for pixel in 0..dim {
                sums.sums[class][pixel] += i128::from(split.pictures().image(index)[pixel]);
            }
        }
    }
    sums
}

/// A squared distance: numerator and denominator.
type Fraction = (i128, i128);

/// The squared distance of one image to each class that has images, exactly;
/// with `leave_one_out` the image is first taken out of its class.
pub fn squared_distances(
    sums: &Sums,
    image: &[u8],
    label: u16,
    leave_one_out: bool,
) -> Vec<Option<Fraction>> {
    let mut sums = Cow::Borrowed(sums);
    if leave_one_out {
        let (class, sums) = (usize::from(label), sums.to_mut());
        sums.counts[class] -= 1;
        for (sum, &pixel) in sums.sums[class].iter_mut().zip(image) {
            *sum -= i128::from(pixel);
        }
    }
    let fraction = |(&count, sum): (&i128, &Vec<i128>)| {
        let square = |(&pixel, sum): (&u8, &i128)| (i128::from(pixel) * count - sum).pow(2);
        (count > 0).then(|| (image.iter().zip(sum).map(square).sum(), count * count))
    };
    sums.counts.iter().zip(&sums.sums).map(fraction).collect()
}

fn less(a: Fraction, b: Fraction) -> bool {
    let product = |a: i128, b: i128| {
        a.checked_mul(b)
            .expect("test data small enough for 128 bits")
    };
    product(a.0, b.1) < product(b.0, a.1)
}

fn number(fraction: Fraction) -> f64 {
    fraction.0 as f64 / fraction.1 as f64
}

/// The exact answer for one image: the nearest class, its squared distance and
/// the least one to another class.
pub fn nearest(squared: &[Option<Fraction>]) -> (u16, f64, f64) {
    let present: Vec<(usize, Fraction)> = (0..)
        .zip(squared)
        .filter_map(|(class, squared)| Some((class, (*squared)?)))
        .collect();
    let mut best = present[0];
    for &(class, fraction) in &present[1..] {
        if less(fraction, best.1) {
            best = (class, fraction);
        }
    }
    let others = present.iter().filter(|(class, _)| *class != best.0);
    let second = others
        .map(|&(_, fraction)| number(fraction))
        .fold(f64::INFINITY, f64::min);
    (best.0 as u16, number(best.1), second)
}

/// Class sums must be equal.
pub fn check_sums(found: &ClassSums, splits: &[&Split]) -> Outcome {
    let (found, expected) = (found.levels().map_err(failed)?, sums(splits));
    for class in 0..expected.counts.len() {
        ensure(
            i128::from(found.count(class)) == expected.counts[class],
            || {
                format!(
                    "class {class} has {} images, found {}",
                    expected.counts[class],
                    found.count(class)
                )
            },
        )?;
        for (pixel, (&found, &sum)) in found
            .sum(class)
            .iter()
            .zip(&expected.sums[class])
            .enumerate()
        {
            ensure(i128::from(found) == sum, || {
                format!("pixel {pixel} of class {class} sums to {sum}, found {found}")
            })?;
        }
    }
    ensure(found.classes() == expected.counts.len(), || {
        "another number of classes".into()
    })
}

/// The images that a draw lists, as often as it lists them.
pub fn drawn(split: &Split, draw: &[u32]) -> Split {
    let of = |index: &u32| split.pictures().image(*index as usize).to_vec();
    let pixels: Vec<u8> = draw.iter().flat_map(of).collect();
    let labels = draw.iter().map(|&index| split.labels()[index as usize]);
    crate::support::split(
        split.pictures().dim(),
        pixels,
        labels.collect(),
        split.classes(),
    )
}

/// Class sums of draws must be those of the images drawn.
pub fn check_drawn_sums(found: &[ClassSums], split: &Split, draws: &[&[u32]]) -> Outcome {
    ensure(found.len() == draws.len(), || {
        format!("{} sums of {} draws", found.len(), draws.len())
    })?;
    for (place, (found, draw)) in found.iter().zip(draws).enumerate() {
        let checked = match draw.is_empty() {
            true => ensure(found.samples() == 0, || "images of an empty draw".into()),
            false => check_sums(found, &[&drawn(split, draw)]),
        };
        checked.map_err(|wrong| format!("draw {place}: {wrong}"))?;
    }
    Ok(())
}

/// How far a squared distance may be off: a mean rounded to 1/128 in each
/// pixel moves by at most `√dim / 256`.
fn tolerance(squared: f64, dim: usize) -> f64 {
    let moved = (dim as f64).sqrt() / 256.0;
    moved * (2.0 * squared.sqrt() + moved) * (1.0 + 1e-6) + 1e-6
}

/// Squared distances must be within the stated bound of the exact ones.
pub fn check_distances(found: &Distances, split: &Split, trained_on: &[&Split]) -> Outcome {
    let sums = sums(trained_on);
    let dim = split.pictures().dim();
    for index in 0..split.len() {
        let exact = squared_distances(
            &sums,
            split.pictures().image(index),
            split.labels()[index],
            false,
        );
        for (class, (&found, exact)) in found.image(index).iter().zip(exact).enumerate() {
            let right = match exact {
                None => found == f64::INFINITY,
                Some(exact) => (found - number(exact)).abs() <= tolerance(number(exact), dim),
            };
            ensure(right, || {
                format!("image {index} to class {class}: found {found}, exactly {exact:?}")
            })?;
        }
    }
    Ok(())
}

/// A decision must be right wherever it claims to be certain, and doubtful only
/// where rounding the means can have made the margin what it is.
pub fn check_decisions(
    found: &[Decision],
    split: &Split,
    trained_on: &[&Split],
    question: &Question<'_>,
) -> Outcome {
    let sums = sums(trained_on);
    let dim = split.pictures().dim();
    ensure(found.len() == split.len(), || {
        format!("{} decisions", found.len())
    })?;
    for (index, decision) in found.iter().enumerate() {
        let (image, label) = (split.pictures().image(index), split.labels()[index]);
        let exact = squared_distances(&sums, image, label, question.leaves_one_out());
        let (class, least, second) = nearest(&exact);
        let wrong = |what: &str| {
            format!(
                "image {index}: {what} in {decision:?}; exactly class {class}, {least}, then {second}"
            )
        };
        ensure(decision.class() == class || !decision.is_certain(), || {
            wrong("certain but not right")
        })?;
        if second.is_infinite() {
            ensure(decision.is_certain(), || wrong("doubt with one class only"))?;
            continue;
        }
        // Leaving one of two images out doubles how far a mean can move; the
        // rule looks at the next power of two; two distances move; and the
        // margin that the backend saw has moved as well.
        let most = 4.0 * (4.0 * tolerance(2.0 * second.max(1.0), dim) + 1.0);
        ensure(decision.is_certain() || second - least <= most, || {
            wrong("needless doubt")
        })?;
    }
    Ok(())
}

/// Predictions must be the exact ones.
pub fn check_predictions(
    found: &Predictions,
    split: &Split,
    trained_on: &[&Split],
    question: &Question<'_>,
) -> Outcome {
    let sums = sums(trained_on);
    ensure(found.classes().len() == split.len(), || {
        format!("{} predictions", found.classes().len())
    })?;
    for (index, &predicted) in found.classes().iter().enumerate() {
        let (image, label) = (split.pictures().image(index), split.labels()[index]);
        let exact = squared_distances(&sums, image, label, question.leaves_one_out());
        let (class, least, second) = nearest(&exact);
        ensure(predicted == class, || {
            format!("image {index}: class {predicted}, exactly {class} by {least} against {second}")
        })?;
    }
    Ok(())
}
