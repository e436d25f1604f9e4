//! `float_nearest`: feature vectors and a model of them → nearest class of each, before
//! anything is settled.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use ncm::internals::backends::Kind;
use ncm::{Features, Model, Question, Split};

use crate::setting::Setting;

/// Samples, values and classes of a benchmark, and where it only shows that it runs.
const SHAPE: [usize; 3] = [4_000, 768, 1_000];
const SMOKE: [usize; 3] = [100, 33, 20];

/// Samples beyond which the reference backend takes minutes.
const REFERENCE: usize = 1_000;

pub fn bench(criterion: &mut Criterion, setting: &Setting, smoke: bool) {
    let split = vectors(if smoke { SMOKE } else { SHAPE });
    let mut group = criterion.benchmark_group("float_nearest");
    group.throughput(Throughput::Bytes(split.samples().bytes() as u64));
    let cpu = ncm::Cpu::default();
    let sums = ncm::Backend::upload(&cpu, &split).and_then(|resident| resident.class_sums());
    let model = Model::new("itself", sums.expect("sums")).expect("a model");
    let questions = [Question::plain(&model)];
    let exact = ncm::internals::classifier::settle::nearest_of_all(&split, &questions[0]);
    let exact = exact.expect("exact answers");
    for (name, backend) in &setting.backends {
        if backend.description().kind == Kind::Reference && split.len() > REFERENCE {
            continue;
        }
        let resident = backend.upload(&split).expect("upload");
        let found = resident.nearest(&questions).expect("decisions").remove(0);
        for (decision, exact) in found.iter().zip(&exact) {
            assert!(
                decision.class() == exact.class || !decision.is_certain(),
                "{name}: {decision:?}, not {}",
                exact.class
            );
        }
        group.bench_function(
            BenchmarkId::new(format!("{name}/resident"), split.len()),
            |bencher| {
                bencher.iter(|| black_box(resident.nearest(&questions)));
            },
        );
    }
}

/// Vectors around the centre of their class.
fn vectors([samples, dim, classes]: [usize; 3]) -> Split {
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let centres: Vec<f32> = (0..classes * dim).map(|_| 0.2 * random()).collect();
    let labels: Vec<u16> = (0..samples)
        .map(|sample| (sample % classes) as u16)
        .collect();
    let values = (0..samples * dim).map(|place| {
        let class = place / dim % classes;
        centres[class * dim + place % dim] + random()
    });
    let features = Features::new(dim, values.collect()).expect("finite values");
    Split::new(features, labels, classes).expect("labels of classes")
}
