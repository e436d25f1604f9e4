//! `ncm report`: its page, its pictures, and the margins they rest on.

mod files;
mod html;
mod margins;
mod numbers;
mod odd;
mod page;
mod pictures;

#[cfg(unix)]
use std::path::Path;

use libtest_mimic::Trial;

#[cfg(unix)]
use crate::support::trial_unless;
use crate::support::{mnist_folder, skipped, trial};

/// What the tests report about, unless it must be something else.
const SMALL: &str = "synthetic:500,200";

pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("report page has its parts", page::parts),
        trial("report page stands alone", page::stands_alone),
        trial("report page shows pictures that decode", page::pictures),
        trial("report page says what accuracy says", numbers::as_accuracy),
        trial("report page says what compare says", numbers::as_compare),
        trial("report page is the same each time", page::same_twice),
        trial("report in JSON and in text", numbers::keys),
        #[cfg(unix)]
        trial("report page escapes names", page::escapes),
        trial("report usage errors exit with 2", files::usage),
        trial("report appears whole or not at all", files::whole_or_not),
        #[cfg(unix)]
        trial("report on a disk that fills up", files::little_room),
        #[cfg(unix)]
        trial_unless(
            (!Path::new(files::FULL_DISK).exists()).then_some("there is no /dev/full"),
            "report on a full disk",
            files::full_disk,
        ),
        trial("report of many classes stays small", odd::many_classes),
        trial("report of classes without images", odd::absent_classes),
        trial("report of one class", odd::one_class),
        trial("report of large and narrow images", odd::sizes),
        trial("report margins are those by hand", margins::by_hand),
        trial(
            "report examples are those by hand",
            margins::examples_by_hand,
        ),
        trial("report examples are the same in batches", margins::batches),
        trial("report pictures are the stored ones", pictures::of_command),
        trial(
            "report means with a gap are the stored ones",
            pictures::means_with_gap,
        ),
        trial(
            "report confusions of many classes are the stored ones",
            pictures::many_classes,
        ),
    ];
    trials.push(match mnist_folder() {
        None => skipped(
            "report on MNIST",
            "mnist",
            "no MNIST in $NCM_DATA or ./data",
        ),
        Some(folder) => trial("report on MNIST", move || margins::on_mnist(&folder)),
    });
    trials
}
