//! The backends under test: each of them, with every adapter of the machine,
//! whole and in tiny chunks.

use std::sync::Arc;

use libtest_mimic::Trial;
use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::gpu::Gpu;
use ncm::internals::backends::gpu::adapters::{FoundAdapter, adapters};
use ncm::internals::backends::gpu::distances::WORKGROUP_IMAGES;
use ncm::internals::backends::gpu::pieces::Pieces;
use ncm::internals::backends::reference::Reference;

use super::{Outcome, skipped, trial};

/// A backend under test.
#[derive(Clone)]
pub struct Subject {
    pub name: String,
    pub backend: Arc<dyn Backend>,
    /// The bits of its squared distances are those of `fixed_point`.
    pub fixed_point: bool,
}

/// All backends under test.
pub struct Subjects {
    pub all: Vec<Subject>,
    pub adapters: Vec<FoundAdapter>,
}

impl Subjects {
    /// Opens every backend on every adapter.
    pub fn find() -> Self {
        let mut all = vec![
            subject("reference", Reference, false),
            subject("cpu", Cpu::default(), true),
            subject("cpu in tasks of 1", Cpu::with_task(1), true),
            subject("cpu in tasks of 7", Cpu::with_task(7), true),
        ];
        let adapters = adapters();
        for (index, adapter) in adapters.iter().enumerate() {
            let name = format!("gpu {index} {}", adapter.description().name);
            let open = |pieces: Pieces| {
                Gpu::open_with(adapter, pieces).expect("every adapter found can be opened")
            };
            let whole = Pieces::default();
            all.push(subject(&name, open(whole), true));
            for chunk_images in [1, 7, 100] {
                let name = format!("{name} in chunks of {chunk_images}");
                all.push(subject(
                    &name,
                    open(Pieces {
                        chunk_images,
                        ..whole
                    }),
                    true,
                ));
            }
            // Each variant of a kernel, whichever the adapter would get.
            for images in WORKGROUP_IMAGES {
                let name = format!("{name} in workgroups of {images} images");
                let workgroup_images = Some(images);
                all.push(subject(
                    &name,
                    open(Pieces {
                        workgroup_images,
                        ..whole
                    }),
                    true,
                ));
            }
            // Several batches, transfers and rounds in one go.
            let tiny = Pieces {
                distance_bytes: 1 << 10,
                staging_bytes: 1 << 10,
                round_images: 300,
                ..whole
            };
            all.push(subject(&format!("{name} in tiny pieces"), open(tiny), true));
            let both = Pieces {
                chunk_images: 130,
                ..tiny
            };
            all.push(subject(
                &format!("{name} in tiny chunks and pieces"),
                open(both),
                true,
            ));
        }
        Self { all, adapters }
    }

    /// The backends as they run by default.
    pub fn whole(&self) -> impl Iterator<Item = &Subject> {
        self.all
            .iter()
            .filter(|subject| !subject.name.contains(" in "))
    }

    /// One trial of `run` for each of these backends, and a skipped one where
    /// there is no adapter.
    pub fn trials<'a>(
        &'a self,
        name: &str,
        subjects: impl Iterator<Item = &'a Subject>,
        run: impl Fn(&Subject) -> Outcome + Clone + Send + 'static,
    ) -> Vec<Trial> {
        let of = |subject: &Subject| {
            let (subject, run) = (subject.clone(), run.clone());
            trial(format!("{name} · {}", subject.name), move || run(&subject))
        };
        let mut trials: Vec<_> = subjects.map(of).collect();
        if self.adapters.is_empty() {
            trials.push(skipped(
                format!("{name} · gpu"),
                "gpu",
                "no GPU adapter found",
            ));
        }
        trials
    }
}

fn subject(name: &str, backend: impl Backend + 'static, fixed_point: bool) -> Subject {
    Subject {
        name: name.to_owned(),
        backend: Arc::new(backend),
        fixed_point,
    }
}
