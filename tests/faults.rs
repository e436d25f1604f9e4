//! A device that fails: an error that says so, never a panic or a number.

use libtest_mimic::Trial;
use ncm::backend::Backend;
use ncm::gpu::Gpu;
use ncm::gpu::adapters::FoundAdapter;
use ncm::{ClassSums, Error, Model, Question};

use crate::support::{
    Outcome, Subjects, ensure, failed, random_split, skipped, split, trial_unless,
};

type Fault = fn(&FoundAdapter) -> Outcome;

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let faults: [(&str, Fault, u64); 3] = [
        (
            "faults a device lost before the upload",
            lost_before_upload,
            u64::MAX,
        ),
        (
            "faults a device lost between the stages",
            lost_between_stages,
            u64::MAX,
        ),
        (
            "faults more classes than a binding holds",
            too_many_classes,
            TOO_MANY,
        ),
    ];
    let mut trials = Vec::new();
    for (name, fault, most_bound) in faults {
        for (index, adapter) in subjects.adapters.iter().enumerate() {
            let adapter = adapter.clone();
            let title = format!("{name} · gpu {index} {}", adapter.description().name);
            let bound = adapter.capabilities().max_storage_binding_bytes;
            let fits =
                (bound >= most_bound).then_some("a binding here holds what is too much elsewhere");
            trials.push(trial_unless(fits, title, move || fault(&adapter)));
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

/// Bytes of the sums of 65,536 classes of 1,100 pixels, rows padded.
const TOO_MANY: u64 = 65_536 * 1_104 * 4;

/// That many classes are refused where a binding does not hold them.
fn too_many_classes(adapter: &FoundAdapter) -> Outcome {
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
