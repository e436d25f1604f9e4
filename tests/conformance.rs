//! One suite for every backend: whatever the shape of the data, sums equal bit
//! for bit, distances within the bound, labels exact.

use libtest_mimic::Trial;
use ncm::backend::Backend;
use ncm::dataset::Split;
use ncm::{Model, Question};

use crate::oracle::{check_decisions, check_distances, check_predictions, check_sums};
use crate::support::{Outcome, Random, Subjects, ensure, failed, random_split, split};

/// A train and a test split of one shape.
type Case = (Split, Split);

/// Makes the cases of one kind.
type Cases = fn() -> Vec<Case>;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let cases: [(&str, Cases); 12] = [
        ("one image", one_image),
        ("one pixel", one_pixel),
        ("every remainder of dim", every_remainder_of_dim),
        ("1 to 256 classes", many_classes),
        ("classes without images", classes_without_images),
        ("ragged last chunk", ragged_last_chunk),
        ("saturated pixels", saturated_pixels),
        ("huge images", huge_images),
        ("exact ties", exact_ties),
        ("near-ties", near_ties),
        ("rounded means", rounded_means),
        ("1,000 classes of 4,096 pixels", thousand_classes),
    ];
    let mut trials = Vec::new();
    for (name, cases) in cases {
        trials.extend(subjects.trials(
            &format!("conformance {name}"),
            subjects.all.iter(),
            move |subject| {
                cases()
                    .iter()
                    .try_for_each(|(train, test)| conforms(&*subject.backend, train, test))
            },
        ));
    }
    trials.extend(subjects.trials(
        "conformance near-ties are wrong in float32",
        subjects.whole(),
        |_| near_ties().iter().try_for_each(float32_is_wrong),
    ));
    trials.extend(subjects.trials(
        "conformance a model of more classes",
        subjects.all.iter(),
        |subject| more_classes(&*subject.backend),
    ));
    trials.extend(subjects.trials(
        "conformance exact ties go to the lowest class",
        subjects.all.iter(),
        |subject| lowest_class_wins(&*subject.backend),
    ));
    trials
}

/// Every stage on one dataset, against the oracle.
pub fn conforms(backend: &dyn Backend, train: &Split, test: &Split) -> Outcome {
    let shape = || {
        format!(
            "{} images of {} in {} classes",
            train.len(),
            train.images().dim(),
            train.classes()
        )
    };
    stages(backend, train, test).map_err(|wrong| format!("{}: {wrong}", shape()))
}

fn stages(backend: &dyn Backend, train: &Split, test: &Split) -> Outcome {
    let (on_train, on_test) = (
        backend.upload(train).map_err(failed)?,
        backend.upload(test).map_err(failed)?,
    );
    let train_sums = on_train.class_sums().map_err(failed)?;
    let test_sums = on_test.class_sums().map_err(failed)?;
    check_sums(&train_sums, &[train])?;
    check_sums(&test_sums, &[test])?;
    let both_sums = &train_sums + &test_sums;
    check_sums(&both_sums, &[train, test])?;

    let alone = Model::new("train", train_sums).map_err(failed)?;
    let both = Model::new("train+test", both_sums).map_err(failed)?;
    check_distances(&on_test.distances(&alone).map_err(failed)?, test, &[train])?;
    check_distances(
        &on_test.distances(&both).map_err(failed)?,
        test,
        &[train, test],
    )?;

    let questions = [
        (Question::plain(&alone), vec![train]),
        (Question::plain(&both), vec![train, test]),
        (Question::leave_one_out(&both), vec![train, test]),
        (Question::plain(&alone), vec![train]),
    ];
    let asked: Vec<_> = questions.iter().map(|(question, _)| *question).collect();
    let decisions = on_test.nearest(&asked).map_err(failed)?;
    let predictions = on_test.predictions(&asked).map_err(failed)?;
    ensure(predictions.len() == asked.len(), || {
        "not one answer to each question".into()
    })?;
    for ((question, trained_on), (decisions, predictions)) in
        questions.iter().zip(decisions.iter().zip(&predictions))
    {
        check_decisions(decisions, test, trained_on, question)?;
        check_predictions(predictions, test, trained_on, question)?;
        // Asked alone, the answer is the same.
        let alone = on_test.predictions(&[*question]).map_err(failed)?;
        ensure(alone[0] == *predictions, || {
            "several models at once differ from one".into()
        })?;
    }
    Ok(())
}

fn case(seed: u64, train: usize, test: usize, dim: usize, classes: usize) -> Case {
    let whole = random_split(seed, train + test, dim, classes);
    let cut = |from: usize, to: usize| {
        let pixels = whole.images().pixels()[from * dim..to * dim].to_vec();
        split(dim, pixels, whole.labels()[from..to].to_vec(), classes)
    };
    (cut(0, train), cut(train, train + test))
}

fn one_image() -> Vec<Case> {
    vec![
        case(1, 1, 1, 784, 10),
        case(2, 1, 1, 1, 1),
        case(3, 2, 1, 17, 2),
        case(4, 1, 5, 16, 3),
    ]
}

fn one_pixel() -> Vec<Case> {
    vec![
        case(5, 50, 40, 1, 4),
        case(6, 300, 20, 1, 2),
        case(7, 9, 9, 1, 9),
    ]
}

fn every_remainder_of_dim() -> Vec<Case> {
    let dims = (1..=33).chain([63, 64, 65, 100, 255, 256, 257, 511, 513, 783, 785]);
    dims.map(|dim| case(dim as u64, 40, 12, dim, 3)).collect()
}

fn many_classes() -> Vec<Case> {
    let counts = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 16, 64, 100, 255, 256];
    counts
        .map(|classes| case(classes as u64, 3 * classes, 20, 20, classes))
        .to_vec()
}

fn classes_without_images() -> Vec<Case> {
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

fn ragged_last_chunk() -> Vec<Case> {
    let counts = [6, 7, 8, 63, 64, 65, 99, 100, 101, 199, 201, 257, 258, 515];
    counts
        .map(|images| case(images as u64, images, images, 12, 3))
        .to_vec()
}

fn saturated_pixels() -> Vec<Case> {
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
fn huge_images() -> Vec<Case> {
    let dim = 70_001;
    let (mut train, test) = case(12, 4, 3, dim, 2);
    let mut pixels = train.images().pixels().to_vec();
    pixels[..dim].fill(255);
    train = split(dim, pixels, train.labels().to_vec(), 2);
    let white = split(dim, vec![255; dim], vec![1], 2);
    vec![(train.clone(), test), (train, white)]
}

fn exact_ties() -> Vec<Case> {
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

/// A model may know classes that the images asked about do not have.
fn more_classes(backend: &dyn Backend) -> Outcome {
    let train = random_split(14, 60, 30, 5);
    let all = random_split(14, 60, 30, 5);
    let test = split(30, all.images().pixels().to_vec(), vec![1; 60], 2);
    let sums = backend
        .upload(&train)
        .and_then(|train| train.class_sums())
        .map_err(failed)?;
    let model = Model::new("train", sums).map_err(failed)?;
    let question = Question::plain(&model);
    let resident = backend.upload(&test).map_err(failed)?;
    let predictions = resident.predictions(&[question]).map_err(failed)?;
    check_predictions(&predictions[0], &test, &[&train], &question)?;
    ensure(predictions[0].classes().contains(&4), || {
        "no answer is a class of the model alone".into()
    })
}

fn lowest_class_wins(backend: &dyn Backend) -> Outcome {
    // Class 0 has no images; 1, 2 and 3 share one mean.
    let train = split(2, vec![7, 7, 7, 7, 6, 8, 8, 6], vec![2, 1, 3, 3], 4);
    let resident = backend.upload(&train).map_err(failed)?;
    let model = Model::new("train", resident.class_sums().map_err(failed)?).map_err(failed)?;
    let predictions = resident
        .predictions(&[Question::plain(&model)])
        .map_err(failed)?;
    ensure(predictions[0].classes() == [1; 4], || {
        format!("{:?}", predictions[0])
    })?;
    ensure(predictions[0].settled() == 4, || {
        "a tie was not settled".into()
    })
}

/// Two means that differ by a thousandth of a grey level, and images between
/// them far away: the squared distances agree in their first eight digits.
fn near_ties() -> Vec<Case> {
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

/// Labels of 16 bits and means that no cache holds.
fn thousand_classes() -> Vec<Case> {
    vec![case(15, 1_200, 2, 4_096, 1_000)]
}

/// Answers that rounding the means, or the factor of leave-one-out, gets wrong
/// by nearly as much as the bound allows: a bound that is any narrower fails.
fn rounded_means() -> Vec<Case> {
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

/// The near-ties are worth their name only if plain float32 gets some wrong.
fn float32_is_wrong((train, test): &Case) -> Outcome {
    let sums = crate::oracle::sums(&[train]);
    let float32 = |image: &[u8], class: usize| -> f32 {
        let mean = |pixel: usize| sums.sums[class][pixel] as f32 / sums.counts[class] as f32;
        image
            .iter()
            .enumerate()
            .map(|(index, &pixel)| (f32::from(pixel) - mean(index)).powi(2))
            .sum()
    };
    let wrong = (0..test.len()).filter(|&index| {
        let image = test.images().image(index);
        let exact = crate::oracle::squared_distances(&sums, image, 0, false);
        let nearest = u16::from(float32(image, 1) < float32(image, 0));
        nearest != crate::oracle::nearest(&exact).0
    });
    let wrong = wrong.count();
    ensure(wrong > 0, || "float32 gets every one of these right".into())
}
