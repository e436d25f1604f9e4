//! `distances`: images × class means → the whole matrix, read back.

use std::hint::black_box;

use criterion::Criterion;
use ncm::internals::backends::reference::Reference;
use ncm::internals::backends::{Backend, Resident};

use crate::setting::{Setting, Sized, bench_stage, pictures};

pub fn bench(criterion: &mut Criterion, setting: &Setting) {
    bench_stage(criterion, setting, "distances", check, |resident, sized| {
        let _ = black_box(resident.distances(&sized.model));
    });
}

/// A mean rounded to 1/128 in each pixel moves by at most √dim / 256, and no
/// distance to it by more.
fn check(resident: &dyn Resident, sized: &Sized, name: &str) {
    let reference = Reference
        .upload(&sized.split)
        .expect("the reference backend cannot fail");
    let expected = reference.distances(&sized.model).expect("the model fits");
    let found = resident.distances(&sized.model).expect("distances");
    let moved = (pictures(&sized.split).dim() as f64).sqrt() / 256.0;
    for (found, expected) in found.squared().iter().zip(expected.squared()) {
        assert!(
            (found.sqrt() - expected.sqrt()).abs() <= moved,
            "{name}: {found}, not {expected}"
        );
    }
}
