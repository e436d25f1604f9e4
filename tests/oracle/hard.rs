//! Data on which what is nearly right is wrong.

use ncm::internals::data::Split;

use crate::support::{Random, split};

/// A train and a test split of one shape.
pub type Case = (Split, Split);

/// Two means that differ by a thousandth of a grey level, and images between
/// them far away: the squared distances agree in their first eight digits.
pub fn near_ties() -> Vec<Case> {
    let dim = 784;
    let mut random = Random(13);
    let base: Vec<u8> = (0..dim).map(|_| 100 + random.below(50) as u8).collect();
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for image in 0..2000 {
        pixels.extend(&base);
        labels.push((image % 2) as u16);
    }
    // One pixel of one image of each class makes the difference.
    pixels[5] += 1;
    pixels[dim + 700] += 1;
    let mut tests = Vec::new();
    for _ in 0..30 {
        tests.extend((0..dim).map(|_| if random.below(2) == 0 { 0 } else { 255 }));
    }
    let train = split(dim, pixels, labels, 2);
    let test = split(
        dim,
        tests,
        (0..30).map(|index| (index % 2) as u16).collect(),
        2,
    );
    vec![(train, test)]
}

/// Images that have nothing to do with their labels: taking one out of its
/// class changes most answers.
pub fn noise() -> Vec<Case> {
    let mut random = Random(16);
    let mut noise = |images: usize, dim: usize, classes: usize| {
        let pixels = (0..images * dim).map(|_| random.next() as u8).collect();
        let labels = (0..images).map(|index| (index % classes) as u16).collect();
        split(dim, pixels, labels, classes)
    };
    vec![
        (noise(20, 30, 4), noise(40, 30, 4)),
        (noise(60, 200, 13), noise(60, 200, 13)),
    ]
}
