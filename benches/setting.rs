//! What the benchmarks share: the images, the backends, the right answers.

use std::path::PathBuf;

use criterion::{BenchmarkId, Criterion, Throughput};
use ncm::internals::app::bench::tile;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::gpu::Gpu;
use ncm::internals::backends::gpu::adapters::adapters;
use ncm::internals::backends::reference::Reference;
use ncm::internals::backends::{Backend, Kind, Resident};
use ncm::internals::data::{Images, Split};
use ncm::{Dataset, Model, Question};

/// Images in a benchmark.
const SIZES: [usize; 4] = [1_000, 10_000, 60_000, 1_000_000];

/// Images beyond which the reference backend takes minutes.
const REFERENCE: usize = 60_000;

/// Images where `cargo test` only shows that everything runs.
const SMOKE: usize = 100;

/// The backends and the images of this run.
pub struct Setting {
    pub backends: Vec<(String, Box<dyn Backend>)>,
    pub sizes: Vec<Sized>,
    source: String,
}

/// One number of images, with what is right for them.
pub struct Sized {
    pub split: Split,
    pub model: Model,
    pub predicted: Vec<u16>,
}

impl Setting {
    pub fn find(smoke: bool) -> Self {
        let sizes: &[usize] = if smoke { &[SMOKE] } else { &SIZES };
        let (source, whole) = images(smoke);
        let sized =
            |&images: &usize| Sized::new(tile(&whole, images).expect("memory for the images"));
        let sizes = sizes.iter().map(sized).collect();
        let mut backends: Vec<(String, Box<dyn Backend>)> = vec![
            ("reference".into(), Box::new(Reference)),
            ("cpu".into(), Box::new(Cpu::default())),
        ];
        for adapter in adapters() {
            let name = adapter.description().name.clone();
            match Gpu::open(&adapter) {
                Ok(gpu) => backends.push((name, Box::new(gpu))),
                Err(error) => println!("not timed: {error}"),
            }
        }
        Self {
            backends,
            sizes,
            source,
        }
    }

    pub fn print(&self) {
        println!("images: {}", self.source);
        for (name, backend) in &self.backends {
            let description = backend.description();
            let Some(adapter) = &description.adapter else {
                println!("backend: {name}, {} threads", rayon::current_num_threads());
                continue;
            };
            let software = if adapter.software {
                ", a software adapter: a CPU, not a GPU"
            } else {
                ""
            };
            println!(
                "backend: gpu, {name}, {}, {}{software}",
                adapter.api, adapter.driver
            );
        }
    }
}

impl Sized {
    fn new(split: Split) -> Self {
        let evaluate = || {
            let resident = Reference.upload(&split)?;
            let model = Model::new("itself", resident.class_sums()?)?;
            let predicted = resident.predictions(&[Question::plain(&model)])?[0]
                .classes()
                .to_vec();
            ncm::Result::Ok((model, predicted))
        };
        let (model, predicted) = evaluate().expect("the reference backend cannot fail");
        Self {
            split,
            model,
            predicted,
        }
    }
}

/// MNIST's training images, else random ones of their shape.
fn images(smoke: bool) -> (String, Split) {
    let named = std::env::var_os("NCM_DATA").filter(|folder| !folder.is_empty());
    let folder = named.map_or_else(|| PathBuf::from("data"), PathBuf::from);
    if let Ok(dataset) = Dataset::from_folder(&folder)
        && let Some(train) = dataset.train().whole()
        && !smoke
    {
        return (
            format!("{} training images, repeated or cut", dataset.name()),
            train.clone(),
        );
    }
    let mut state = 1_u64;
    let mut random = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let pixels = (0..SMOKE * 784).map(|_| random()).collect();
    let labels = (0..SMOKE).map(|_| u16::from(random() % 10)).collect();
    let images = Images::new(28, 28, pixels).expect("whole images");
    (
        "random, of MNIST's shape, repeated".into(),
        Split::new(images, labels, 10).expect("ten classes"),
    )
}

/// The images of a split that has some.
pub fn pictures(split: &Split) -> &Images {
    split.images().expect("images").images()
}

/// Times one stage on every backend at every size, after `check` has found its
/// answer right: from resident images and, where that differs, from images
/// that are uploaded first.
pub fn bench_stage(
    criterion: &mut Criterion,
    setting: &Setting,
    stage: &str,
    check: impl Fn(&dyn Resident, &Sized, &str),
    run: impl Fn(&dyn Resident, &Sized),
) {
    let mut group = criterion.benchmark_group(stage);
    for sized in &setting.sizes {
        let bytes = pictures(&sized.split).pixels().len() as u64;
        group.throughput(Throughput::Bytes(bytes));
        for (name, backend) in &setting.backends {
            let images = sized.split.len();
            if backend.description().kind == Kind::Reference && images > REFERENCE {
                continue;
            }
            let resident = backend.upload(&sized.split).expect("upload");
            check(&*resident, sized, name);
            group.bench_function(
                BenchmarkId::new(format!("{name}/resident"), images),
                |bencher| {
                    bencher.iter(|| run(&*resident, sized));
                },
            );
            if backend.description().adapter.is_none() {
                continue;
            }
            group.bench_function(
                BenchmarkId::new(format!("{name}/upload"), images),
                |bencher| {
                    bencher.iter(|| run(&*backend.upload(&sized.split).expect("upload"), sized));
                },
            );
        }
    }
}
