//! `class_sums`: labelled images → integer sums per class.

use std::hint::black_box;

use criterion::Criterion;
use ncm::internals::backends::Resident;

use crate::setting::{Setting, Sized, bench_stage};

pub fn bench(criterion: &mut Criterion, setting: &Setting) {
    bench_stage(criterion, setting, "class_sums", check, |resident, _| {
        let _ = black_box(resident.class_sums());
    });
}

fn check(resident: &dyn Resident, sized: &Sized, name: &str) {
    assert_eq!(
        resident.class_sums().expect("sums"),
        *sized.model.sums(),
        "{name}"
    );
}
