//! Datasets by name, from mirrors on this machine that behave or do not.
//!
//! What is published cannot be served here, since nobody else has bytes of
//! those checksums; a dataset of this test's own is fetched in its place, by
//! the library here, and by processes of this same program that are killed.

mod command;
mod made_up;
mod processes;

use libtest_mimic::Trial;

use crate::support::{trial, trial_unless};

pub use processes::fetch_as_told;

pub fn trials() -> Vec<Trial> {
    let by_signals = cfg!(not(unix)).then_some("processes are told to end on Unix alone");
    vec![
        trial(
            "downloads are kept and checked each time",
            made_up::kept_and_checked,
        ),
        trial("downloads pass over bad mirrors", made_up::bad_mirrors),
        trial(
            "downloads fail with the reason of every mirror",
            made_up::every_reason,
        ),
        trial("downloads repair a damaged cache", made_up::damaged_cache),
        trial("downloads are never made offline", made_up::offline),
        trial("downloads trust nobody unknown", made_up::unknown_authority),
        trial(
            "downloads fetch one archive for all of EMNIST",
            made_up::archive,
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
        trial_unless(
            by_signals,
            "downloads from a cache that is read-only",
            processes::read_only,
        ),
        trial("downloads go where the environment says", command::where_to),
    ]
}
