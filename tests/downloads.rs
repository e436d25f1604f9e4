//! Datasets by name, from mirrors on this machine that behave or do not.
//!
//! Most of it with a small dataset of the tests' own, fetched by the library
//! here and by processes of this same program; some with MNIST as it is
//! published, fetched by the command.

mod archive;
mod command;
mod made_up;
mod mirrors;
mod processes;
mod published;

use std::path::Path;

use libtest_mimic::Trial;

use crate::support::{Outcome, mnist_folder, skipped, trial, trial_unless};

pub use processes::fetch_as_told;

/// A test that is given the folder of MNIST.
type OnMnist = fn(&Path) -> Outcome;

pub fn trials() -> Vec<Trial> {
    let mut trials = of_the_tests_own();
    let on_mnist: [(&str, OnMnist); 4] = [
        ("downloads of MNIST by its name", published::by_name),
        (
            "downloads of MNIST where nothing is named",
            published::nothing_named,
        ),
        (
            "downloads are not made of what is here",
            published::known_places,
        ),
        (
            "downloads of MNIST by eight commands at once",
            published::eight_at_once,
        ),
    ];
    let folder = mnist_folder();
    let missing = folder.as_deref().and_then(published::missing);
    for (name, run) in on_mnist {
        trials.push(match folder.clone() {
            Some(folder) => trial_unless(missing, name, move || run(&folder)),
            None => skipped(name, "mnist", "no MNIST in $NCM_DATA or ./data"),
        });
    }
    trials
}

fn of_the_tests_own() -> Vec<Trial> {
    let by_signals = cfg!(not(unix)).then_some("processes are told to end on Unix alone");
    vec![
        trial(
            "downloads are kept and checked each time",
            mirrors::kept_and_checked,
        ),
        trial("downloads pass over bad mirrors", mirrors::bad_mirrors),
        trial(
            "downloads fail with the reason of every mirror",
            mirrors::every_reason,
        ),
        trial(
            "downloads that stall end soon, whatever their size",
            processes::stalled,
        ),
        trial("downloads are never led away from HTTPS", mirrors::led_away),
        trial("downloads repair a damaged cache", mirrors::damaged_cache),
        trial("downloads are never made offline", mirrors::offline),
        trial("downloads trust nobody unknown", mirrors::unknown_authority),
        trial(
            "downloads fetch one archive for all of EMNIST",
            archive::archive,
        ),
        trial(
            "downloads by eight processes at once",
            processes::eight_at_once,
        ),
        trial("downloads killed fifty times", processes::killed),
        trial("downloads by command fail with 4", command::fails),
        trial(
            "downloads that nobody asked for give way to digits",
            command::falls_back,
        ),
        trial_unless(
            by_signals,
            "downloads interrupted leave nothing unfinished",
            command::interrupted,
        ),
        trial(
            "downloads into a cache that cannot be written",
            command::unwritable,
        ),
        #[cfg(unix)]
        trial(
            "downloads into a cache that cannot be read",
            command::unreadable,
        ),
        trial_unless(
            by_signals,
            "downloads from a cache that is read-only",
            processes::read_only,
        ),
        trial("downloads go where the environment says", command::where_to),
    ]
}
