//! `evaluate`: means and labels from images in memory, everything in between
//! included: class sums, model, distances, nearest class, settling.

use std::hint::black_box;

use criterion::Criterion;
use ncm::internals::backends::Resident;
use ncm::{Model, Question, Result};

use crate::setting::{Setting, Sized, bench_stage};

pub fn bench(criterion: &mut Criterion, setting: &Setting) {
    bench_stage(criterion, setting, "evaluate", check, |resident, _| {
        let _ = black_box(evaluate(resident));
    });
}

fn evaluate(resident: &dyn Resident) -> Result<Vec<u16>> {
    let model = Model::new("itself", resident.class_sums()?)?;
    Ok(resident.predictions(&[Question::plain(&model)])?[0]
        .classes()
        .to_vec())
}

fn check(resident: &dyn Resident, sized: &Sized, name: &str) {
    assert_eq!(
        evaluate(resident).expect("labels"),
        sized.predicted,
        "{name}"
    );
}
