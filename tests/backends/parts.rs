//! Parts from every backend, cut at random and merged in any tree, are the bytes of the whole.

use libtest_mimic::Trial;

use crate::subjects::{Subject, Subjects};
use crate::support::whole::merge_to_the_whole;
use crate::support::{Outcome, failed};

pub fn trials(subjects: &Subjects) -> Vec<Trial> {
    subjects.trials(
        "parts::merge_to_the_bytes_of_the_whole",
        subjects.all.iter(),
        merge,
    )
}

fn merge(subject: &Subject) -> Outcome {
    let backend = subject.backend()?;
    merge_to_the_whole(23, 2, &|split| {
        let resident = backend.upload(split).map_err(failed)?;
        resident.class_sums().map_err(failed)
    })
}
