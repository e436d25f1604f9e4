//! The tests that exist once for each backend and adapter of this machine; all
//! others are in `tests.rs`. See `tests/README.md`.
//!
//! Their list is made at run time from the adapters found. A test opens its
//! adapter itself, so one that cannot be opened fails its own tests alone.

mod cases;
mod class_sums;
mod conformance;
mod distances;
mod expected;
mod faults;
mod float_nearest;
mod mnist;
mod nearest;
#[path = "../oracle/mod.rs"]
mod oracle;
mod parts;
mod properties;
mod resampling;
mod streaming;
mod subjects;
#[allow(
    dead_code,
    unused_imports,
    reason = "the other test program needs more of it"
)]
#[path = "../support/mod.rs"]
mod support;

use std::io::Write;
use std::process::ExitCode;

use libtest_mimic::Arguments;
use subjects::Subjects;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let subjects = Subjects::find();
    if !arguments.list {
        legend(&subjects);
    }
    let mut trials = conformance::trials(&subjects);
    trials.extend(properties::trials(&subjects));
    trials.extend(parts::trials(&subjects));
    trials.extend(class_sums::trials(&subjects));
    trials.extend(distances::trials(&subjects));
    trials.extend(nearest::trials(&subjects));
    trials.extend(float_nearest::trials(&subjects));
    trials.extend(faults::trials(&subjects));
    trials.extend(resampling::trials(&subjects));
    trials.extend(streaming::trials(&subjects));
    trials.extend(mnist::trials(&subjects));
    // `distances::` is a group: the tests that begin with it, and no others.
    if let Some(group) = arguments.filter.take_if(|filter| filter.ends_with("::")) {
        trials.retain(|trial| trial.name().starts_with(&group));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Which adapter each number stands for. To standard error, since the list of
/// tests on standard output has a fixed form.
fn legend(subjects: &Subjects) {
    for (index, adapter) in subjects.adapters.iter().enumerate() {
        // Without somebody who reads it, it need not be written.
        let _ = writeln!(
            std::io::stderr(),
            "gpu {index} is {}",
            adapter.description().name
        );
    }
}
