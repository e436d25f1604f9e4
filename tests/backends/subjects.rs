//! The backends under test: each of them, on every adapter of the machine,
//! whole and with its work cut into tiny pieces.

use std::sync::{Arc, OnceLock};

use libtest_mimic::{Failed, Trial};
use ncm::internals::backends::Backend;
use ncm::internals::backends::cpu::Cpu;
use ncm::internals::backends::gpu::Gpu;
use ncm::internals::backends::gpu::adapters::{FoundAdapter, adapters};
use ncm::internals::backends::gpu::pieces::Pieces;
use ncm::internals::backends::reference::Reference;

use crate::support::{Outcome, failed, skip};

/// Why a test that needs an adapter cannot run.
pub const NO_ADAPTER: &str = "no GPU adapter found";

/// What a subject is.
pub enum Kind {
    Reference,
    /// Its work in tasks of as many images, or of as many as it likes.
    Cpu {
        task: Option<usize>,
    },
    Gpu {
        adapter: Box<FoundAdapter>,
        pieces: Pieces,
    },
}

/// A backend under test.
pub struct Subject {
    /// Short enough that a line of the test run fits into 100 columns.
    pub name: String,
    pub kind: Kind,
    opened: OnceLock<Result<Box<dyn Backend>, String>>,
}

impl Subject {
    fn new(name: impl Into<String>, kind: Kind) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            kind,
            opened: OnceLock::new(),
        })
    }

    /// The backend, opened by the first test that needs it.
    pub fn backend(&self) -> Result<&dyn Backend, String> {
        let opened = self.opened.get_or_init(|| self.open());
        opened.as_deref().map_err(String::clone)
    }

    fn open(&self) -> Result<Box<dyn Backend>, String> {
        Ok(match &self.kind {
            Kind::Reference => Box::new(Reference),
            Kind::Cpu { task: None } => Box::new(Cpu::default()),
            Kind::Cpu { task: Some(images) } => Box::new(Cpu::with_task(*images)),
            Kind::Gpu { adapter, pieces } => {
                Box::new(Gpu::open_with(adapter, *pieces).map_err(failed)?)
            }
        })
    }

    /// As it runs by default.
    pub fn is_whole(&self) -> bool {
        match &self.kind {
            Kind::Reference => true,
            Kind::Cpu { task } => task.is_none(),
            Kind::Gpu { pieces, .. } => *pieces == Pieces::default(),
        }
    }

    /// Whether the bits of its squared distances are those of `fixed_point`.
    pub fn is_fixed_point(&self) -> bool {
        !matches!(self.kind, Kind::Reference)
    }

    /// Whether every image is a chunk of its own: thousands take minutes then.
    pub fn takes_single_images(&self) -> bool {
        matches!(&self.kind, Kind::Gpu { pieces, .. } if pieces.chunk_images == 1)
    }
}

/// All backends under test.
pub struct Subjects {
    pub all: Vec<Arc<Subject>>,
    pub adapters: Vec<FoundAdapter>,
}

impl Subjects {
    /// Every backend on every adapter found; none is opened yet.
    pub fn find() -> Self {
        let cpu = |task| Kind::Cpu { task };
        let mut all = vec![
            Subject::new("reference", Kind::Reference),
            Subject::new("cpu", cpu(None)),
            Subject::new("cpu tasks of 1", cpu(Some(1))),
            Subject::new("cpu tasks of 7", cpu(Some(7))),
        ];
        let adapters = adapters();
        for (index, adapter) in adapters.iter().enumerate() {
            for (cut, pieces) in cuts() {
                let adapter = Box::new(adapter.clone());
                let name = format!("gpu {index}{cut}");
                all.push(Subject::new(name, Kind::Gpu { adapter, pieces }));
            }
        }
        Self { all, adapters }
    }

    /// The backends as they run by default.
    pub fn whole(&self) -> impl Iterator<Item = &Arc<Subject>> {
        self.all.iter().filter(|subject| subject.is_whole())
    }

    /// One trial of `run` for each of these backends, and a skipped one where
    /// there is no adapter.
    pub fn trials<'a>(
        &'a self,
        name: &str,
        subjects: impl Iterator<Item = &'a Arc<Subject>>,
        run: impl Fn(&Subject) -> Outcome + Clone + Send + 'static,
    ) -> Vec<Trial> {
        let of = |subject: &Arc<Subject>| {
            let (subject, run) = (Arc::clone(subject), run.clone());
            trial(format!("{name} · {}", subject.name), move || run(&subject))
        };
        let mut trials: Vec<_> = subjects.map(of).collect();
        if self.adapters.is_empty() {
            trials.push(skipped(&format!("{name} · gpu"), "gpu", NO_ADAPTER));
        }
        trials
    }
}

/// The ways in which work on a GPU is cut, and what is added to its name.
fn cuts() -> Vec<(String, Pieces)> {
    let whole = Pieces::default();
    let mut cuts = vec![(String::new(), whole)];
    cuts.extend([1, 7, 100].map(|chunk_images| {
        let pieces = Pieces {
            chunk_images,
            ..whole
        };
        (format!(" chunks of {chunk_images}"), pieces)
    }));
    // Several batches, transfers and rounds in one go.
    let tiny = Pieces {
        distance_bytes: 1 << 10,
        staging_bytes: 1 << 10,
        round_images: 300,
        draw_bytes: 3_000,
        ..whole
    };
    let both = Pieces {
        chunk_images: 130,
        ..tiny
    };
    cuts.push((" tiny pieces".into(), tiny));
    cuts.push((" tiny chunks and pieces".into(), both));
    cuts
}

/// A test that always runs.
pub fn trial(name: impl Into<String>, run: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    Trial::test(name, || run().map_err(Failed::from))
}

/// A test that cannot run here: ignored with the reason, or failed where
/// `NCM_REQUIRE` names what is missing.
pub fn skipped(name: &str, needs: &str, reason: &str) -> Trial {
    let message = format!("NCM_REQUIRE names {needs}, but {reason}");
    let name = format!("{name} (skipped: {reason})");
    Trial::test(name, move || Err(Failed::from(message)))
        .with_ignored_flag(!skip::is_required(needs))
}
