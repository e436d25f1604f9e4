//! The stage `class_sums` on every backend.

use libtest_mimic::Trial;
use ncm::ClassSums;
use ncm::internals::backends::cpu::class_sums::{Accumulator, add_images, add_images_portably};

use crate::oracle::check_sums;
use crate::support::{Outcome, Subject, Subjects, ensure, failed, random_split, split, trial};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = subjects.trials(
        "class_sums of many images",
        subjects.all.iter(),
        many_images,
    );
    trials.extend(subjects.trials(
        "class_sums of one class beyond 16 bits",
        subjects.all.iter(),
        beyond_16_bits,
    ));
    trials.push(trial("class_sums add like sets", sums_add));
    trials.push(trial(
        "class_sums are the same without wide vectors",
        portable,
    ));
    trials.push(trial("class_sums carry more than once", carries));
    trials.push(trial(
        "class_sums refuse what no images sum to",
        impossible_sums,
    ));
    trials
}

fn sums_of(subject: &Subject, split: &ncm::internals::data::Split) -> Result<ClassSums, String> {
    subject
        .backend
        .upload(split)
        .and_then(|resident| resident.class_sums())
        .map_err(failed)
}

/// Enough images for several segments, carries and tasks in each class.
fn many_images(subject: &Subject) -> Outcome {
    let images = if subject.name.contains("chunks of 1") {
        400
    } else {
        3000
    };
    let split = random_split(21, images, 100, 4);
    check_sums(&sums_of(subject, &split)?, &[&split])
}

/// 257 white images fill a 16-bit sum to the brim, one more overflows it. With
/// over a thousand classes the GPU takes as many of one at a time as it ever does.
fn beyond_16_bits(subject: &Subject) -> Outcome {
    [256, 257, 258, 514, 515]
        .into_iter()
        .try_for_each(|images| {
            [2, 1_100].into_iter().try_for_each(|classes| {
                let white = split(20, vec![255; images * 20], vec![1; images], classes);
                check_sums(&sums_of(subject, &white)?, &[&white])
            })
        })
}

/// One accumulator through several carries of its 16-bit sums.
fn carries() -> Outcome {
    let mut sums = Accumulator::new(1, 1);
    add_images(&mut sums, &[255; 800], &[0; 800]);
    let found = sums.finish();
    ensure(found == (vec![800], vec![204_000]), || format!("{found:?}"))
}

/// What a processor without wide vectors runs.
fn portable() -> Outcome {
    for (seed, dim) in [(22, 1), (23, 33), (24, 784)] {
        let split = random_split(seed, 600, dim, 2);
        let sums = |add: fn(&mut Accumulator, &[u8], &[u16])| {
            let mut sums = Accumulator::new(dim, 2);
            add(&mut sums, split.images().pixels(), split.labels());
            sums.finish()
        };
        let same = sums(add_images_portably) == sums(add_images);
        ensure(same, || format!("other sums of {dim} pixels"))?;
    }
    Ok(())
}

fn sums_add() -> Outcome {
    let sums = |counts: &[u64], sums: &[u64]| {
        ClassSums::new(2, counts.to_vec(), sums.to_vec()).map_err(failed)
    };
    let added = &sums(&[1, 0], &[5, 6, 0, 0])? + &sums(&[2, 3], &[1, 2, 3, 4])?;
    ensure(added == sums(&[3, 3], &[6, 8, 3, 4])?, || {
        format!("{added:?}")
    })?;
    ensure(added.mean(0) == Some(vec![2.0, 8.0 / 3.0]), || {
        "mean".into()
    })?;
    ensure(sums(&[0, 1], &[0, 0, 1, 1])?.mean(0).is_none(), || {
        "a class without images has a mean".into()
    })
}

fn impossible_sums() -> Outcome {
    let refused = |dim: usize, counts: &[u64], sums: &[u64]| {
        let refused = ClassSums::new(dim, counts.to_vec(), sums.to_vec()).is_err();
        ensure(refused, || format!("accepted {counts:?} {sums:?} of {dim}"))
    };
    refused(1, &[1], &[256])?;
    refused(1, &[0], &[1])?;
    refused(2, &[1], &[1])?;
    refused(0, &[], &[])?;
    refused(1, &[1 << 40], &[0])
}
