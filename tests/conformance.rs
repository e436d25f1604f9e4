//! One suite for every backend: whatever the shape of the data, sums equal bit
//! for bit, distances within the bound, labels exact.

pub mod cases;

use crate::oracle::{check_decisions, check_distances, check_predictions, check_sums};
use crate::support::{Outcome, Subjects, ensure, failed, random_split, split};
use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::internals::data::Split;
use ncm::{Model, Question};

/// A train and a test split of one shape.
type Case = (Split, Split);

/// Makes the cases of one kind.
type Cases = fn() -> Vec<Case>;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let cases: [(&str, Cases); 13] = [
        ("one image", cases::one_image),
        ("one pixel", cases::one_pixel),
        ("every remainder of dim", cases::every_remainder_of_dim),
        ("1 to 256 classes", cases::many_classes),
        ("classes without images", cases::classes_without_images),
        ("ragged last chunk", cases::ragged_last_chunk),
        ("saturated pixels", cases::saturated_pixels),
        ("huge images", cases::huge_images),
        ("exact ties", cases::exact_ties),
        ("near-ties", cases::near_ties),
        ("rounded means", cases::rounded_means),
        ("noise", cases::noise),
        ("1,000 classes of 4,096 pixels", cases::thousand_classes),
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
        |_| cases::near_ties().iter().try_for_each(float32_is_wrong),
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
