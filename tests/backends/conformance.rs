//! One suite for every backend: whatever the shape of the data, sums equal bit
//! for bit, distances within the bound, labels exact.

use crate::cases::{self, Case};
use crate::oracle::{check_predictions, conforms};
use crate::subjects::Subjects;
use crate::support::{Outcome, Pictures, ensure, failed, random_split, split};
use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::{Model, Question};

/// Makes the cases of one kind.
type Cases = fn() -> Vec<Case>;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let cases: [(&str, Cases); 13] = [
        ("one_image", cases::one_image),
        ("one_pixel", cases::one_pixel),
        ("every_remainder_of_dim", cases::every_remainder_of_dim),
        ("one_to_256_classes", cases::many_classes),
        ("classes_without_images", cases::classes_without_images),
        ("ragged_last_chunk", cases::ragged_last_chunk),
        ("saturated_pixels", cases::saturated_pixels),
        ("huge_images", cases::huge_images),
        ("exact_ties", cases::exact_ties),
        ("near_ties", cases::near_ties),
        ("rounded_means", cases::rounded_means),
        ("noise", cases::noise),
        ("thousand_classes_of_4096_pixels", cases::thousand_classes),
    ];
    let mut trials = Vec::new();
    for (name, cases) in cases {
        trials.extend(subjects.trials(
            &format!("conformance::{name}"),
            subjects.all.iter(),
            move |subject| {
                cases()
                    .iter()
                    .try_for_each(|(train, test)| conforms(subject.backend()?, train, test))
            },
        ));
    }
    trials.extend(subjects.trials(
        "conformance::model_of_more_classes",
        subjects.all.iter(),
        |subject| more_classes(subject.backend()?),
    ));
    trials.extend(subjects.trials(
        "conformance::exact_ties_go_to_the_lowest_class",
        subjects.all.iter(),
        |subject| lowest_class_wins(subject.backend()?),
    ));
    trials
}

/// A model may know classes that the images asked about do not have.
fn more_classes(backend: &dyn Backend) -> Outcome {
    let train = random_split(14, 60, 30, 5);
    let all = random_split(14, 60, 30, 5);
    let test = split(30, all.pictures().pixels().to_vec(), vec![1; 60], 2);
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
