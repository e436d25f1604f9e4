//! A device that fails: an error that says so, never a panic or a number.

use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::Trial;
use ncm::internals::app::{exit_code, instead, message};
use ncm::internals::backends::batched::Batched;
use ncm::internals::backends::gpu::Gpu;
use ncm::internals::backends::gpu::adapters::FoundAdapter;
use ncm::internals::backends::select::{self, Selected};
use ncm::internals::backends::timings::Timings;
use ncm::internals::backends::{Backend, Description, Kind, Resident};
use ncm::internals::classifier::predictions::Decisions;
use ncm::internals::data::{Source, Split};
use ncm::{ClassSums, Distances, Error, LevelSums, Model, Question};

use crate::subjects::{NO_ADAPTER, Subjects, skipped, trial};
use crate::support::{Outcome, ensure, failed, random_split, split};

type Fault = fn(&FoundAdapter) -> Outcome;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let faults: [(&str, Fault, u64); 4] = [
        (
            "faults::device_lost_before_the_upload",
            lost_before_upload,
            u64::MAX,
        ),
        (
            "faults::device_lost_between_the_stages",
            lost_between_stages,
            u64::MAX,
        ),
        (
            "faults::device_lost_at_any_call_gives_way_to_the_cpu",
            lost_at_any_call,
            u64::MAX,
        ),
        (
            "faults::more_classes_than_a_binding_holds",
            too_many_classes,
            TOO_MANY,
        ),
    ];
    let mut trials = Vec::new();
    for (name, fault, most_bound) in faults {
        for (index, adapter) in subjects.adapters.iter().enumerate() {
            let adapter = adapter.clone();
            let name = format!("{name} · gpu {index}");
            let bound = adapter.capabilities().max_storage_binding_bytes;
            trials.push(match bound < most_bound {
                true => trial(name, move || fault(&adapter)),
                false => skipped(&name, "everything", "a binding here holds them"),
            });
        }
        if subjects.adapters.is_empty() {
            trials.push(skipped(&format!("{name} · gpu"), "gpu", NO_ADAPTER));
        }
    }
    trials
}

fn is_gpu_error<T>(result: ncm::Result<T>, stage: &str) -> Outcome {
    match result {
        Err(error @ Error::Gpu(_)) => {
            let text = message(&error);
            ensure(exit_code(&error) == 5, || {
                format!("exit code {}", exit_code(&error))
            })?;
            ensure(
                !text.contains('\n') && text.contains("--backend cpu"),
                || format!("unhelpful: {text}"),
            )
        }
        Err(other) => Err(format!("{stage}: another error: {other}")),
        Ok(_) => Err(format!("{stage} succeeded on a destroyed device")),
    }
}

fn lost_before_upload(adapter: &FoundAdapter) -> Outcome {
    let gpu = Gpu::open(adapter).map_err(failed)?;
    gpu.destroy();
    is_gpu_error(
        gpu.upload(&random_split(61, 10, 20, 2)).map(|_| ()),
        "upload",
    )
}

fn lost_between_stages(adapter: &FoundAdapter) -> Outcome {
    let gpu = Gpu::open(adapter).map_err(failed)?;
    let split = random_split(62, 10, 20, 2);
    let resident = gpu.upload(&split).map_err(failed)?;
    let model = Model::new("itself", resident.class_sums().map_err(failed)?).map_err(failed)?;
    gpu.destroy();
    is_gpu_error(resident.class_sums(), "class_sums")?;
    is_gpu_error(resident.distances(&model), "distances")?;
    is_gpu_error(resident.nearest(&[Question::plain(&model)]), "nearest")
}

/// A GPU whose device is lost just before a call.
struct Losing {
    gpu: Gpu,
    calls_left: AtomicUsize,
}

impl Losing {
    fn count(&self) {
        if self.calls_left.fetch_sub(1, Ordering::Relaxed) == 0 {
            self.gpu.destroy();
        }
    }
}

impl Backend for Losing {
    fn description(&self) -> Description {
        self.gpu.description()
    }

    fn upload<'a>(&'a self, split: &'a Split) -> ncm::Result<Box<dyn Resident + 'a>> {
        self.count();
        let resident = self.gpu.upload(split)?;
        Ok(Box::new(LosingResident {
            backend: self,
            resident,
        }))
    }
}

struct LosingResident<'a> {
    backend: &'a Losing,
    resident: Box<dyn Resident + 'a>,
}

impl Resident for LosingResident<'_> {
    fn split(&self) -> &Split {
        self.resident.split()
    }

    fn class_sums(&self) -> ncm::Result<ClassSums> {
        self.backend.count();
        self.resident.class_sums()
    }

    fn drawn_sums(&self, draws: &[&[u32]]) -> ncm::Result<Vec<ClassSums>> {
        self.backend.count();
        self.resident.drawn_sums(draws)
    }

    fn distances(&self, model: &Model) -> ncm::Result<Distances> {
        self.backend.count();
        self.resident.distances(model)
    }

    fn nearest(&self, questions: &[Question<'_>]) -> ncm::Result<Vec<Decisions>> {
        self.backend.count();
        self.resident.nearest(questions)
    }
}

/// What every command does: sums, then labels, as `accuracy` has them.
fn answer(backend: &dyn Backend, source: &Source) -> ncm::Result<(ClassSums, Vec<u16>)> {
    let timings = &mut Timings::default();
    let split = Batched::new(backend, source);
    let sums = split.class_sums(timings)?;
    let model = Model::new("itself", sums.clone())?;
    let mut classes = Vec::new();
    split.predictions(&[Question::plain(&model)], timings, |_, predicted| {
        classes.extend_from_slice(predicted[0].classes());
        Ok(())
    })?;
    Ok((sums, classes))
}

/// Runs on a backend that may fail: where the choice was left to us the
/// answer is always the CPU's, with one line if it is from there; else an
/// error. Whether it failed.
fn gives_way(open: impl Fn() -> ncm::Result<Box<dyn Backend>>) -> Result<bool, String> {
    let source = Source::from(random_split(63, 300, 50, 4));
    let expected = answer(&*select::cpu(), &source).map_err(failed)?;
    let selected = |backend, may_fall_back| Selected {
        backend,
        may_fall_back,
        instead_of_gpu: None,
        milliseconds: 0.0,
    };
    let mut lines = Vec::new();
    let mut ours = selected(open().map_err(failed)?, true);
    let mut on = |selected: &mut Selected| match answer(&*selected.backend, &source) {
        Err(failure) => {
            lines.push(instead(&selected.fall_back(failure)?));
            answer(&*selected.backend, &source)
        }
        found => found,
    };
    let found = on(&mut ours).map_err(failed)?;
    ensure(found == expected, || "another answer".into())?;
    let theirs = on(&mut selected(open().map_err(failed)?, false));
    let fell_back = ours.backend.description().kind == Kind::Cpu;
    ensure(lines.len() == usize::from(fell_back), || {
        format!("{lines:?}")
    })?;
    ensure(
        lines
            .iter()
            .all(|line| line.ends_with("; using the cpu backend")),
        || format!("{lines:?}"),
    )?;
    match theirs {
        Ok(found) => ensure(!fell_back && found == expected, || "it went on".into())?,
        Err(error) => is_gpu_error::<()>(Err(error), "all")?,
    }
    Ok(fell_back)
}

fn lost_at_any_call(adapter: &FoundAdapter) -> Outcome {
    for call in 0..4 {
        let open = || -> ncm::Result<Box<dyn Backend>> {
            Ok(Box::new(Losing {
                gpu: Gpu::open(adapter)?,
                calls_left: AtomicUsize::new(call),
            }))
        };
        // There are three: upload, class sums, nearest.
        let failed = gives_way(open).map_err(|error| format!("call {call}: {error}"))?;
        ensure(failed == (call < 3), || format!("call {call}: {failed}"))?;
    }
    Ok(())
}

/// Bytes of the sums of 65,536 classes of 1,100 pixels, rows padded.
const TOO_MANY: u64 = 65_536 * 1_104 * 4;

/// That many classes are refused where a binding does not hold them.
fn too_many_classes(adapter: &FoundAdapter) -> Outcome {
    let gpu = Gpu::open(adapter).map_err(failed)?;
    let (dim, classes) = (1100, 1 << 16);
    let images = split(dim, vec![1; dim], vec![7], classes);
    let resident = gpu.upload(&images).map_err(failed)?;
    let refused = |result: ncm::Result<()>| match result {
        Err(error @ Error::NoGpu(_)) => ensure(message(&error).contains("--backend cpu"), || {
            message(&error)
        }),
        other => Err(format!("{other:?}")),
    };
    refused(resident.class_sums().map(|_| ()))?;
    let sums = LevelSums::new(dim, vec![1; classes], vec![0; classes * dim]).map_err(failed)?;
    let model = Model::new("made up", sums).map_err(failed)?;
    refused(resident.nearest(&[Question::plain(&model)]).map(|_| ()))
}
