//! Feature vectors of every shape that is known to break things.

use ncm::{Features, Split};

use crate::support::Random;

/// Training and test vectors.
pub type Case = (Split, Split);

fn split(dim: usize, values: Vec<f32>, labels: Vec<u16>, classes: usize) -> Split {
    let features = Features::new(dim, values).expect("finite values");
    Split::new(features, labels, classes).expect("labels below the number of classes")
}

/// A number from −1 to 1.
fn uniform(random: &mut Random) -> f32 {
    (random.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// Vectors around the centre of their class, whose spread is `spread`, all moved by `offset`.
fn around([train, test, dim, classes]: [usize; 4], spread: f32, offset: f32) -> Case {
    let mut random = Random((train * 31 + dim * 7 + classes) as u64);
    let centres: Vec<f32> = (0..classes * dim).map(|_| uniform(&mut random)).collect();
    let mut set = |rows: usize, step: usize| {
        let labels: Vec<u16> = (0..rows).map(|row| (row * step % classes) as u16).collect();
        let values = labels.iter().flat_map(|&label| {
            let centre = &centres[usize::from(label) * dim..][..dim];
            let moved = |c: &f32| offset + c + spread * uniform(&mut random);
            centre.iter().map(moved).collect::<Vec<f32>>()
        });
        split(dim, values.collect(), labels.clone(), classes)
    };
    (set(train, 1), set(test, 5))
}

pub fn every_remainder_of_dim() -> Vec<Case> {
    let dims = (1..=5).chain([15, 16, 17, 31, 32, 33, 63, 65, 127, 129, 257, 768]);
    dims.map(|dim| around([24, 10, dim, 3], 3.0, 0.0)).collect()
}

pub fn one_to_many_classes() -> Vec<Case> {
    let counts = [1, 2, 3, 5, 15, 16, 17, 63, 64, 65, 127, 129, 200, 300];
    let case = |classes| around([2 * classes + 1, 12, 9, classes], 1.5, 0.0);
    counts.map(case).into()
}

pub fn every_number_of_samples() -> Vec<Case> {
    let counts = [1, 2, 3, 7, 8, 9, 31, 33, 64, 65, 130];
    counts.map(|test| around([12, test, 6, 4], 2.0, 0.0)).into()
}

pub fn offset_of_a_thousand_spreads() -> Vec<Case> {
    vec![
        around([60, 20, 64, 12], 1.0, 1_000.0),
        around([60, 20, 64, 12], 1.0, -30_000.0),
    ]
}

pub fn twenty_thousand_dimensions() -> Vec<Case> {
    vec![around([12, 4, 20_000, 4], 20.0, 3.0)]
}

/// Class 2 is in the test vectors alone, class 4 in the training vectors alone, 0 and 5 in
/// neither; class 6 has a single vector.
pub fn classes_without_samples() -> Vec<Case> {
    let mut random = Random(3);
    let mut set = |labels: &[u16]| {
        let values = (0..labels.len() * 5)
            .map(|_| uniform(&mut random))
            .collect();
        split(5, values, labels.to_vec(), 7)
    };
    vec![
        (set(&[1, 3, 4, 4, 1, 6, 1, 3]), set(&[1, 2, 3, 2, 6, 1])),
        (set(&[3]), set(&[1, 2, 3])),
    ]
}

/// Equal means, means that differ in the last place of one value, zeros.
pub fn ties() -> Vec<Case> {
    let next = |value: f32| f32::from_bits(value.to_bits() + 1);
    let rows = [
        [1.0, 2.0, 3.0],
        [1.0, 2.0, 3.0],
        [1.0, 2.0, next(3.0)],
        [-1.0, -2.0, -3.0],
        [0.0, 0.0, 0.0],
        [2.0, 4.0, 6.0],
        [0.1, 0.2, 0.3],
        [1.0, next(2.0), 3.0],
    ];
    let asked = [
        [1.0, 2.0, 3.0],
        [0.0, 0.0, 0.0],
        [-0.0, 0.0, 0.0],
        [1.0, 2.0, next(next(3.0))],
        [5.0, 10.0, 15.0],
        [-7.0, -14.0, -21.0],
        [0.5, 1.0, 1.5],
    ];
    let labels: Vec<u16> = (0..8).collect();
    // Class 8 has the mean of class 3 from two vectors.
    let mut train = rows.concat();
    train.extend([-3.0, -4.0, -5.0, 1.0, 0.0, -1.0]);
    let train_labels = [&labels[..], &[8, 8]].concat();
    vec![(
        split(3, train, train_labels, 9),
        split(3, asked.concat(), vec![0, 1, 2, 3, 4, 8, 8], 9),
    )]
}

/// From the least number to the greatest, also in one row.
pub fn extremes() -> Vec<Case> {
    let rows: [[f32; 4]; 9] = [
        [1e30, -1e-30, 3.0, 1e-45],
        [f32::MAX, f32::MAX, f32::MAX, f32::MAX],
        [-f32::MAX, f32::MAX, 0.0, 1.0],
        [1e-45, 0.0, 0.0, 0.0],
        [0.0, 2e-45, 0.0, 0.0],
        [1e-38, 1e-38, -1e-38, 1e-38],
        [1e-30, 1e-30, 1e-30, 1e30],
        [3e-45, 3e-45, 3e-45, 3e-45],
        [1e20, 1e-20, 1e20, 1e-20],
    ];
    let mut train = rows.concat();
    train.extend(rows.concat().iter().rev());
    let labels: Vec<u16> = (0..9).chain(0..9).collect();
    let mut asked = rows.concat();
    asked.extend([1.0, 2.0, 3.0, 4.0, -1e38, 1e38, 1e-44, -1e-44]);
    let asked_labels = (0..9).chain([0, 1]).collect();
    vec![(split(4, train, labels, 9), split(4, asked, asked_labels, 9))]
}

/// Vectors so much alike that rounding decides nothing.
pub fn near_ties() -> Vec<Case> {
    let mut random = Random(17);
    let mut set = |rows: usize| {
        let labels: Vec<u16> = (0..rows).map(|row| (row % 6) as u16).collect();
        let values = (0..rows * 40).map(|_| {
            let steps = (random.below(5)) as u32;
            f32::from_bits(1.0_f32.to_bits() + steps)
        });
        split(40, values.collect(), labels, 6)
    };
    vec![(set(36), set(18))]
}

/// Many classes whose best few are close together.
pub fn a_thousand_classes() -> Vec<Case> {
    vec![around([1_500, 16, 24, 1_000], 1.0, 5.0)]
}
