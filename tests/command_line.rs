//! The command as its users run it: exit codes, messages, JSON keys, pipes.

mod accuracy;
mod data;
mod draw;
mod failures;
mod looking;
mod predict;
mod predictions;
mod results;
mod runner;
mod schema;

use std::path::Path;

use libtest_mimic::Trial;

pub use draw::Draw;
pub use runner::{fail, json, limited, ncm, parsed, run, succeed};

use crate::support::{Subjects, mnist_folder, skipped, trial, trial_unless};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    let mut trials = vec![
        trial("command line accuracy in text", accuracy::accuracy_text),
        trial("command line accuracy in JSON", accuracy::accuracy_json),
        trial(
            "command line accuracy of every combination",
            accuracy::accuracy_combinations,
        ),
        trial(
            "command line accuracy of many classes",
            accuracy::many_classes,
        ),
        trial(
            "command line accuracy of the highest class",
            accuracy::highest_class,
        ),
        trial("command line bench in JSON and Markdown", results::bench),
        trial("command line compare in text and JSON", results::compare),
        trial("command line devices in text and JSON", results::devices),
        trial(
            "command line data verify in text and JSON",
            results::data_verify,
        ),
        trial(
            "command line predictions are the same from every backend",
            predictions::same_from_every_backend,
        ),
        trial(
            "command line predictions appear whole or not at all",
            predictions::whole_or_not_at_all,
        ),
        #[cfg(unix)]
        trial(
            "command line interrupted leaves nothing unfinished",
            predictions::interrupted,
        ),
        #[cfg(unix)]
        trial(
            "command line writes over nothing that it reads",
            predictions::not_over_data,
        ),
        #[cfg(unix)]
        trial_unless(
            predictions::may_write_anything().then_some("this user may write to any file"),
            "command line writes over nothing that is read-only",
            predictions::not_over_read_only,
        ),
        #[cfg(unix)]
        trial(
            "command line predictions keep links and permissions",
            predictions::links_and_permissions,
        ),
        trial("command line usage errors exit with 2", failures::usage),
        trial(
            "command line bad data exits with 3 and one line",
            failures::bad_data,
        ),
        #[cfg(unix)]
        trial(
            "command line shows odd names as one line",
            failures::odd_names,
        ),
        trial(
            "command line without data draws digits and says so",
            data::no_data,
        ),
        trial(
            "command line data export writes what is read again",
            data::export,
        ),
        trial(
            "command line data export overwrites nothing",
            data::export_overwrites_nothing,
        ),
        trial("command line reads an archive of Keras", data::keras),
        trial("command line info in text and JSON", data::info),
        trial("command line show in a terminal", looking::show_text),
        trial("command line show as a picture", looking::show_picture),
        trial("command line show in JSON", looking::show_json),
        trial("command line show refuses", looking::show_refuses),
        trial("command line means", looking::means),
        trial("command line takes models from files", looking::model_files),
        trial("command line predict reads pictures", predict::reads),
        trial(
            "command line predict tells of files it cannot read",
            predict::failures,
        ),
        trial("command line predict explains itself", predict::explained),
        trial(
            "command line predict reads standard input",
            predict::from_pipe,
        ),
        trial(
            "command line distances in text and JSON",
            results::distances,
        ),
        trial(
            "command line reads torchvision's folders",
            data::torchvision,
        ),
        trial(
            "command line finds data by --data, $NCM_DATA and ./data",
            data::finds_data,
        ),
        trial_unless(
            cfg!(not(target_os = "linux"))
                .then_some("drivers are hidden from the loader on Linux alone"),
            "command line without a GPU exits with 5 or falls back",
            failures::no_gpu,
        ),
        trial("command line closed pipe is success", failures::closed_pipe),
        trial_unless(
            (!Path::new(failures::FULL_DISK).exists()).then_some("there is no /dev/full"),
            "command line full disk is failure",
            failures::full_disk,
        ),
        trial_unless(
            (!Path::new(failures::FULL_DISK).exists()).then_some("there is no /dev/full"),
            "command line full disk under a result file",
            failures::full_file,
        ),
        #[cfg(unix)]
        trial(
            "command line disk that fills up at any block",
            failures::little_room,
        ),
        trial("command line explains itself", failures::explains_itself),
        trial("command line schema is strict", schema::is_strict),
        trial("command line schema is stable", schema::is_stable),
        trial(
            "command line has colour only where wanted",
            failures::colour,
        ),
    ];
    let names: Vec<_> = subjects
        .adapters
        .iter()
        .map(|found| found.description().name.clone())
        .collect();
    match names.is_empty() {
        true => trials.push(skipped(
            "command line chooses adapters",
            "gpu",
            "no GPU adapter found",
        )),
        false => trials.push(trial("command line chooses adapters", move || {
            failures::adapters(&names)
        })),
    }
    match mnist_folder() {
        None => trials.push(skipped(
            "command line on MNIST",
            "mnist",
            "no MNIST in $NCM_DATA or ./data",
        )),
        Some(folder) => trials.push(trial("command line on MNIST", move || {
            results::on_mnist(&folder)
        })),
    }
    trials
}
