//! Data of every shape that is known to break things.

pub use crate::oracle::hard::{Case, near_ties, noise};
use crate::support::{Pictures, Random, random_split, split};

fn case(seed: u64, train: usize, test: usize, dim: usize, classes: usize) -> Case {
    let whole = random_split(seed, train + test, dim, classes);
    let cut = |from: usize, to: usize| {
        let pixels = whole.pictures().pixels()[from * dim..to * dim].to_vec();
        split(dim, pixels, whole.labels()[from..to].to_vec(), classes)
    };
    (cut(0, train), cut(train, train + test))
}

pub fn one_image() -> Vec<Case> {
    vec![
        case(1, 1, 1, 784, 10),
        case(2, 1, 1, 1, 1),
        case(3, 2, 1, 17, 2),
        case(4, 1, 5, 16, 3),
    ]
}

pub fn one_pixel() -> Vec<Case> {
    vec![
        case(5, 50, 40, 1, 4),
        case(6, 300, 20, 1, 2),
        case(7, 9, 9, 1, 9),
    ]
}

pub fn every_remainder_of_dim() -> Vec<Case> {
    let dims = (1..=33).chain([
        63, 64, 65, 100, 111, 112, 113, 225, 255, 256, 257, 511, 513, 783, 785,
    ]);
    dims.map(|dim| case(dim as u64, 40, 12, dim, 3)).collect()
}

pub fn many_classes() -> Vec<Case> {
    let counts = [
        1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 16, 20, 21, 64, 100, 255, 256,
    ];
    counts
        .map(|classes| case(classes as u64, 3 * classes, 20, 20, classes))
        .to_vec()
}

pub fn classes_without_images() -> Vec<Case> {
    // Class 2 appears in test only, class 4 in train only, 0 and 5 in neither.
    let mut random = Random(11);
    let mut images = |labels: &[u16]| {
        let pixels = (0..labels.len() * 18)
            .map(|_| random.next() as u8)
            .collect();
        split(18, pixels, labels.to_vec(), 6)
    };
    vec![
        (images(&[1, 3, 4, 4, 1, 1, 3]), images(&[1, 2, 3, 2, 1])),
        (images(&[3]), images(&[1, 2])),
    ]
}

pub fn ragged_last_chunk() -> Vec<Case> {
    let counts = [6, 7, 8, 63, 64, 65, 99, 100, 101, 199, 201, 257, 258, 515];
    counts
        .map(|images| case(images as u64, images, images, 12, 3))
        .to_vec()
}

pub fn saturated_pixels() -> Vec<Case> {
    let filled = |value: u8, images: usize, label: u16, dim: usize| {
        split(dim, vec![value; images * dim], vec![label; images], 2)
    };
    let mut halves = vec![255; 40 * 48];
    halves[..20 * 48].fill(0);
    let labels = (0..40).map(|index| u16::from(index >= 20)).collect();
    vec![
        (filled(255, 600, 1, 48), filled(255, 3, 1, 48)),
        (filled(255, 258, 0, 784), filled(0, 2, 1, 784)),
        (
            split(48, halves.clone(), labels, 2),
            split(48, halves[15 * 48..25 * 48].to_vec(), vec![0; 10], 2),
        ),
    ]
}

/// More pixels than a 32-bit sum of products holds, all of them saturated in
/// one image.
pub fn huge_images() -> Vec<Case> {
    let dim = 70_001;
    let (mut train, test) = case(12, 4, 3, dim, 2);
    let mut pixels = train.pictures().pixels().to_vec();
    pixels[..dim].fill(255);
    train = split(dim, pixels, train.labels().to_vec(), 2);
    let white = split(dim, vec![255; dim], vec![1], 2);
    // On both sides of what one workgroup of `class_sums` reads of an image.
    let wide = [4_095, 4_096, 4_097, 4_113, 8_200].map(|dim| case(dim as u64, 40, 2, dim, 2));
    [vec![(train.clone(), test), (train, white)], wide.to_vec()].concat()
}

pub fn exact_ties() -> Vec<Case> {
    // Three classes with the same mean from other counts, one mirrored.
    let train = split(
        3,
        vec![9, 50, 1, 9, 50, 1, 9, 50, 1, 19, 50, 1, 8, 49, 0, 10, 51, 2],
        vec![3, 1, 1, 0, 2, 2],
        4,
    );
    let test = split(
        3,
        vec![14, 50, 1, 9, 50, 1, 0, 0, 0, 255, 255, 255, 14, 0, 7],
        vec![0, 1, 2, 3, 3],
        4,
    );
    // Means of thirds, which no binary fraction holds, on both sides of images.
    let thirds = split(1, vec![0, 0, 1, 5, 6, 6], vec![1, 1, 1, 0, 0, 0], 2);
    let between = split(1, vec![3, 2, 4, 3], vec![0, 1, 1, 1], 2);
    vec![(train, test), (thirds, between)]
}

/// Labels of 16 bits and means that no cache holds.
pub fn thousand_classes() -> Vec<Case> {
    vec![case(15, 1_200, 2, 4_096, 1_000)]
}

/// Answers that rounding the means, or the factor of leave-one-out, gets wrong
/// by nearly as much as the bound allows: a bound that is any narrower fails.
pub fn rounded_means() -> Vec<Case> {
    // 257 images a class: 1/257 rounds to 0 in units of 1/128, 24 times over.
    let mut pixels = Vec::new();
    for (level, last) in [(90, 1), (110, 2)] {
        for image in 0..257 {
            pixels.extend([if image == 0 { level - 1 } else { level }; 24]);
            pixels.push(last);
        }
    }
    let labels = (0..514).map(|image| u16::from(image >= 257)).collect();
    let mut between = vec![100; 24];
    between.push(0);
    let half = (split(25, pixels, labels, 2), split(25, between, vec![0], 2));

    // Leaving out one of three images stretches the distance by half.
    let row = |level: u8, rest: [u8; 3]| [vec![level; 24], rest.to_vec()].concat();
    let train = [
        row(123, [13, 3, 3]),
        row(123, [13, 3, 3]),
        row(124, [13, 3, 3]),
        row(76, [0; 3]),
        row(77, [0; 3]),
    ];
    let labels = vec![0, 0, 0, 1, 1];
    let third = (
        split(27, train.concat(), labels, 2),
        split(27, row(100, [0; 3]), vec![1], 2),
    );

    // An exact tie, 49 = 36 · 49/36, that the rounded factor 13/36 breaks.
    let seven = (
        split(
            1,
            vec![27, 13, 13, 13, 13, 13, 13],
            vec![0, 1, 1, 1, 1, 1, 1],
            2,
        ),
        split(1, vec![20], vec![1], 2),
    );
    vec![half, third, seven]
}
