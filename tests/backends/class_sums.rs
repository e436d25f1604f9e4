//! The stage `class_sums` on every backend.

use libtest_mimic::Trial;
use ncm::ClassSums;

use crate::oracle::check_sums;
use crate::subjects::{Subject, Subjects};
use crate::support::{Outcome, failed, random_split, split};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = subjects.trials("class_sums::many_images", subjects.all.iter(), many_images);
    trials.extend(subjects.trials(
        "class_sums::one_class_beyond_16_bits",
        subjects.all.iter(),
        beyond_16_bits,
    ));
    trials
}

fn sums_of(subject: &Subject, split: &ncm::internals::data::Split) -> Result<ClassSums, String> {
    subject
        .backend()?
        .upload(split)
        .and_then(|resident| resident.class_sums())
        .map_err(failed)
}

/// Enough images for several segments, carries and tasks in each class.
fn many_images(subject: &Subject) -> Outcome {
    let images = if subject.takes_single_images() {
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
