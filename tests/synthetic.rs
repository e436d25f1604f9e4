//! Digits that the program draws itself.

use ncm::Dataset;
use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::data::synthetic::Synthetic;
use ncm::internals::data::{Memory, Split};
use ncm::{Evaluation, Model, Question};

use crate::support::{Outcome, Pictures, ensure, failed, sha256};

/// Of the pixels and labels of the first thousand training images of seed 1.
const FIRST_THOUSAND: &str = "ca29ed5b323570be14f921a7ec2a2f412dde3035cb81600af9c3fbe5a811951e";

fn drawn(train: usize, test: usize, seed: u64) -> Result<Dataset, String> {
    let digits = Synthetic { train, test, seed };
    Dataset::synthetic(digits, Memory::default()).map_err(failed)
}

fn whole(source: &ncm::internals::data::Source) -> Result<&Split, String> {
    source.whole().ok_or_else(|| "not in memory".to_owned())
}

#[test]
fn digits_are_the_same_bytes_everywhere() -> Outcome {
    let digits = drawn(1_000, 1_000, 1)?;
    let (train, test) = (whole(digits.train())?, whole(digits.test())?);
    let labels = train.labels().iter().flat_map(|label| label.to_le_bytes());
    let bytes: Vec<u8> = train
        .pictures()
        .pixels()
        .iter()
        .copied()
        .chain(labels)
        .collect();
    let found = sha256(&bytes);
    ensure(found == FIRST_THOUSAND, || format!("other images: {found}"))?;
    ensure(train != test, || "both splits are the same images".into())?;
    let other = drawn(1_000, 1, 2)?;
    ensure(whole(other.train())? != train, || {
        "another seed, the same images".into()
    })?;
    let fewer = drawn(10, 1, 1)?;
    ensure(
        whole(fewer.train())?.pictures().pixels() == &train.pictures().pixels()[..7_840],
        || "an image depends on how many there are".into(),
    )
}

/// The longest side is 20 pixels, but for MNIST's own three in ten thousand;
/// the centre of mass rounds to (14, 14).
#[test]
fn digits_lie_in_mnists_frame() -> Outcome {
    let digits = drawn(10_000, 1, 3)?;
    let train = whole(digits.train())?;
    let mut other_sizes = 0;
    for index in 0..train.len() {
        let image = train.pictures().image(index);
        let inked = || (0..784).filter(|&place| image[place] > 0);
        let side = |of: fn(usize) -> usize| {
            let (first, last) = (inked().map(of).min(), inked().map(of).max());
            last.zip(first).map_or(0, |(last, first)| last - first + 1)
        };
        other_sizes += usize::from(side(|place| place / 28).max(side(|place| place % 28)) != 20);
        let mass: f64 = image.iter().map(|&ink| f64::from(ink)).sum();
        let centre = |of: fn(usize) -> usize| {
            let moment: f64 = inked()
                .map(|place| (of(place) as f64) * f64::from(image[place]))
                .sum();
            (moment / mass).round()
        };
        let centre = (centre(|place| place / 28), centre(|place| place % 28));
        ensure(centre == (14.0, 14.0), || {
            format!("image {index} is centred on {centre:?}")
        })?;
    }
    ensure(other_sizes <= 3, || {
        format!("{other_sizes} of another size")
    })
}

#[test]
fn digits_are_hard_but_not_too_hard() -> Outcome {
    for seed in [1, 2] {
        let digits = drawn(10_000, 5_000, seed)?;
        let (train, test) = (whole(digits.train())?, whole(digits.test())?);
        let sums = Cpu::default()
            .upload(train)
            .and_then(|train| train.class_sums());
        let model = Model::new("train", sums.map_err(failed)?).map_err(failed)?;
        let each = model.sums().counts().iter().all(|&count| count > 800);
        ensure(each, || {
            format!("{:?} images of each digit", model.sums().counts())
        })?;
        let cpu = Cpu::default();
        let predicted = cpu
            .upload(test)
            .and_then(|test| test.predictions(&[Question::plain(&model)]))
            .map_err(failed)?;
        let mut evaluation = Evaluation::new(10);
        evaluation
            .add(test.labels(), &predicted[0])
            .map_err(failed)?;
        let accuracy = evaluation.accuracy();
        ensure((0.75..=0.92).contains(&accuracy), || format!("{accuracy}"))?;
    }
    Ok(())
}

#[test]
fn digits_are_the_same_in_batches() -> Outcome {
    let digits = Synthetic {
        train: 500,
        test: 300,
        seed: 4,
    };
    let whole_digits = Dataset::synthetic(digits, Memory::default()).map_err(failed)?;
    for images in [1, 7, 300, 499] {
        let memory = Memory {
            whole: 0,
            batch: images * 784,
            reread: false,
        };
        let streamed = Dataset::synthetic(digits, memory).map_err(failed)?;
        ensure(streamed.train().whole().is_none(), || {
            "kept in memory".into()
        })?;
        for (streamed, expected) in [
            (streamed.train(), whole(whole_digits.train())?),
            (streamed.test(), whole(whole_digits.test())?),
        ] {
            let (mut pixels, mut labels) = (Vec::<u8>::new(), Vec::<u16>::new());
            for batch in streamed.batches() {
                let batch = batch.map_err(failed)?;
                pixels.extend(batch.pictures().pixels());
                labels.extend(batch.labels());
            }
            let same = pixels == expected.pictures().pixels() && labels == expected.labels();
            ensure(same, || format!("other images in batches of {images}"))?;
        }
    }
    Ok(())
}

#[test]
fn names_are_read_and_refused() -> Outcome {
    let default = Synthetic::default();
    let cases = [
        ("synthetic", Some(default)),
        (
            "synthetic:5",
            Some(Synthetic {
                train: 5,
                ..default
            }),
        ),
        (
            "synthetic:5,6",
            Some(Synthetic {
                train: 5,
                test: 6,
                ..default
            }),
        ),
        (
            "synthetic:5,6,0",
            Some(Synthetic {
                train: 5,
                test: 6,
                seed: 0,
            }),
        ),
        ("synthetic:", None),
        ("synthetic:0", None),
        ("synthetic:5,", None),
        ("synthetic:5,6,7,8", None),
        ("synthetic:-1", None),
        ("synthetic:99999999999999999999", None),
        ("synthetic:9999999999", None),
    ];
    for (name, expected) in cases {
        let found = Synthetic::parse(name).ok_or(name)?;
        ensure(found.as_ref().ok() == expected.as_ref(), || {
            format!("{name}: {found:?}")
        })?;
        if let Some(digits) = expected {
            let again = Synthetic::parse(&digits.name()).and_then(Result::ok);
            ensure(again == Some(digits), || digits.name())?;
        }
    }
    ensure(Synthetic::parse("synthetics").is_none(), || {
        "a folder was taken for a name".into()
    })
}
