//! A device that fails: an error that says so, never a panic or a number.

use libtest_mimic::Trial;
use ncm::backend::Backend;
use ncm::gpu::Gpu;
use ncm::gpu::adapters::FoundAdapter;
use ncm::{ClassSums, Error, Model, Question};

use crate::support::{Outcome, Subjects, ensure, failed, random_split, skipped, split, trial};

type Fault = fn(&FoundAdapter) -> Outcome;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let faults: [(&str, Fault); 3] = [
        ("faults a device lost before the upload", lost_before_upload),
        (
            "faults a device lost between the stages",
            lost_between_stages,
        ),
        ("faults more classes than a binding holds", too_many_classes),
    ];
    let mut trials = Vec::new();
    for (name, fault) in faults {
        for (index, adapter) in subjects.adapters.iter().enumerate() {
            let adapter = adapter.clone();
            let title = format!("{name} · gpu {index} {}", adapter.description().name);
            trials.push(trial(title, move || fault(&adapter)));
        }
        if subjects.adapters.is_empty() {
            trials.push(skipped(
                format!("{name} · gpu"),
                "gpu",
                "no GPU adapter found",
            ));
        }
    }
    trials
}

fn is_gpu_error<T>(result: ncm::Result<T>, stage: &str) -> Outcome {
    match result {
        Err(error @ Error::Gpu(_)) => {
            let text = error.to_string();
            ensure(error.exit_code() == 5, || {
                format!("exit code {}", error.exit_code())
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

/// 65,536 classes of 1,100 pixels: their sums take 288 MB, more than 128 MiB.
fn too_many_classes(adapter: &FoundAdapter) -> Outcome {
    if adapter.capabilities().max_storage_binding_bytes > 280 << 20 {
        return Ok(());
    }
    let gpu = Gpu::open(adapter).map_err(failed)?;
    let (dim, classes) = (1100, 1 << 16);
    let images = split(dim, vec![1; dim], vec![7], classes);
    let resident = gpu.upload(&images).map_err(failed)?;
    let refused = |result: ncm::Result<()>| match result {
        Err(error @ Error::NoGpu(_)) => ensure(error.to_string().contains("--backend cpu"), || {
            error.to_string()
        }),
        other => Err(format!("{other:?}")),
    };
    refused(resident.class_sums().map(|_| ()))?;
    let sums = ClassSums::new(dim, vec![1; classes], vec![0; classes * dim]).map_err(failed)?;
    let model = Model::new("made up", sums).map_err(failed)?;
    refused(resident.nearest(&[Question::plain(&model)]).map(|_| ()))
}
