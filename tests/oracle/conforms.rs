//! Everything that a backend computes, on one dataset.

use ncm::internals::backends::Backend;
use ncm::internals::data::Split;
use ncm::{Model, Question};

use super::{check_decisions, check_distances, check_drawn_sums, check_predictions, check_sums};
use crate::support::{Outcome, Pictures, ensure, failed};

/// Every stage on one dataset, against the oracle.
pub fn conforms(backend: &dyn Backend, train: &Split, test: &Split) -> Outcome {
    let shape = || {
        format!(
            "{} images of {} in {} classes",
            train.len(),
            train.pictures().dim(),
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

    // Every image and the first once more, several times over; two images; and none.
    let last = train.len() as u32 - 1;
    let all: Vec<u32> = (0..=last).chain([0]).collect();
    let sums = on_train.drawn_sums(&[&all[..]; 7]).map_err(failed)?;
    check_drawn_sums(&sums[..1], train, &[&all])?;
    ensure(sums.iter().all(|other| *other == sums[0]), || {
        "the same draw has several sums".into()
    })?;
    let few: [&[u32]; 2] = [&all[last as usize..], &[]];
    let sums = on_train.drawn_sums(&few).map_err(failed)?;
    check_drawn_sums(&sums, train, &few)?;

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
