//! `resample`: draws of the images with replacement → integer sums per class of each.

use std::hint::black_box;

use criterion::Criterion;
use ncm::ClassSums;
use ncm::internals::backends::Resident;
use ncm::internals::evaluation::draws::{resample, seeds};

use crate::setting::{Setting, Sized, bench_stage};

/// Draws at a time: enough for the `cpu` backend to serve them all in one pass.
const DRAWS: usize = 12;

fn draws(images: usize) -> Vec<Vec<u32>> {
    let seeds = seeds(0).take(DRAWS);
    seeds.map(|seed| resample(seed, images)).collect()
}

pub fn bench(criterion: &mut Criterion, setting: &Setting) {
    bench_stage(criterion, setting, "resample", check, |resident, sized| {
        let draws = draws(sized.split.len());
        let draws: Vec<&[u32]> = draws.iter().map(Vec::as_slice).collect();
        let _ = black_box(resident.drawn_sums(&draws));
    });
}

fn check(resident: &dyn Resident, sized: &Sized, name: &str) {
    let draws = draws(sized.split.len());
    let draws: Vec<&[u32]> = draws.iter().map(Vec::as_slice).collect();
    let found = resident.drawn_sums(&draws).expect("sums");
    let expected = ClassSums::of_draw(&sized.split, draws[0]).expect("a draw of the split");
    assert_eq!(found[0], expected, "{name}");
}
