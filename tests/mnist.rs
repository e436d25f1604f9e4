//! MNIST read and classified in other ways; on every backend in
//! `backends/mnist.rs`.

use ncm::internals::backends::Backend;
use ncm::internals::backends::reference::Reference;
use ncm::internals::classifier::settle;
use ncm::internals::data::Place;
use ncm::{Model, Question};

use crate::support::mnist::{MODELS, needed, needed_answers, read, read_answers};
use crate::support::{Outcome, ensure, failed};

/// The exact path gives every label by itself, with the margins that are known.
#[test]
fn exact_arithmetic_alone_finds_the_same_labels() -> Outcome {
    let Some(folder) = needed()? else {
        return Ok(());
    };
    let Some(expected) = needed_answers()? else {
        return Ok(());
    };
    let ([train, test], expected) = (read(&folder)?, read_answers(&expected)?);
    let sums = |split| {
        let resident = Reference.upload(split).map_err(failed)?;
        resident.class_sums().map_err(failed)
    };
    let train = sums(&train)?;
    let both = &train + &sums(&test)?;
    let alone = Model::new("train", train).map_err(failed)?;
    let both = Model::new("train+test", both).map_err(failed)?;
    let questions = [
        Question::plain(&alone),
        Question::plain(&both),
        Question::leave_one_out(&both),
    ];
    for (index, question) in questions.iter().enumerate() {
        let nearest = settle::nearest_of_all(&test, question).map_err(failed)?;
        let labels: Vec<u8> = nearest.iter().map(|nearest| nearest.class as u8).collect();
        ensure(labels == expected.predictions[index], || {
            format!("{}: labels", MODELS[index])
        })?;
        let mut margins: Vec<f64> = nearest.iter().map(|nearest| nearest.margin).collect();
        margins.sort_by(f64::total_cmp);
        let answers = expected.answers[MODELS[index]]["smallest_squared_margins"].as_array();
        for (found, expected) in margins.iter().zip(answers.ok_or("no margins")?) {
            // The expected ones carry the rounding of float64 sums near 3·10⁶.
            let expected = expected.as_f64().unwrap_or(f64::NAN);
            ensure((found - expected).abs() < 1e-7, || {
                format!("margin {found}, expected {expected}")
            })?;
        }
    }
    Ok(())
}

#[test]
fn is_read_alike_by_the_mnist_crate() -> Outcome {
    let Some(folder) = needed()? else {
        return Ok(());
    };
    let found = ncm::internals::data::verify(&Place::Path(folder)).map_err(failed)?;
    ensure(found.compared == Some(54_950_000), || {
        format!("{:?} bytes compared", found.compared)
    })
}
