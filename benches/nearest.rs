//! `nearest`: images and a model → nearest class of each image,
//! before anything is settled. Distances are computed on the way, as in use.

use std::hint::black_box;

use criterion::Criterion;
use ncm::Question;
use ncm::internals::backends::Resident;

use crate::setting::{Setting, Sized, bench_stage};

pub fn bench(criterion: &mut Criterion, setting: &Setting) {
    bench_stage(criterion, setting, "nearest", check, |resident, sized| {
        let _ = black_box(resident.nearest(&[Question::plain(&sized.model)]));
    });
}

/// Whatever a backend is certain of must be right.
fn check(resident: &dyn Resident, sized: &Sized, name: &str) {
    let found = resident
        .nearest(&[Question::plain(&sized.model)])
        .expect("decisions")
        .remove(0);
    assert_eq!(found.len(), sized.predicted.len(), "{name}");
    for (decision, &class) in found.iter().zip(&sized.predicted) {
        assert!(
            decision.class() == class || !decision.is_certain(),
            "{name}: {decision:?}, not {class}"
        );
    }
}
